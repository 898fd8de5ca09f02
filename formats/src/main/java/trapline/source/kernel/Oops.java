package trapline.source.kernel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a CPU as a dying kernel printed it.
 *
 * @param headline what the kernel called it
 * @param vector trap vector, -1 where the headline does not tell
 * @param cpu number of the CPU, 0 where it is not printed
 * @param place symbol and offset of the instruction; empty where it is not printed
 * @param ip its address; 0 where only the place was printed
 * @param flags EFLAGS
 * @param registers general registers by the names of pt_regs ({@code ax}, {@code r8})
 * @param address that was accessed, for a page fault (CR2)
 * @param code bytes of code, the one at the instruction in angle brackets
 * @param calls places of the call trace, the innermost first; those that the kernel was not sure of have a {@code ?}
 */
public record Oops(
        String headline,
        int vector,
        int cpu,
        String place,
        long ip,
        long flags,
        Map<String, Long> registers,
        long address,
        String code,
        List<String> calls) {

    /** A register, or null where it was not printed. */
    public @Nullable Long register(String name) {
        return registers.get(name);
    }

    /** Whether 64-bit registers were printed. */
    public boolean isWide() {
        return registers.containsKey("r8");
    }
}
