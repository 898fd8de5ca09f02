package trapline.guest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trapline.events.Observed;
import trapline.events.SymbolTable;

/** Links relocatable objects into one image at a fixed address. */
public final class Linker {

    private static final String ENTRY = "_start";

    private final List<ElfFile> objects;
    private final LinkLayout layout;
    private final LinkSymbols symbols;
    private final byte[] image;

    private Linker(List<ElfFile> objects) throws GuestException {
        this.objects = objects;
        layout = new LinkLayout(objects);
        symbols = new LinkSymbols(objects, layout);
        image = new byte[layout.fileEnd() - LinkLayout.BASE];
    }

    /**
     * Links.
     *
     * @param objects in link order
     * @return an image that starts at 0x100000 and is entered at {@code _start}
     * @throws GuestException for an undefined or duplicate symbol, a missing entry, or a relocation that does not fit;
     *     names the object
     */
    public static GuestImage link(List<ElfFile> objects) throws GuestException {
        for (ElfFile object : objects) {
            if (!object.relocatable()) {
                throw new GuestException(object.name() + ": an executable where a relocatable object is needed");
            }
        }
        return new Linker(objects).link();
    }

    private GuestImage link() throws GuestException {
        copySections();
        for (int i = 0; i < objects.size(); i++) {
            for (ElfRelocation relocation : objects.get(i).relocations()) {
                relocate(i, relocation);
            }
        }
        Integer entry = symbols.global(ENTRY);
        if (entry == null) {
            throw new GuestException("no object defines '" + ENTRY + "': where is the runtime?");
        }
        GuestImage.Segment segment = new GuestImage.Segment(LinkLayout.BASE, image, layout.end() - LinkLayout.BASE);
        List<Observed> observed = observed(segment);
        Map<String, String> digests = new LinkedHashMap<>();
        for (ElfFile object : objects) {
            digests.put(object.name(), object.sha256());
        }
        return new GuestImage(entry, List.of(segment), new SymbolTable(symbols.places()), observed, digests);
    }

    private void copySections() {
        for (LinkLayout.Output output : layout.outputs()) {
            for (LinkLayout.Input input : output.inputs) {
                ElfSection section = input.section();
                if (!section.noBits()) {
                    byte[] from = objects.get(input.object()).bytes().all();
                    int to = layout.address(input.object(), section.index()) - LinkLayout.BASE;
                    System.arraycopy(from, section.offset(), image, to, section.size());
                }
            }
        }
    }

    private void relocate(int object, ElfRelocation relocation) throws GuestException {
        int place = layout.address(object, relocation.section()) + relocation.offset();
        int at = place - LinkLayout.BASE;
        switch (relocation.type()) {
            case Elf.R_386_32 -> put32(at, get32(at) + symbols.resolve(object, relocation));
            case Elf.R_386_PC32, Elf.R_386_PLT32 -> put32(at, get32(at) + symbols.resolve(object, relocation) - place);
            case Elf.R_386_16 -> put16(object, relocation, at, get16(at) + symbols.resolve(object, relocation));
            case Elf.R_386_PC16 ->
                put16(object, relocation, at, get16(at) + symbols.resolve(object, relocation) - place);
            default -> {} // R_386_NONE; the reader refuses all others.
        }
    }

    private int get32(int at) {
        return (image[at] & 0xff)
                | (image[at + 1] & 0xff) << 8
                | (image[at + 2] & 0xff) << 16
                | (image[at + 3] & 0xff) << 24;
    }

    private void put32(int at, int value) {
        image[at] = (byte) value;
        image[at + 1] = (byte) (value >> 8);
        image[at + 2] = (byte) (value >> 16);
        image[at + 3] = (byte) (value >> 24);
    }

    private int get16(int at) {
        return (short) ((image[at] & 0xff) | (image[at + 1] & 0xff) << 8);
    }

    private void put16(int object, ElfRelocation relocation, int at, int value) throws GuestException {
        if (value != (short) value && value != (value & 0xffff)) {
            throw objects.get(object)
                    .bytes()
                    .fail(relocation.entryOffset(), "value 0x" + Integer.toHexString(value) + " needs 16 bits");
        }
        image[at] = (byte) value;
        image[at + 1] = (byte) (value >> 8);
    }

    private List<Observed> observed(GuestImage.Segment segment) throws GuestException {
        Integer start = symbols.global(ObservationTable.START);
        Integer stop = symbols.global(ObservationTable.STOP);
        return start == null || stop == null
                ? List.of()
                : ObservationTable.read("linked image", List.of(segment), start, stop);
    }
}
