package trapline.guest;

/**
 * One symbol of an object or executable.
 *
 * @param name may be empty
 * @param value offset in its section (objects), address (executables), or alignment (common symbols)
 * @param size in bytes; 0 if not said
 * @param bind {@code STB_…}
 * @param type {@code STT_…}
 * @param section index of its section, or {@code SHN_…}
 */
record ElfSymbol(String name, int value, int size, int bind, int type, int section) {

    boolean undefined() {
        return section == Elf.SHN_UNDEF;
    }

    boolean weak() {
        return bind == Elf.STB_WEAK;
    }

    boolean local() {
        return bind == Elf.STB_LOCAL;
    }

    /** Whether it names a place that a reader of a trace would recognise: a function, an object, or a label. */
    boolean isPlace() {
        return !name.isEmpty() && !undefined() && type <= Elf.STT_FUNC;
    }
}
