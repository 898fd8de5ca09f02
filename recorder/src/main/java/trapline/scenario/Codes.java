package trapline.scenario;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What else the catalogue's scenarios and flows are called: the codes of the decision rows, golden traces and bugs that a
 * scenario covers ({@code covers: D7}, also without capitals), and the names that flows had. Commands, recipes and journals
 * that use a code go on to: what is asked for by its code goes by it, and is recorded, byte for byte, as before it had a
 * name that says what happens.
 */
public final class Codes {

    private static final Pattern COVERS = Pattern.compile("(?m)^covers: *(.*)\\R");
    private static final String FLOW_PATCHES = "guest/flows/bugs";
    private static final String PATCH = ".patch";

    private final Map<String, String> scenarios = new LinkedHashMap<>();
    private final Map<String, String> flows = new LinkedHashMap<>();

    private Codes() {
        for (String name : Catalogue.names("scenarios", ".yaml")) {
            codes(text("scenarios/" + name + ".yaml")).forEach(code -> scenarios.put(code, name));
        }
        for (String name : Catalogue.names(FLOW_PATCHES, PATCH)) {
            flows.put(FlowPatch.parse(text(FLOW_PATCHES + "/" + name + PATCH)).alias(), name);
        }
    }

    /** Read when the first name is asked for that is no file's. */
    private static final class Read {
        private static final Codes ALL = new Codes();
    }

    private static String text(String path) {
        byte[] bytes = Catalogue.find(path);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> codes(String yaml) {
        Matcher covers = COVERS.matcher(yaml);
        return covers.find()
                ? Arrays.asList(covers.group(1).strip().toLowerCase(Locale.ROOT).split(" +"))
                : List.of();
    }

    /** The codes of a scenario, as they are asked for; empty if it has none. */
    public static List<String> ofScenario(String name) {
        return codes(text("scenarios/" + name + ".yaml"));
    }

    /** The code of a flow; empty if it has none. */
    public static String ofFlow(String name) {
        return patch(name) == null
                ? ""
                : FlowPatch.parse(text(FLOW_PATCHES + "/" + name + PATCH)).alias();
    }

    /** The scenario that a code stands for; null if there is none. */
    static @Nullable String scenario(String code) {
        return Read.ALL.scenarios.get(code.toLowerCase(Locale.ROOT));
    }

    /** The flow that a code stands for; null if there is none. */
    static @Nullable String flow(String code) {
        return Read.ALL.flows.get(code);
    }

    /** The patch that a flow is; null if it is a file of its own. */
    static @Nullable FlowPatch patch(String flow) {
        String text = text(FLOW_PATCHES + "/" + flow + PATCH);
        return text.isEmpty() ? null : FlowPatch.parse(text);
    }

    /** A scenario's text under one of its codes: with the names that it and its flow had. */
    static String known(String yaml, String code) {
        String text = COVERS.matcher(yaml)
                .replaceFirst("")
                .replaceFirst("(?m)^name: .*$", "name: " + code.toLowerCase(Locale.ROOT));
        Matcher flow = Pattern.compile("(?m)^flow: (.*)$").matcher(text);
        String old = flow.find() ? ofFlow(flow.group(1).strip()) : "";
        return old.isEmpty() ? text : flow.replaceFirst("flow: " + old);
    }
}
