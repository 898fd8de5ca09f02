package trapline.record;

import java.util.List;
import java.util.Map;
import trapline.events.Symbol;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.Executable;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.guest.Linker;
import trapline.machine.Machine;
import trapline.scenario.Catalogue;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;

/** Makes the guest that a scenario names and puts it into a machine. */
final class GuestBuild {

    private static final String RUNTIME = "runtime/runtime";
    private static final int RAM_LOW_KIB = 640;
    /** Below everything that a kernel loads at 1 MiB, above the real-mode vectors. */
    private static final int MULTIBOOT_INFO = 0x500;

    private static final int MULTIBOOT_INFO_MEMORY = 1;

    private GuestBuild() {}

    /** Links runtime, flow and workload, or loads the scenario's executable. */
    static GuestImage image(Scenario scenario) throws GuestException, GuestCompiler.Refused {
        if (scenario.image() != null) {
            ElfFile file = read("", scenario.image());
            return Executable.load(file);
        }
        GuestPart flow = scenario.flow();
        GuestPart workload = scenario.workload();
        if (flow == null || workload == null) {
            throw new IllegalArgumentException("a scenario has an image, or a flow and a workload");
        }
        return Linker.link(List.of(catalogue(RUNTIME), read("flows/", flow), read("workloads/", workload)));
    }

    /** The objects of the catalogue that a flow and a workload are linked from. */
    static List<ElfFile> objects(String flow, String workload) throws GuestException {
        return List.of(catalogue(RUNTIME), catalogue("flows/" + flow), catalogue("workloads/" + workload));
    }

    private static ElfFile read(String folder, GuestPart part) throws GuestException, GuestCompiler.Refused {
        if (part.file() == null) {
            return catalogue(folder + part.name());
        }
        return part.isSource() ? GuestCompiler.compile(part.file()) : ElfReader.read(part.file());
    }

    private static ElfFile catalogue(String name) throws GuestException {
        byte[] bytes = Catalogue.find("guest/" + name + ".o");
        if (bytes == null) {
            throw new GuestException("the catalogue has no guest/" + name + ".o");
        }
        return ElfReader.parse(name + ".o", bytes);
    }

    /** A machine with the image loaded, the scenario's variables set, and CPU 0 at the entry point. */
    static Machine machine(Scenario scenario, GuestImage image) throws GuestException {
        int ramBytes = scenario.memoryMib() << 20;
        if (image.end() > ramBytes) {
            throw new GuestException("the guest needs memory up to 0x" + Long.toHexString(image.end())
                    + ", the scenario gives it " + scenario.memoryMib() + " MiB (memory: …)");
        }
        Machine machine = new Machine(ramBytes, scenario.cpus());
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
