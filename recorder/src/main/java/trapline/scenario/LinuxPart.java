package trapline.scenario;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linux as the guest of a scenario.
 *
 * @param kernel bzImage or vmlinux
 * @param initrd initial RAM disk; null for none
 * @param append the kernel's command line
 * @param symbols System.map, or a copy of /proc/kallsyms; null: those that the kernel has in itself
 * @param from where recording begins: a place, {@code first-probe}, or empty for the start
 * @param to where it ends: a place, or empty for the end of the run
 * @param clockHertz how many instructions are a second of the PC's timers
 * @param startSeconds what its clock shows at the start, in seconds since 1970
 * @param talk what is typed on the serial line, and when
 */
public record LinuxPart(
        Path kernel,
        @Nullable Path initrd,
        String append,
        @Nullable Path symbols,
        String from,
        String to,
        long clockHertz,
        long startSeconds,
        List<Talk> talk) {

    /**
     * A line of the conversation.
     *
     * @param expect what the guest has to print first, since the line before; empty: nothing
     * @param send what is typed then
     */
    public record Talk(String expect, String send) {}
}
