package trapline.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import trapline.events.Observed;
import trapline.events.ObservedKind;

class LinkerTest {

    private static final int CODE = Elf.SHF_ALLOC | Elf.SHF_EXECINSTR;
    private static final int DATA = Elf.SHF_ALLOC | Elf.SHF_WRITE;

    private static ElfFile parse(String name, ObjectBuilder object) throws GuestException {
        return ElfReader.parse(name, object.bytes());
    }

    /** An object with {@code _start} in four bytes of code. */
    private static ObjectBuilder start() {
        ObjectBuilder object = new ObjectBuilder();
        int text = object.section(".text", CODE, 16, 0x90, 0x90, 0x90, 0x90);
        object.symbol("_start", text, 0, Elf.STB_GLOBAL);
        return object;
    }

    private static int dword(GuestImage image, int address) {
        GuestImage.Segment segment = image.segments().get(0);
        return ByteBuffer.wrap(segment.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(address - segment.address());
    }

    private static int address(GuestImage image, String symbol) {
        return (int) java.util.Objects.requireNonNull(image.symbols().find(symbol), symbol)
                .address();
    }

    @Test
    void multibootHeaderComesFirstWhateverTheOrderOfObjects() throws GuestException {
        ObjectBuilder boot = new ObjectBuilder();
        boot.section(".multiboot", Elf.SHF_ALLOC, 4, 0x02, 0xb0, 0xad, 0x1b, 0, 0, 0, 0, 0xfe, 0x4f, 0x52, 0xe4);
        GuestImage image = Linker.link(List.of(parse("a.o", start()), parse("boot.o", boot)));
        assertThat(dword(image, 0x100000)).isEqualTo(0x1badb002);
        assertThat(image.entry()).isEqualTo(0x100010);
    }

    @Test
    void absoluteAndRelativeRelocationsReachAcrossObjects() throws GuestException {
        ObjectBuilder user = new ObjectBuilder();
        int data = user.section(".data", DATA, 4, 8, 0, 0, 0, 0xfc, 0xff, 0xff, 0xff);
        int there = user.symbol("there", 0, 0, Elf.STB_GLOBAL);
        user.relocation(data, 0, there, Elf.R_386_32).relocation(data, 4, there, Elf.R_386_PC32);
        user.symbol("here", data, 0, Elf.STB_LOCAL);
        ObjectBuilder owner = start();
        int text = owner.section(".text.hot", CODE, 4, 0x90, 0x90, 0x90, 0x90);
        owner.symbol("there", text, 0, Elf.STB_GLOBAL);

        GuestImage image = Linker.link(List.of(parse("user.o", user), parse("owner.o", owner)));

        int here = address(image, "here");
        assertThat(dword(image, here)).isEqualTo(address(image, "there") + 8);
        assertThat(dword(image, here + 4)).isEqualTo(address(image, "there") - 4 - (here + 4));
    }

    @Test
    void aStrongDefinitionReplacesAWeakOneInWhateverOrder() throws GuestException {
        ObjectBuilder byDefault = start();
        int data = byDefault.section(".data", DATA, 4, 0, 0, 0, 0);
        int hook = byDefault.symbol("hook", data, 0, Elf.STB_WEAK);
        byDefault.relocation(data, 0, hook, Elf.R_386_32);
        byDefault.symbol("pointer", data, 0, Elf.STB_LOCAL);
        ObjectBuilder strong = new ObjectBuilder();
        strong.symbol("hook", strong.section(".data", DATA, 4, 1, 2, 3, 4), 0, Elf.STB_GLOBAL);
        for (List<ObjectBuilder> order : List.of(List.of(byDefault, strong), List.of(strong, byDefault))) {
            GuestImage image = Linker.link(List.of(parse("1.o", order.get(0)), parse("2.o", order.get(1))));
            assertThat(dword(image, dword(image, address(image, "pointer")))).isEqualTo(0x04030201);
            assertThat(address(image, "hook")).isEqualTo(dword(image, address(image, "pointer")));
        }
    }

    @Test
    void tablesOfSeveralObjectsHaveNoGapsAndBoundarySymbols() throws GuestException {
        ObjectBuilder first = start();
        first.section("ex_table", Elf.SHF_ALLOC, 32, 1, 0, 0, 0);
        ObjectBuilder second = new ObjectBuilder();
        second.section("ex_table", Elf.SHF_ALLOC, 32, 2, 0, 0, 0);
        int data = second.section(".data", DATA, 4, 0, 0, 0, 0, 0, 0, 0, 0);
        second.symbol("bounds", data, 0, Elf.STB_LOCAL);
        second.relocation(data, 0, second.symbol("__start_ex_table", 0, 0, Elf.STB_GLOBAL), Elf.R_386_32);
        second.relocation(data, 4, second.symbol("__stop_ex_table", 0, 0, Elf.STB_GLOBAL), Elf.R_386_32);

        GuestImage image = Linker.link(List.of(parse("1.o", first), parse("2.o", second)));

        int start = dword(image, address(image, "bounds"));
        assertThat(dword(image, address(image, "bounds") + 4)).isEqualTo(start + 8);
        assertThat(dword(image, start)).isEqualTo(1);
        assertThat(dword(image, start + 4)).isEqualTo(2);
    }

    @Test
    void anUndefinedSymbolNamesObjectAndPlace() throws GuestException {
        ObjectBuilder object = start();
        object.relocation(1, 0, object.symbol("no_such", 0, 0, Elf.STB_GLOBAL), Elf.R_386_PLT32);
        ElfFile file = parse("flow.o", object);
        assertThatThrownBy(() -> Linker.link(List.of(file)))
                .isInstanceOf(GuestException.class)
                .hasMessage("flow.o: undefined symbol 'no_such', used at .text+0x0");
    }

    @Test
    void aDuplicateSymbolNamesBothObjects() throws GuestException {
        List<ElfFile> files = List.of(parse("a.o", start()), parse("b.o", start()));
        assertThatThrownBy(() -> Linker.link(files)).hasMessage("b.o: duplicate symbol '_start', also defined in a.o");
    }

    @Test
    void aRelocationBehindItsSectionNamesFileAndOffset() {
        ObjectBuilder object = start();
        object.relocation(1, 2, 1, Elf.R_386_32);
        assertThatThrownBy(() -> parse("bad.o", object))
                .isInstanceOf(GuestException.class)
                .hasMessageMatching("bad\\.o: offset 0x[0-9a-f]+: relocation at \\.text\\+0x2 outside it");
    }

    @Test
    void zeroFilledSectionsThatFillTheWorldAreRefused() throws GuestException {
        ObjectBuilder object = start();
        object.zeroSection(".bss", 200 << 20);
        object.zeroSection(".bss.more", 200 << 20);
        ElfFile file = parse("big.o", object);
        assertThatThrownBy(() -> Linker.link(List.of(file))).hasMessageContaining("big.o: the linked image grows");
    }

    @Test
    void theObservationTableIsReadAndSurvivesTheExecutable() throws GuestException {
        ObjectBuilder object = new ObjectBuilder();
        int boot = object.section(
                ".multiboot", Elf.SHF_ALLOC, 4, 0x02, 0xb0, 0xad, 0x1b, 0, 0, 0, 0, 0xfe, 0x4f, 0x52, 0xe4);
        object.symbol("_start", boot, 0, Elf.STB_GLOBAL);
        int status = object.symbol("status", object.zeroSection(".bss", 16), 8, Elf.STB_LOCAL);
        int names = object.section(".rodata.str1.1", Elf.SHF_ALLOC, 1, 'k', 's', 0);
        int name = object.symbol("name", names, 0, Elf.STB_LOCAL);
        int table = object.section(
                ".trapline", Elf.SHF_ALLOC, 32, 0, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0);
        object.relocation(table, 0, status, Elf.R_386_32).relocation(table, 12, name, Elf.R_386_32);

        GuestImage image = Linker.link(List.of(parse("o.o", object)));
        GuestImage loaded = Executable.load(ElfReader.parse("o.elf", ExecutableWriter.write(image)));

        Observed expected = new Observed(ObservedKind.STATUS, "ks", address(image, "status"), 4, 4, 2);
        assertThat(image.observed()).containsExactly(expected);
        assertThat(loaded.observed()).containsExactly(expected);
        assertThat(loaded.entry()).isEqualTo(image.entry());
        assertThat(loaded.symbols().symbols()).isEqualTo(image.symbols().symbols());
    }
}
