/**
 * The log of QEMU's {@code -d int} as a stream of events: every trap of an i386 or x86-64 guest with its registers, and what
 * follows from the traps and a list of probes.
 *
 * <pre>
 * bytes ─► {@link trapline.source.qemu.LogLines} ─► {@link trapline.source.qemu.LogParser} ─► {@link trapline.source.qemu.TrapRecord}
 *              lines                                headers and CPU states, paired          one trap
 *                                                                                              │
 *  events ◄─ {@link trapline.source.qemu.TrapEvents} ◄─ {@link trapline.source.qemu.HitDeriver} ◄─ {@link trapline.source.qemu.CpuNumbers}
 *                                      hits, steps, completions       CPU by its TR base
 * </pre>
 *
 * <h2>What is seen and what is derived</h2>
 *
 * The log shows traps ({@code trap_entry}, {@code registers}) and nothing else. {@code kprobe_status},
 * {@code current_kprobe} and {@code trap_exit} are derived: they are in the stream, so that lives, latencies and
 * differences can be told, but the header does not list them among what the source delivers; a check that needs them
 * answers UNKNOWN. A derived {@code trap_exit} says that a frame is gone at that point of the log at the latest.
 *
 * <h2>Clock</h2>
 *
 * The log has no time. A step counts the traps before the event, those that are known to be missing included.
 */
@NullMarked
package trapline.source.qemu;

import org.jspecify.annotations.NullMarked;
