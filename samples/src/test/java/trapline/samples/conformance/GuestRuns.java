package trapline.samples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trapline.events.Symbol;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.ExecutableWriter;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.guest.Linker;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;

/** Runs a whole Multiboot guest under QEMU, as a list of its traps. */
final class GuestRuns {
    private static final Path GUESTS = Path.of("guest");

    private GuestRuns() {}

    /** The executable of a scenario with its variables already in it, for those who cannot set them. */
    static byte[] executable(Scenario scenario, GuestPart flow, GuestPart workload) throws GuestException {
        List<ElfFile> objects = List.of(
                ElfReader.read(GUESTS.resolve("runtime/runtime.o")),
                ElfReader.read(GUESTS.resolve("flows/" + flow.name() + ".o")),
                ElfReader.read(GUESTS.resolve("workloads/" + workload.name() + ".o")));
        GuestImage image = Linker.link(objects);
        Map<Integer, Integer> variables = new HashMap<>();
        scenario.variables().forEach((name, value) -> {
            Symbol symbol = image.symbols().find(name);
            if (symbol == null) {
                throw new IllegalArgumentException("the guest has no variable " + name);
            }
            variables.put((int) symbol.address(), value);
        });
        return ExecutableWriter.write(withVariables(image, variables));
    }

    private static GuestImage withVariables(GuestImage image, Map<Integer, Integer> variables) {
        List<GuestImage.Segment> segments = new ArrayList<>();
        for (GuestImage.Segment segment : image.segments()) {
            byte[] bytes = Arrays.copyOf(segment.bytes(), segment.memoryBytes());
            variables.forEach((address, value) -> {
                int at = address - segment.address();
                if (at >= 0 && at < bytes.length) {
                    System.arraycopy(TrapImage.little(value), 0, bytes, at, 4);
                }
            });
            segments.add(new GuestImage.Segment(segment.address(), bytes, segment.memoryBytes()));
        }
        return new GuestImage(image.entry(), segments, image.symbols(), image.observed(), image.digests());
    }

    /** EIP of INT n and INT3 as pushed: the code bytes come from the image. */
    static JournalRuns.Outcome onQemu(byte[] elf, Path folder) throws IOException, InterruptedException {
        Qemu.Outcome outcome = Qemu.run(elf, folder, true);
        List<TrapEvent> traps = outcome.entries().stream()
                .map(entry -> TrapRuns.event(entry, length(entry)))
                .toList();
        return new JournalRuns.Outcome(traps, outcome.console());
    }

    private static int length(QemuLog.Entry entry) {
        return entry.vector == 3 || entry.vector == 4 ? 1 : 2;
    }
}
