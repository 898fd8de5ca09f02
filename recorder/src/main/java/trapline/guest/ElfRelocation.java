package trapline.guest;

/**
 * One relocation.
 *
 * @param section index of the section whose bytes it changes
 * @param offset in that section
 * @param symbol index in the symbol table
 * @param type {@code R_386_…}
 * @param entryOffset where the entry stands in the file, for messages
 */
record ElfRelocation(int section, int offset, int symbol, int type, int entryOffset) {}
