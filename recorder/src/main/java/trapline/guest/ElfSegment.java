package trapline.guest;

/**
 * One loadable program header, checked: its bytes lie inside the file, its memory below 4 GiB.
 *
 * @param offset of its bytes in the file
 * @param virtual address the symbols speak of
 * @param physical address it is loaded at
 * @param fileBytes bytes in the file
 * @param memoryBytes bytes in memory; those beyond {@code fileBytes} are zero
 */
record ElfSegment(int offset, int virtual, int physical, int fileBytes, int memoryBytes) {}
