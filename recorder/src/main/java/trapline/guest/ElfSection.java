package trapline.guest;

/**
 * One section header, checked: its bytes lie inside the file.
 *
 * @param index in the section header table
 * @param name from the section name table
 * @param type {@code SHT_…}
 * @param flags {@code SHF_…}
 * @param offset of its bytes in the file
 * @param size in bytes
 * @param link index of a related section
 * @param info by type; for relocations the index of the section they apply to
 * @param alignment in bytes, a power of two
 * @param headerOffset where the header stands in the file, for messages
 */
record ElfSection(
        int index,
        String name,
        int type,
        int flags,
        int offset,
        int size,
        int link,
        int info,
        int alignment,
        int headerOffset) {

    /** Whether it takes part in the loaded image. Notes and unwind tables are of no use to a freestanding guest. */
    boolean loaded() {
        return index != 0 && (flags & Elf.SHF_ALLOC) != 0 && type != Elf.SHT_NOTE && !name.equals(".eh_frame");
    }

    boolean noBits() {
        return type == Elf.SHT_NOBITS;
    }
}
