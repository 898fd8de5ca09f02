package trapline.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.bundle.GuestFolder;
import trapline.events.Symbol;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.Executable;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.guest.Linker;
import trapline.machine.Machine;
import trapline.machine.PcPlan;
import trapline.scenario.Catalogue;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;

/**
 * Makes the guest that a scenario names and puts it into a machine.
 *
 * @param image ready to be loaded; its digests go by the names of {@code files}
 * @param files objects and sources that a journal has to carry, because the catalogue does not have all of them; empty
 *     if it does
 * @param objects what it is linked from, in link order
 * @param linux the kernel, if that is what the guest is
 */
public record GuestBuild(
        GuestImage image,
        Map<String, byte[]> files,
        List<ElfFile> objects,
        @Nullable LinuxBuild linux) {

    private static final int RAM_LOW_KIB = 640;
    /** Below everything that a kernel loads at 1 MiB, above the real-mode vectors. */
    private static final int MULTIBOOT_INFO = 0x500;

    private static final int MULTIBOOT_INFO_MEMORY = 1;

    /** Links runtime, flow and workload, or loads the scenario's executable. */
    public static GuestBuild of(Scenario scenario) throws GuestException, GuestCompiler.Refused {
        if (scenario.linux() != null) {
            LinuxBuild linux = LinuxBuild.of(scenario.linux());
            return new GuestBuild(linux.image(), Map.of(), List.of(), linux);
        }
        Map<String, ElfFile> objects = new LinkedHashMap<>();
        Map<String, byte[]> sources = new LinkedHashMap<>();
        GuestPart flow = scenario.flow();
        GuestPart workload = scenario.workload();
        if (scenario.image() != null) {
            objects.put(name("", scenario.image()), read("", scenario.image(), Map.of()));
        } else if (flow != null && workload != null) {
            GuestRuntime runtime = GuestRuntime.of(scenario.runtime());
            ElfFile handler = read("flows/", flow, runtime.headers());
            GuestRuntime.Parts parts = runtime.parts(handler);
            objects.putAll(parts.objects());
            sources.putAll(parts.sources());
            objects.put(name("flows/", flow), handler);
            objects.put(name("workloads/", workload), read("workloads/", workload, runtime.headers()));
        } else {
            throw new IllegalArgumentException("a scenario has an image, or a flow and a workload");
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (!scenario.isOfCatalogueGuests()) {
            objects.forEach((name, object) -> files.put(name, object.content()));
            files.putAll(sources);
            addSource(files, "flows/", flow);
            addSource(files, "workloads/", workload);
        }
        return new GuestBuild(image(objects, scenario.image() != null), files, List.copyOf(objects.values()), null);
    }

    /** The kernel of a state, as far as it has come. */
    public static GuestBuild of(Scenario scenario, BootState state) throws GuestException {
        LinuxBuild linux = LinuxBuild.of(Objects.requireNonNull(scenario.linux()), state);
        return new GuestBuild(linux.image(), Map.of(), List.of(), linux);
    }

    /**
     * Puts together a guest whose objects are at hand.
     *
     * @param objects by name, in link order
     */
    static GuestBuild of(Map<String, byte[]> objects, boolean executable) throws GuestException {
        Map<String, ElfFile> files = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            files.put(object.getKey(), ElfReader.parse(object.getKey(), object.getValue()));
        }
        return new GuestBuild(image(files, executable), objects, List.copyOf(files.values()), null);
    }

    private static GuestImage image(Map<String, ElfFile> objects, boolean executable) throws GuestException {
        List<ElfFile> files = List.copyOf(objects.values());
        GuestImage image = executable ? Executable.load(files.get(0)) : Linker.link(files);
        Map<String, String> digests = new LinkedHashMap<>();
        objects.forEach((name, object) -> digests.put(name, object.sha256()));
        return new GuestImage(image.entry(), image.segments(), image.symbols(), image.observed(), digests);
    }

    /** A part's name in the journal: where the catalogue would have it. The user's folders are nobody's business. */
    private static String name(String folder, GuestPart part) {
        Path file = part.file();
        String name = folder.isEmpty() && file != null ? String.valueOf(file.getFileName()) : part.name() + ".o";
        return folder + name.replaceAll("[^A-Za-z0-9._+-]", "_").replaceFirst("^[.-]+", "_");
    }

    private static void addSource(Map<String, byte[]> files, String folder, @Nullable GuestPart part)
            throws GuestException {
        if (part != null && part.file() != null && part.isSource()) {
            files.put(GuestFolder.source(name(folder, part)), content(part.file()));
        }
    }

    static byte[] content(Path file) throws GuestException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new GuestException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** An object of the catalogue by its name in a journal; null if it has none of that name. */
    static byte @Nullable [] find(String name) {
        return Catalogue.find("guest/" + name);
    }

    private static ElfFile read(String folder, GuestPart part, Map<String, byte[]> headers)
            throws GuestException, GuestCompiler.Refused {
        return part.file() == null ? catalogue(folder + part.name()) : read(part.file(), headers);
    }

    /** An object of the user's, or what becomes of a C file of his. */
    static ElfFile read(Path file, Map<String, byte[]> headers) throws GuestException, GuestCompiler.Refused {
        return file.toString().endsWith(".c") ? GuestCompiler.compile(file, headers) : ElfReader.read(file);
    }

    static ElfFile catalogue(String name) throws GuestException {
        byte[] bytes = Catalogue.find("guest/" + name + ".o");
        if (bytes == null) {
            throw new GuestException("the catalogue has no guest/" + name + ".o");
        }
        return ElfReader.parse(name + ".o", bytes);
    }

    /**
     * The object of a handler or workload, compiled as the catalogue's are.
     *
     * @param source C that includes the headers of the catalogue's runtime
     */
    public static byte[] compiled(Path source) throws GuestException, GuestCompiler.Refused {
        return GuestCompiler.compile(source, GuestRuntime.of(null).headers()).content();
    }

    /** A machine with the image loaded, the scenario's variables set, and CPU 0 at the entry point. */
    static Machine machine(Scenario scenario, GuestImage image) throws GuestException {
        int ramBytes = scenario.memoryMib() << 20;
        if (image.end() > ramBytes) {
            throw new GuestException("the guest needs memory up to 0x" + Long.toHexString(image.end())
                    + ", the scenario gives it " + scenario.memoryMib() + " MiB (memory: …)");
        }
        // Other people's kernels look for a PC; the catalogue's guests know that there is none.
        PcPlan plan = scenario.image() == null ? null : PcPlan.DEFAULT;
        Machine machine = new Machine(ramBytes, scenario.cpus(), plan);
        for (GuestImage.Segment segment : image.segments()) {
            machine.memory().load(segment.address(), segment.bytes());
        }
        for (Map.Entry<String, Integer> variable : scenario.variables().entrySet()) {
            Symbol symbol = image.symbols().find(variable.getKey());
            if (symbol == null) {
                throw new GuestException("the guest has no variable '" + variable.getKey() + "' (variables: …)");
            }
            machine.memory().load((int) symbol.address(), littleEndian(variable.getValue()));
        }
        machine.memory().load(MULTIBOOT_INFO, littleEndian(MULTIBOOT_INFO_MEMORY));
        machine.memory().load(MULTIBOOT_INFO + 4, littleEndian(RAM_LOW_KIB));
        machine.memory().load(MULTIBOOT_INFO + 8, littleEndian((scenario.memoryMib() - 1) << 10));
        machine.startMultiboot(image.entry(), MULTIBOOT_INFO);
        return machine;
    }

    private static byte[] littleEndian(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }
}
