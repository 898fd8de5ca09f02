/**
 * Guests: from relocatable objects, or a finished Multiboot executable, to the bytes that the machine starts with.
 *
 * <pre>
 *   runtime.o flow.o workload.o ──► {@link trapline.guest.ElfReader} ──► {@link trapline.guest.Linker} ──►┐
 *                                                                                      {@link trapline.guest.GuestImage}
 *   X.elf (Multiboot) ────────────► {@link trapline.guest.ElfReader} ──► {@link trapline.guest.Executable} ──►┘
 * </pre>
 *
 * Objects and executables come from anywhere, so every offset, size and index in them is checked against the file and
 * against fixed limits before it is used, and whatever is wrong is one line that names the file and the offset.
 *
 * <p>The ELF subset is the System V ABI's for i386 (psABI chapter 4): 32 bits, little endian, {@code SHT_REL}
 * relocations. What the files may ask for is in {@link trapline.guest.Elf}.
 */
@NullMarked
package trapline.guest;

import org.jspecify.annotations.NullMarked;
