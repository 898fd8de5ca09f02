package trapline.guest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import trapline.events.Observed;
import trapline.events.Symbol;
import trapline.events.SymbolTable;

/** Loads a finished Multiboot executable (Multiboot 0.6.96 §3.1). */
public final class Executable {

    private static final int MULTIBOOT_MAGIC = 0x1badb002;
    private static final int MULTIBOOT_WITHIN_BYTES = 8192;

    private Executable() {}

    /**
     * Takes the segments, symbols and observation table of an executable.
     *
     * @param file a parsed executable
     * @throws GuestException if it is no Multiboot executable, or its segments overlap or exceed the limits
     */
    public static GuestImage load(ElfFile file) throws GuestException {
        if (file.relocatable()) {
            throw new GuestException(file.name() + ": a relocatable object where an executable is needed");
        }
        requireMultiboot(file);
        List<GuestImage.Segment> segments = segments(file);
        SymbolTable symbols = symbols(file);
        return new GuestImage(
                entry(file), segments, symbols, observed(file, segments), Map.of(file.name(), file.sha256()));
    }

    private static void requireMultiboot(ElfFile file) throws GuestException {
        ElfBytes bytes = file.bytes();
        for (int at = 0; at + 12 <= Math.min(bytes.size(), MULTIBOOT_WITHIN_BYTES); at += 4) {
            if (bytes.i32(at) == MULTIBOOT_MAGIC && bytes.i32(at) + bytes.i32(at + 4) + bytes.i32(at + 8) == 0) {
                return;
            }
        }
        throw bytes.fail(0, "no Multiboot header in the first " + MULTIBOOT_WITHIN_BYTES + " bytes");
    }

    private static List<GuestImage.Segment> segments(ElfFile file) throws GuestException {
        List<ElfSegment> ordered = new ArrayList<>(file.segments());
        ordered.sort(Comparator.comparingLong(s -> s.physical() & 0xffff_ffffL));
        List<GuestImage.Segment> result = new ArrayList<>();
        long end = 0;
        long total = 0;
        for (ElfSegment segment : ordered) {
            long address = segment.physical() & 0xffff_ffffL;
            total += segment.memoryBytes();
            if (address < end || total > Elf.IMAGE_BYTES_MAX) {
                throw file.bytes().fail(segment.offset(), "segments overlap or are larger than any guest's memory");
            }
            end = address + segment.memoryBytes();
            byte[] bytes = new byte[segment.fileBytes()];
            System.arraycopy(file.bytes().all(), segment.offset(), bytes, 0, bytes.length);
            result.add(new GuestImage.Segment(segment.physical(), bytes, segment.memoryBytes()));
        }
        if (result.isEmpty()) {
            throw file.bytes().fail(0, "nothing to load");
        }
        return result;
    }

    /** The entry point as a physical address: paging is off when a Multiboot kernel starts. */
    private static int entry(ElfFile file) throws GuestException {
        for (ElfSegment segment : file.segments()) {
            int offset = file.entry() - segment.virtual();
            if (Integer.compareUnsigned(offset, segment.memoryBytes()) < 0) {
                return segment.physical() + offset;
            }
        }
        // Kernels linked high name the physical address itself, and loaders take it.
        for (ElfSegment segment : file.segments()) {
            if (Integer.compareUnsigned(file.entry() - segment.physical(), segment.memoryBytes()) < 0) {
                return file.entry();
            }
        }
        throw file.bytes().fail(24, "entry 0x" + Integer.toHexString(file.entry()) + " lies in no segment");
    }

    private static SymbolTable symbols(ElfFile file) {
        return new SymbolTable(file.symbols().stream()
                .filter(s -> s.isPlace() && s.section() < Elf.SHN_LORESERVE)
                .map(s -> new Symbol(s.name(), s.value() & 0xffff_ffffL, s.size() & 0xffff_ffffL))
                .toList());
    }

    private static List<Observed> observed(ElfFile file, List<GuestImage.Segment> segments) throws GuestException {
        int start = 0;
        int stop = 0;
        for (ElfSymbol symbol : file.symbols()) {
            start = symbol.name().equals(ObservationTable.START) ? symbol.value() : start;
            stop = symbol.name().equals(ObservationTable.STOP) ? symbol.value() : stop;
        }
        return start == 0 ? List.of() : ObservationTable.read(file.name(), segments, start, stop);
    }
}
