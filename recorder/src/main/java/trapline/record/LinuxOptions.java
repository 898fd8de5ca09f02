package trapline.record;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import trapline.scenario.Overrides;

/** The options of a Linux kernel as the guest. */
final class LinuxOptions {

    @Option(
            names = "--linux",
            paramLabel = "KERNEL",
            description = "Run a 32-bit Linux kernel on a PC instead: a bzImage or a vmlinux.")
    private @Nullable Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "Initial RAM disk of the kernel.")
    private @Nullable Path initrd;

    @Option(names = "--append", paramLabel = "TEXT", description = "The kernel's command line.")
    private @Nullable String append;

    /** The kernel; null if none is given. */
    @Nullable Path kernel() {
        return kernel;
    }

    /**
     * Adds what was given to the overrides of a scenario.
     *
     * @param symbols file with the kernel's symbols; null for its own
     */
    Overrides addTo(Overrides overrides, @Nullable Path symbols) {
        return overrides
                .add("--initrd", "linux.initrd", initrd)
                .add("--append", "linux.append", append)
                .add("--symbols", "linux.symbols", symbols);
    }
}
