package trapline.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.events.Symbol;

/** Resolves symbols across objects: one strong definition wins over weak ones, two strong ones are an error. */
final class LinkSymbols {

    private record Definition(String file, int address, boolean weak) {}

    private final List<ElfFile> objects;
    private final LinkLayout layout;
    private final Map<String, Definition> globals = new HashMap<>();
    private final List<Symbol> places = new ArrayList<>();

    LinkSymbols(List<ElfFile> objects, LinkLayout layout) throws GuestException {
        this.objects = objects;
        this.layout = layout;
        for (int i = 0; i < objects.size(); i++) {
            defineGlobals(i);
        }
        defineCommons();
        defineBoundaries();
        for (int i = 0; i < objects.size(); i++) {
            collectPlaces(i);
        }
    }

    private void defineGlobals(int object) throws GuestException {
        String file = objects.get(object).name();
        for (ElfSymbol symbol : objects.get(object).symbols()) {
            if (!symbol.local() && isLoaded(object, symbol)) {
                defineGlobal(symbol, new Definition(file, localAddress(object, symbol), symbol.weak()));
            }
        }
    }

    private void defineGlobal(ElfSymbol symbol, Definition definition) throws GuestException {
        Definition earlier = globals.get(symbol.name());
        if (earlier == null || (earlier.weak && !definition.weak)) {
            globals.put(symbol.name(), definition);
        } else if (!earlier.weak && !definition.weak) {
            throw new GuestException(
                    definition.file + ": duplicate symbol '" + symbol.name() + "', also defined in " + earlier.file);
        }
    }

    /** A common symbol is a definition only if nobody gives it a value. */
    private void defineCommons() throws GuestException {
        for (ElfFile object : objects) {
            for (ElfSymbol symbol : object.symbols()) {
                if (symbol.section() == Elf.SHN_COMMON && !globals.containsKey(symbol.name())) {
                    int address = layout.reserveCommon(symbol, object.name());
                    globals.put(symbol.name(), new Definition(object.name(), address, false));
                    places.add(place(symbol, address));
                }
            }
        }
    }

    /** Symbols for people: all but those that lost against another object's definition. */
    private void collectPlaces(int object) {
        for (ElfSymbol symbol : objects.get(object).symbols()) {
            if (!symbol.isPlace() || symbol.section() >= Elf.SHN_LORESERVE || !isLoaded(object, symbol)) {
                continue;
            }
            int address = localAddress(object, symbol);
            Definition winner = globals.get(symbol.name());
            if (symbol.local() || (winner != null && winner.address == address)) {
                places.add(place(symbol, address));
            }
        }
    }

    private static Symbol place(ElfSymbol symbol, int address) {
        return new Symbol(symbol.name(), address & 0xffff_ffffL, symbol.size() & 0xffff_ffffL);
    }

    private boolean isLoaded(int object, ElfSymbol symbol) {
        if (symbol.undefined()) {
            return false;
        }
        return symbol.section() == Elf.SHN_ABS
                || (symbol.section() < Elf.SHN_LORESERVE && layout.address(object, symbol.section()) != 0);
    }

    private int localAddress(int object, ElfSymbol symbol) {
        return symbol.section() == Elf.SHN_ABS
                ? symbol.value()
                : layout.address(object, symbol.section()) + symbol.value();
    }

    private void defineBoundaries() {
        for (LinkLayout.Output output : layout.outputs()) {
            String name = (output.name.startsWith(".") ? output.name.substring(1) : output.name).replace('.', '_');
            globals.putIfAbsent("__start_" + name, new Definition("linker", output.start, true));
            globals.putIfAbsent("__stop_" + name, new Definition("linker", output.end, true));
        }
        // In the symbol table too, so that an image written as an executable keeps its observation table.
        for (String bound : List.of(ObservationTable.START, ObservationTable.STOP)) {
            Definition definition = globals.get(bound);
            if (definition != null) {
                places.add(new Symbol(bound, definition.address & 0xffff_ffffL, 0));
            }
        }
        globals.putIfAbsent("_end", new Definition("linker", layout.end(), true));
    }

    /** Address of a global symbol, or null if no object defines it. */
    @Nullable Integer global(String name) {
        Definition definition = globals.get(name);
        return definition == null ? null : definition.address;
    }

    /** What a relocation's symbol stands for. */
    int resolve(int object, ElfRelocation relocation) throws GuestException {
        ElfFile file = objects.get(object);
        ElfSymbol symbol = file.symbols().get(relocation.symbol());
        if (!symbol.local()) {
            Definition definition = globals.get(symbol.name());
            if (definition != null) {
                return definition.address;
            }
            if (symbol.weak()) {
                return 0;
            }
            throw new GuestException(file.name() + ": undefined symbol '" + symbol.name() + "', used at "
                    + file.sections().get(relocation.section()).name() + "+0x"
                    + Integer.toHexString(relocation.offset()));
        }
        if (symbol.undefined()) {
            return 0; // Symbol 0: the relocation stands for its addend alone.
        }
        if (!isLoaded(object, symbol)) {
            throw file.bytes().fail(relocation.entryOffset(), "relocation against a section that is not loaded");
        }
        return localAddress(object, symbol);
    }

    /** Every function, object and label of the image. */
    List<Symbol> places() {
        return places;
    }
}
