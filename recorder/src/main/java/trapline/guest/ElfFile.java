package trapline.guest;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A parsed object or executable. Its bytes are shared, not copied per section: a hostile file may point a thousand
 * sections at the same megabytes.
 */
public final class ElfFile {

    private final ElfBytes bytes;
    private final int type;
    private final int entry;
    private final List<ElfSegment> segments;
    private final List<ElfSection> sections;
    private final List<ElfSymbol> symbols;
    private final List<ElfRelocation> relocations;

    ElfFile(
            ElfBytes bytes,
            int type,
            int entry,
            List<ElfSegment> segments,
            List<ElfSection> sections,
            List<ElfSymbol> symbols,
            List<ElfRelocation> relocations) {
        this.bytes = bytes;
        this.type = type;
        this.entry = entry;
        this.segments = List.copyOf(segments);
        this.sections = List.copyOf(sections);
        this.symbols = List.copyOf(symbols);
        this.relocations = List.copyOf(relocations);
    }

    /** The name that messages and the journal's header use. */
    public String name() {
        return bytes.file();
    }

    /** Whether this is an object to be linked; else it is an executable. */
    public boolean relocatable() {
        return type == Elf.TYPE_RELOCATABLE;
    }

    /** SHA-256 of the file, 64 hexadecimal digits. */
    public String sha256() {
        return Sha256.hex(bytes.all());
    }

    /** The whole file; not to be changed. */
    public byte[] content() {
        return bytes.all();
    }

    /** The functions and variables that it defines for others, weak ones apart. */
    public Set<String> definitions() {
        return symbols.stream()
                .filter(symbol -> symbol.isPlace() && !symbol.local() && !symbol.weak())
                .map(ElfSymbol::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    ElfBytes bytes() {
        return bytes;
    }

    int entry() {
        return entry;
    }

    /** Loadable program headers. */
    List<ElfSegment> segments() {
        return segments;
    }

    /** Section headers, by index. */
    List<ElfSection> sections() {
        return sections;
    }

    /** By index; empty if there is no symbol table. */
    List<ElfSymbol> symbols() {
        return symbols;
    }

    /** Those of loaded sections. */
    List<ElfRelocation> relocations() {
        return relocations;
    }
}
