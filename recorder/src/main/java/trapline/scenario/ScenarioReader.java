package trapline.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.events.ExpectedEnd;
import trapline.schedule.SchedulePlan;
import trapline.text.Nearest;

/** Reads scenarios: from files, from the catalogue, or made up for a finished executable. */
public final class ScenarioReader {

    private static final int FILE_BYTES_MAX = 256 << 10;
    private static final int CPUS_MAX = 8;
    private static final int MEMORY_MIB_MAX = 1024;
    /** Enough for what people load as a kernel. */
    private static final int IMAGE_MIB = 64;

    private static final int LINUX_MIB = 256;
    private static final long LINUX_INSTRUCTIONS = 20_000_000_000L;
    private static final long CLOCK_HERTZ = 100_000_000;
    /** 2008-01-01 00:00:00 UTC. */
    private static final long START_SECONDS = 1_199_145_600;

    private static final long INSTRUCTIONS_DEFAULT = 10_000_000;
    private static final long QUANTUM_MAX = 1_000_000_000_000L;

    private final String catalogue;
    private final @Nullable Path folder;
    private final Overrides overrides;
    private final boolean recorded;
    private final List<String> problems = new ArrayList<>();

    private ScenarioReader(String catalogue, @Nullable Path folder, Overrides overrides, boolean recorded) {
        this.catalogue = catalogue;
        this.folder = folder;
        this.overrides = overrides;
        this.recorded = recorded;
    }

    /**
     * Reads a scenario.
     *
     * @param nameOrFile a file, or else a name of the catalogue
     * @param overrides from the command line
     * @throws ScenarioException with every problem found
     */
    public static Scenario read(String nameOrFile, Overrides overrides) throws ScenarioException {
        Path file = Path.of(nameOrFile);
        if (Files.isRegularFile(file)) {
            // What begins as an option does is an option's value, in the places of problems.
            String name = nameOrFile.startsWith("-") ? "./" + nameOrFile : nameOrFile;
            return parse(name, file.getParent() == null ? Path.of("") : file.getParent(), text(file), overrides);
        }
        if (nameOrFile.contains("/")
                || (!Catalogue.has("scenarios/" + nameOrFile + ".yaml") && Codes.scenario(nameOrFile) == null)) {
            if (Files.exists(file)) {
                throw new ScenarioException(List.of(nameOrFile + ": not a regular file"));
            }
            String problem = nameOrFile + ": no such file, and no scenario of that name in the catalogue";
            if (nameOrFile.contains("/") || nameOrFile.contains(".")) {
                throw new ScenarioException(List.of(problem + " (trapline scenarios lists it)"));
            }
            String hint = Nearest.hint(nameOrFile, Catalogue.names("scenarios", ".yaml"));
            throw ScenarioException.unknown(problem + (hint.isEmpty() ? " (trapline scenarios lists it)" : hint));
        }
        return ofCatalogue(nameOrFile, overrides);
    }

    /**
     * Reads a scenario of the catalogue.
     *
     * @param name its name, or one of its {@linkplain Codes codes}
     * @param overrides from the command line, or from a recipe
     * @throws ScenarioException with every problem found
     */
    public static Scenario ofCatalogue(String name, Overrides overrides) throws ScenarioException {
        byte[] bytes = Catalogue.find("scenarios/" + name + ".yaml");
        String covered = bytes == null ? Codes.scenario(name) : null;
        if (covered != null) {
            byte[] covering = Objects.requireNonNull(Catalogue.find("scenarios/" + covered + ".yaml"));
            String text = Codes.known(new String(covering, StandardCharsets.UTF_8), name);
            return ofCatalogue(name.toLowerCase(Locale.ROOT), text, overrides);
        }
        if (bytes == null) {
            throw new ScenarioException(List.of("no scenario '" + name + "' in the catalogue of this trapline"));
        }
        return ofCatalogue(name, new String(bytes, StandardCharsets.UTF_8), overrides);
    }

    private static Scenario ofCatalogue(String name, String text, Overrides overrides) throws ScenarioException {
        Node root = NodeParser.parse("catalogue:" + name + ".yaml", text);
        return new ScenarioReader(name, null, overrides, false).scenario(root, text);
    }

    /**
     * The scenario of a finished executable: no flow, no workload, all else by default.
     *
     * @param executable Multiboot ELF file
     * @param overrides from the command line
     * @throws ScenarioException with every problem found
     */
    public static Scenario ofExecutable(Path executable, Overrides overrides) throws ScenarioException {
        Node root = new Node(Node.Kind.MAP, "--guest " + executable, "");
        String where = "--guest " + executable;
        root.fields.put(
                "name",
                new Node.Field(where, text(where, GuestPart.ofFile(executable).name())));
        root.fields.put("image", new Node.Field(where, text(where, executable.toString())));
        return new ScenarioReader("", Path.of(""), overrides, false).scenario(root, null);
    }

    /**
     * The scenario of a Linux kernel given on the command line.
     *
     * @param kernel bzImage or vmlinux
     * @param overrides from the command line, {@code linux.*} among them
     * @throws ScenarioException with every problem found
     */
    public static Scenario ofLinux(Path kernel, Overrides overrides) throws ScenarioException {
        String where = "--linux " + kernel;
        Node root = new Node(Node.Kind.MAP, where, "");
        root.fields.put("name", new Node.Field(where, text(where, "linux")));
        Node linux = new Node(Node.Kind.MAP, where, "");
        linux.fields.put("kernel", new Node.Field(where, text(where, kernel.toString())));
        root.fields.put("linux", new Node.Field(where, linux));
        return new ScenarioReader("", Path.of(""), overrides, false).scenario(root, null);
    }

    /**
     * Parses a scenario.
     *
     * @param name of the file, in messages
     * @param folder what relative paths in it start from
     * @param text YAML
     * @param overrides from the command line
     * @throws ScenarioException with every problem found
     */
    public static Scenario parse(String name, Path folder, String text, Overrides overrides) throws ScenarioException {
        return new ScenarioReader("", folder, overrides, false).scenario(NodeParser.parse(name, text), text);
    }

    /**
     * Parses the scenario of a recipe: it can name nothing but what the catalogue has.
     *
     * @param name of the recipe's source, in messages
     * @param text YAML
     * @throws ScenarioException with every problem found
     */
    public static Scenario ofRecipe(String name, String text) throws ScenarioException {
        return new ScenarioReader("", null, new Overrides(), false).scenario(NodeParser.parse(name, text), text);
    }

    /**
     * Parses the scenario of a journal, whose guest is at hand: the parts that it names are not looked for.
     *
     * @param name of the journal, in messages
     * @param text YAML
     * @throws ScenarioException with every problem found
     */
    public static Scenario ofJournal(String name, String text) throws ScenarioException {
        return new ScenarioReader("", Path.of(""), new Overrides(), true).scenario(NodeParser.parse(name, text), text);
    }

    /**
     * The scenario of a machine's state, which has the files that it names.
     *
     * @param name of the state's file, in messages
     * @param text YAML
     * @param overrides from the command line; each {@linkplain #canChangeLater can be changed later}
     * @throws ScenarioException with every problem found
     */
    public static Scenario ofState(String name, String text, Overrides overrides) throws ScenarioException {
        return new ScenarioReader("", Path.of(""), overrides, true).scenario(NodeParser.parse(name, text), text);
    }

    /** Whether a value is of consequence only after a kernel has booted. */
    public static boolean canChangeLater(String key) {
        return key.startsWith("limits.") || key.startsWith("schedule.") || key.startsWith("linux.record-");
    }

    /**
     * A scenario's text without what a run does not depend on: comments, layout, title and expectation.
     *
     * @param yaml of a scenario that has been read
     * @return one line for each key
     * @throws ScenarioException if it is no YAML
     */
    public static String compact(String yaml) throws ScenarioException {
        Node root = NodeParser.parse("scenario", yaml);
        root.fields.keySet().removeAll(List.of("title", "covers", "expect"));
        return NodeWriter.write(root);
    }

    private static Node text(String where, String text) {
        return new Node(Node.Kind.TEXT, where, text);
    }

    private static String text(Path file) throws ScenarioException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new ScenarioException(
                        List.of(file + ": larger than " + (FILE_BYTES_MAX >> 10) + " KiB, not a scenario"));
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ScenarioException(List.of(file + ": cannot be read: " + e.getMessage()));
        }
    }

    private Scenario scenario(Node root, @Nullable String original) throws ScenarioException {
        overrides.apply(root, problems);
        Fields fields = new Fields(root, problems);
        String name = fields.text("name");
        if (!name.isEmpty() && !name.matches("[A-Za-z0-9][\\w.-]{0,79}")) {
            fields.problem(fields.where(), "'name' becomes a file name: letters, digits, '.', '_' and '-' only");
        }
        LinuxPart linux = linux(fields.map("linux"));
        boolean whole = fields.node("image") != null || linux != null;
        GuestPart image = fields.node("image") != null ? part(fields, "image", "") : null;
        GuestPart flow = whole ? null : part(fields, "flow", "flows");
        GuestPart workload = whole ? null : part(fields, "workload", "workloads");
        GuestPart runtime = fields.node("runtime") == null ? null : part(fields, "runtime", "");
        if (runtime != null && whole) {
            fields.problem(fields.where(), "an image has a runtime of its own: 'runtime' goes with flow and workload");
        }
        int cpus = (int) fields.integer("cpus", 1, CPUS_MAX, 1);
        PointReader points = new PointReader(cpus, problems);
        SchedulePlan schedule = schedule(fields.map("schedule"), points);
        points.readInjections(fields.list("inject"));
        Scenario scenario = new Scenario(
                catalogue,
                name,
                fields.text("title", name),
                flow,
                workload,
                runtime,
                image,
                linux,
                cpus,
                memoryMib(fields, linux != null ? LINUX_MIB : whole ? IMAGE_MIB : 16),
                limits(fields.map("limits"), linux != null ? LINUX_INSTRUCTIONS : INSTRUCTIONS_DEFAULT),
                schedule,
                List.copyOf(points.points()),
                variables(fields.map("variables"), fields.node("variables")),
                fields.text("expect", ""),
                withoutFolders(root, image, flow, workload, runtime) && overrides.isEmpty() && original != null
                        ? original
                        : NodeWriter.write(root),
                overrides.assignments());
        expectedEnd(fields.node(ExpectedEnd.KEY));
        fields.text("covers", ""); // for those who look for a code
        fields.end();
        if (!problems.isEmpty()) {
            throw new ScenarioException(problems);
        }
        return scenario;
    }

    /** How the run is to end: a word, or a word for each flow. */
    private void expectedEnd(@Nullable Node node) {
        if (node == null) {
            return;
        }
        Collection<Node> words = node.kind == Node.Kind.MAP
                ? node.fields.values().stream().map(Node.Field::value).toList()
                : List.of(node);
        for (Node word : words) {
            if (word.kind != Node.Kind.TEXT || !ExpectedEnd.all().contains(word.text)) {
                problems.add(word.where + ": '" + ExpectedEnd.KEY + "' must be one of "
                        + String.join(", ", ExpectedEnd.all()) + ", or one for each flow");
            }
        }
    }

    /** Leaves only the names of files in the tree; true if that changed nothing. */
    private static boolean withoutFolders(
            Node root,
            @Nullable GuestPart image,
            @Nullable GuestPart flow,
            @Nullable GuestPart workload,
            @Nullable GuestPart runtime) {
        boolean unchanged = withoutFolder(root, "image", image);
        unchanged &= linuxWithoutFolders(root);
        unchanged &= withoutFolder(root, "flow", flow);
        unchanged &= withoutFolder(root, "workload", workload);
        unchanged &= withoutFolder(root, "runtime", runtime);
        return unchanged;
    }

    private static boolean linuxWithoutFolders(Node root) {
        Node.Field linux = root.fields.get("linux");
        if (linux == null) {
            return true;
        }
        Map<String, Node.Field> fields = linux.value().fields;
        boolean unchanged = true;
        for (String key : List.of("kernel", "initrd", "symbols")) {
            Node.Field field = fields.get(key);
            String name = field == null
                    ? ""
                    : String.valueOf(Path.of(field.value().text).getFileName());
            if (field != null && !name.equals(field.value().text)) {
                fields.put(key, new Node.Field(field.where(), text(field.value().where, name)));
                unchanged = false;
            }
        }
        return unchanged;
    }

    private static boolean withoutFolder(Node root, String key, @Nullable GuestPart part) {
        Node.Field field = root.fields.get(key);
        if (part == null || field == null || field.value().text.equals(part.fileName())) {
            return true;
        }
        root.fields.put(key, new Node.Field(field.where(), text(field.value().where, part.fileName())));
        return false;
    }

    /** MiB, or a number with a unit: 64, 64M, 1G. */
    private int memoryMib(Fields fields, int byDefault) {
        Node node = fields.node("memory");
        if (node != null && node.kind == Node.Kind.TEXT && node.text.matches("\\d{1,7}[KMGkmg]i?B?")) {
            long number = Long.parseLong(node.text.replaceAll("\\D", ""));
            long mib = switch (Character.toUpperCase(
                    node.text.replaceAll("\\d", "").charAt(0))) {
                case 'K' -> number >> 10;
                case 'M' -> number;
                default -> number << 10;
            };
            fields.text("memory");
            if (mib < 1 || mib > MEMORY_MIB_MAX) {
                fields.problem(node.where, "memory must be 1M to " + MEMORY_MIB_MAX + "M, not " + node.text);
                return byDefault;
            }
            return (int) mib;
        }
        return (int) fields.integer("memory", 1, MEMORY_MIB_MAX, byDefault);
    }

    private @Nullable LinuxPart linux(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        Path kernel = file(fields, "kernel");
        List<LinuxPart.Talk> talk = new ArrayList<>();
        for (Node item : fields.list("talk")) {
            Fields line = new Fields(item, problems);
            talk.add(new LinuxPart.Talk(line.text("expect", ""), line.text("send", "")));
            line.end();
        }
        LinuxPart part = new LinuxPart(
                kernel == null ? Path.of("") : kernel,
                file(fields, "initrd"),
                fields.text("append", ""),
                file(fields, "symbols"),
                fields.place("record-from"),
                fields.place("record-to"),
                fields.integer("clock", 1_000_000, 1_000_000_000_000L, CLOCK_HERTZ),
                fields.integer("time", 0, 1L << 34, START_SECONDS),
                List.copyOf(talk));
        if (kernel == null) {
            fields.problem(fields.where(), "'linux' needs a kernel: a bzImage or a vmlinux");
        }
        fields.end();
        return part;
    }

    private @Nullable Path file(Fields fields, String key) {
        Node node = fields.node(key);
        String value = fields.text(key, "");
        Path base = node != null && node.where.startsWith("--") ? Path.of("") : folder;
        if (node == null || value.isEmpty()) {
            return null;
        }
        if (base == null) {
            fields.problem(node.where, "a scenario of the catalogue cannot name files");
            return null;
        }
        Path file = base.resolve(value);
        if (!recorded && !Files.isRegularFile(file)) {
            fields.problem(node.where, (Files.exists(file) ? "not a regular file: " : "no such file: ") + file);
        }
        return file;
    }

    /** A part of the guest: a path if it looks like one, else a name of the catalogue. */
    private @Nullable GuestPart part(Fields fields, String key, String catalogueFolder) {
        String value = fields.text(key);
        Node node = fields.node(key);
        if (node == null || value.isEmpty()) {
            return null;
        }
        boolean isPath = catalogueFolder.isEmpty() || value.contains("/") || value.matches(".*\\.(c|o)");
        if (!isPath) {
            if (!recorded && !Catalogue.has("guest/" + catalogueFolder + "/" + value + ".o")) {
                fields.problem(
                        node.where,
                        "no " + key + " '" + value + "' in the catalogue"
                                + Nearest.hint(value, Catalogue.names("guest/" + catalogueFolder, ".o")));
            }
            return new GuestPart(value, null);
        }
        // What was typed on the command line starts from the user's directory, not from the scenario's.
        boolean typed = node.where.startsWith("--");
        Path base = typed ? Path.of("") : folder;
        if (base == null) {
            fields.problem(node.where, "a scenario of the catalogue cannot name files");
            return null;
        }
        Path file = base.resolve(value);
        boolean fits = Files.isRegularFile(file) || (key.equals("runtime") && Files.isDirectory(file));
        if (!recorded && !fits) {
            fields.problem(node.where, (Files.exists(file) ? "not a regular file: " : "no such file: ") + file);
        } else if (!recorded && !typed && !isBeside(file, base)) {
            fields.problem(node.where, "not in the scenario's folder (such a file is for the command line): " + file);
        }
        return GuestPart.ofFile(file);
    }

    /** Whether a file that a scenario names came with it: it is compiled, and put into bundles. */
    private static boolean isBeside(Path file, Path folder) {
        try {
            return file.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private long limits(@Nullable Fields fields, long byDefault) {
        if (fields == null) {
            return byDefault;
        }
        long instructions = fields.integer("instructions", 1, Long.MAX_VALUE, byDefault);
        fields.end();
        return instructions;
    }

    private SchedulePlan schedule(@Nullable Fields fields, PointReader points) {
        SchedulePlan byDefault = SchedulePlan.DEFAULT;
        if (fields == null) {
            return byDefault;
        }
        String label = fields.text("kind", byDefault.kind().label());
        SchedulePlan.Kind kind = SchedulePlan.Kind.ofLabel(label);
        if (kind == null) {
            Node node = fields.node("kind");
            fields.problem(
                    node == null ? fields.where() : node.where,
                    "unknown schedule '" + label + "'; there are " + SchedulePlan.Kind.labels());
            kind = byDefault.kind();
        }
        SchedulePlan plan = new SchedulePlan(
                kind,
                fields.integer("quantum", 1, QUANTUM_MAX, byDefault.quantum()),
                fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, byDefault.seed()),
                (int) fields.integer("changes", 0, 1000, byDefault.changes()),
                fields.integer("length", 1, QUANTUM_MAX, byDefault.length()));
        points.readSwitches(fields.list("switches"));
        fields.end();
        return plan;
    }

    private Map<String, Integer> variables(@Nullable Fields fields, @Nullable Node node) {
        Map<String, Integer> values = new LinkedHashMap<>();
        if (fields != null && node != null) {
            for (String symbol : node.fields.keySet()) {
                values.put(symbol, (int) fields.integer(symbol, Integer.MIN_VALUE, 0xffff_ffffL, 0));
            }
        }
        return values;
    }
}
