package trapline.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every loaded section of the objects its address.
 *
 * <pre>
 *   0x100000  .multiboot                      must start in the first 8 KiB of the file (Multiboot 0.6.96 §3.1)
 *             .text, other code               input order within each name
 *   page      .rodata, other constants
 *   page      .data, other variables
 *             .trapline                       the observation table
 *             sections named as C identifiers exception tables, initcalls, …
 *   page      .bss, common symbols            zero, not in the file
 * </pre>
 *
 * Sections of a compiler's own subdivision ({@code .text.hot}, {@code .rodata.str1.1}) join their parent.
 */
final class LinkLayout {

    /** Where the image starts, as Multiboot kernels do. */
    static final int BASE = 0x100000;

    private static final int PAGE_BYTES = 4096;
    private static final List<String> PARENTS = List.of(".text", ".rodata", ".data", ".bss");
    private static final int TABLE_ALIGNMENT_MAX = 4;

    private static final int RANK_MULTIBOOT = 0;
    private static final int RANK_CODE = 1;
    private static final int RANK_CONSTANTS = 2;
    private static final int RANK_VARIABLES = 3;
    private static final int RANK_TABLE = 4;
    private static final int RANK_IDENTIFIER = 5;
    private static final int RANK_NO_BITS = 6;
    private static final Set<Integer> PAGE_STARTS = Set.of(RANK_CONSTANTS, RANK_VARIABLES, RANK_NO_BITS);

    /** One output section: the input sections of one name. */
    static final class Output {
        final String name;
        final int rank;
        final List<Input> inputs = new ArrayList<>();
        int start;
        int end;

        Output(String name, int rank) {
            this.name = name;
            this.rank = rank;
        }
    }

    /** One input section, of the object with that index. */
    record Input(int object, ElfSection section) {}

    private final List<ElfFile> objects;
    private final Map<String, Output> outputs = new LinkedHashMap<>();
    /** Addresses by object, then by section index; 0: not loaded. */
    private final int[][] addresses;

    private long next = BASE;
    private int fileEnd = BASE;

    LinkLayout(List<ElfFile> objects) throws GuestException {
        this.objects = objects;
        addresses = new int[objects.size()][];
        for (int i = 0; i < objects.size(); i++) {
            addresses[i] = new int[objects.get(i).sections().size()];
            collect(i);
        }
        List<Output> ordered = new ArrayList<>(outputs.values());
        ordered.sort((a, b) -> Integer.compare(a.rank, b.rank));
        int rank = RANK_MULTIBOOT;
        for (Output output : ordered) {
            if (output.rank != rank && PAGE_STARTS.contains(output.rank)) {
                align(PAGE_BYTES);
            }
            rank = output.rank;
            place(output);
        }
    }

    private void collect(int object) {
        for (ElfSection section : objects.get(object).sections()) {
            if (section.loaded() && section.size() > 0) {
                String name = outputName(section);
                // A name can hold both kinds of sections; what is zero-filled must stay behind what is not.
                String key = section.noBits() ? name + " zero" : name;
                outputs.computeIfAbsent(key, k -> new Output(name, rank(section)))
                        .inputs
                        .add(new Input(object, section));
            }
        }
    }

    private static String outputName(ElfSection section) {
        for (String parent : PARENTS) {
            if (section.name().startsWith(parent + ".")) {
                return parent;
            }
        }
        return section.name();
    }

    private static int rank(ElfSection section) {
        if (section.name().equals(".multiboot")) {
            return RANK_MULTIBOOT;
        }
        if (section.noBits()) {
            return RANK_NO_BITS;
        }
        if ((section.flags() & Elf.SHF_EXECINSTR) != 0) {
            return RANK_CODE;
        }
        if (section.name().equals(".trapline")) {
            return RANK_TABLE;
        }
        if (!section.name().startsWith(".")) {
            return RANK_IDENTIFIER;
        }
        return (section.flags() & Elf.SHF_WRITE) != 0 ? RANK_VARIABLES : RANK_CONSTANTS;
    }

    private void place(Output output) throws GuestException {
        align(alignment(output, output.inputs.get(0)));
        output.start = (int) next;
        for (Input input : output.inputs) {
            align(alignment(output, input));
            addresses[input.object][input.section.index()] = (int) next;
            reserve(input.section.size(), objects.get(input.object).name());
            if (!input.section.noBits()) {
                fileEnd = (int) next;
            }
        }
        output.end = (int) next;
    }

    /** Compilers align large arrays generously; a table that several objects contribute to must have no gaps. */
    private static int alignment(Output output, Input input) {
        boolean table = output.rank == RANK_TABLE || output.rank == RANK_IDENTIFIER;
        return table ? Math.min(TABLE_ALIGNMENT_MAX, input.section.alignment()) : input.section.alignment();
    }

    private void align(int alignment) {
        next = next + alignment - 1 & -(long) alignment;
    }

    private void reserve(long bytes, String file) throws GuestException {
        next += bytes;
        if (next > BASE + (long) Elf.IMAGE_BYTES_MAX) {
            throw new GuestException(
                    file + ": the linked image grows beyond " + (Elf.IMAGE_BYTES_MAX >> 20) + " MiB with it");
        }
    }

    /** Room behind the last section for a common symbol. */
    int reserveCommon(ElfSymbol symbol, String file) throws GuestException {
        long alignment = symbol.value() & 0xffff_ffffL;
        if (Long.bitCount(alignment) != 1 || alignment > Elf.ALIGNMENT_MAX) {
            throw new GuestException(file + ": common symbol '" + symbol.name() + "' has alignment " + alignment);
        }
        align((int) alignment);
        int address = (int) next;
        reserve(symbol.size() & 0xffff_ffffL, file);
        return address;
    }

    /** Address of an object's section; 0 if it is not loaded. */
    int address(int object, int section) {
        return addresses[object][section];
    }

    /** Sections by output name; zero-filled ones under their own key. */
    Iterable<Output> outputs() {
        return outputs.values();
    }

    /** First address that the file does not cover. */
    int fileEnd() {
        return fileEnd;
    }

    /** First address above the image. */
    int end() {
        return (int) next;
    }
}
