package trapline.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A monitor that travels inside the executable, in the folder {@code monitors} of its catalogue. */
enum ShippedMonitor {
    KPROBE_LIFE("kprobe_life", "A probe hit lives as current_kprobe and kprobe_status tell it."),
    SINGLE_STEP("single_step", "Between the IRET into a step and its #DB nothing but a fault or an NMI comes.");

    private static final String FOLDER = "catalogue/monitors/";

    private final String label;
    private final String claim;

    ShippedMonitor(String label, String claim) {
        this.label = label;
        this.claim = claim;
    }

    /** Its name on the command line, which is that of its file without the ending. */
    String label() {
        return label;
    }

    /** What it says, in a sentence. */
    String claim() {
        return claim;
    }

    /** The monitor of a name, or null. */
    static @Nullable ShippedMonitor ofLabel(String label) {
        return Arrays.stream(values())
                .filter(m -> m.label.equals(label))
                .findFirst()
                .orElse(null);
    }

    /** All names. */
    static List<String> labels() {
        return Arrays.stream(values()).map(ShippedMonitor::label).toList();
    }

    /** Name of its file. */
    String file() {
        return label + ".dot";
    }

    /** The automaton in DOT. */
    String text() throws IOException {
        try (InputStream in = ShippedMonitor.class.getClassLoader().getResourceAsStream(FOLDER + file())) {
            if (in == null) {
                throw new IllegalStateException("the executable is damaged: " + FOLDER + file() + " is not in it");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
