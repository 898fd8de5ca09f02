/**
 * What a kernel prints about itself, as sources of events: a trace of {@code perf script} or {@code trace-cmd report}, and the
 * oops on a console.
 *
 * <p>Neither shows every trap: a trace has the hits of probes whose handlers ran, and page faults; an oops has the state at
 * death. So their headers deliver marks and deaths only, and a check that needs traps answers UNKNOWN. A step of a trace
 * counts nanoseconds, one of an oops the lines before it.
 */
@NullMarked
package trapline.source.kernel;

import org.jspecify.annotations.NullMarked;
