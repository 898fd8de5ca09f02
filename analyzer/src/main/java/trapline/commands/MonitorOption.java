package trapline.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import trapline.checks.monitor.MonitorBinding;
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
 * @param way how it is used
 */
record MonitorOption(String file, String text, MonitorCheck.Way way) {

    private static final String GLOBAL = "global:";
    private static final String FINAL = "final:";

    private static final int BYTES_MAX = 1 << 20;

    /** Reads a file, or else the shipped monitor of that name. */
    static MonitorOption read(String option) throws IOException {
        boolean global = false;
        boolean ends = false;
        String name = option;
        while (name.startsWith(GLOBAL) || name.startsWith(FINAL)) {
            global |= name.startsWith(GLOBAL);
            ends |= name.startsWith(FINAL);
            name = name.substring(name.indexOf(':') + 1);
        }
        if (name.isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE, "--monitor " + option + ": names no file; an automaton is a file in DOT");
        }
        Path file = Inputs.file(Path.of(name));
        ShippedMonitor shipped = ShippedMonitor.ofLabel(name);
        if (shipped != null && !Files.exists(file)) {
            return new MonitorOption(
                    shipped.file(), shipped.text(), new MonitorCheck.Way(global, ends, MonitorBinding.NONE));
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
        return new MonitorOption(name, Inputs.text(file, BYTES_MAX), new MonitorCheck.Way(global, ends, binding(file)));
    }

    /** Of NAME.map beside NAME.dot, if it is there. */
    private static MonitorBinding binding(Path file) throws IOException {
        Path map = file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.dot$", "") + ".map");
        if (!Files.exists(map)) {
            return MonitorBinding.NONE;
        }
        try {
            return MonitorBinding.parse(Inputs.text(map, BYTES_MAX), map.toString());
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /** What makes a check of it, as often as one is needed. */
    MonitorCheck.Maker maker() {
        try {
            return MonitorCheck.parse(text, file, way);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
