package trapline.journal;

/**
 * A block that a scan has found.
 *
 * @param file index of the data file in the journal
 * @param offset where the block starts in the file, in bytes
 * @param info its header
 * @param crc the checksum that it carries
 * @param previousCrc the checksum that it says the block before it carries
 */
record StoredBlock(int file, long offset, BlockInfo info, int crc, int previousCrc) {}
