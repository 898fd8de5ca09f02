package trapline.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import trapline.checks.monitor.MonitorCheck;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.UserError;
import trapline.text.Nearest;

/**
 * A value of {@code check --monitor}, read.
 *
 * @param file what the automaton is called in messages
 * @param text the automaton in DOT
 * @param global whether one follows all CPUs, not one each
 */
record MonitorOption(String file, String text, boolean global) {

    private static final String GLOBAL = "global:";

    private static final int BYTES_MAX = 1 << 20;

    /** Reads a file, or else the shipped monitor of that name. */
    static MonitorOption read(String option) throws IOException {
        boolean global = option.startsWith(GLOBAL);
        String name = global ? option.substring(GLOBAL.length()) : option;
        if (name.isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE, "--monitor " + option + ": names no file; an automaton is a file in DOT");
        }
        Path file = Inputs.file(Path.of(name));
        ShippedMonitor shipped = ShippedMonitor.ofLabel(name);
        if (shipped != null && !Files.exists(file)) {
            return new MonitorOption(shipped.file(), shipped.text(), global);
        }
        if (!Files.exists(file)) {
            String hint = Nearest.hint(name, ShippedMonitor.labels());
            throw new UserError(
                    Inputs.isName(name) ? ExitCode.USAGE : ExitCode.UNREADABLE,
                    name + ": no such file, and no monitor of that name"
                            + (hint.isEmpty()
                                    ? "; those that are shipped are " + String.join(", ", ShippedMonitor.labels())
                                    : hint));
        }
        return new MonitorOption(name, Inputs.text(file, BYTES_MAX), global);
    }

    /** What makes a check of it, as often as one is needed. */
    MonitorCheck.Maker maker() {
        try {
            return MonitorCheck.parse(text, file, global);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
