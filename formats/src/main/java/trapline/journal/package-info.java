/**
 * The journal: a stream of events as checksummed blocks in a Chronicle Queue.
 *
 * <h2>Files</h2>
 *
 * {@code NAME.journal/} holds {@code metadata.cq4t} and one {@code .cq4} file for each roll, as Chronicle Queue makes
 * them. One excerpt is one block. Chronicle writes; {@link trapline.journal.Journal} reads the files itself, bounds-checked,
 * because Chronicle has no checksums, waits on damaged headers, and resolves class names found in a file.
 *
 * <h2>Grammar</h2>
 *
 * <pre>
 * journal = file+                       files follow each other by name
 * file    = header events*              the last one may end: header footer
 * slice   = header part? events* part? header? footer?
 *
 * a journal without a footer is "not closed", never "empty"; a ring drops its oldest files
 * header  = block of type 1             JSON, {@link trapline.block.JournalHeader} and keepLast; all copies are equal
 * events  = block of type 2             state at its start, then events
 * footer  = block of type 3             JSON, {@link trapline.block.JournalFooter}
 * part    = block of type 4             some events of a block, with its number and its chain
 * </pre>
 *
 * Blocks are numbered from 0 without gaps. {@link trapline.block.BlockLayout} draws a block,
 * {@link trapline.codec.EventEncoder} and {@link trapline.codec.OtherColumn} describe the coding of events,
 * {@link trapline.codec.StateCodec} that of the start state. Numbers are little-endian.
 *
 * <h2>Digest</h2>
 *
 * {@code chain(0)} is 32 zero bytes and {@code chain(n+1) = SHA-256(chain(n) + payload(n))} over the payloads of the
 * events blocks. A block carries the chain before it, the footer the last one: the digest of the stream. Blocks end at
 * limits that depend on the events alone, so the same run has the same digest.
 *
 * <h2>Damage</h2>
 *
 * A block is believed where it continues the one before (number, checksum, ordinal) and names the same journal; where two
 * do not fit, their checksums decide. Bytes between good blocks are searched for others. What cannot be read is a
 * {@code lost} event, and behind it a {@link trapline.events.StreamConsumer} gets the start state of the next block.
 *
 * <h2>Limits</h2>
 *
 * Reading takes bounded memory and time whatever a file says: 1000 files, 2<sup>19</sup> blocks, 2<sup>18</sup> events and
 * 1 MiB of payload in a block, 4 MiB of start state, 16 MiB of header, 64 CPUs, 4096 observed rows; in search of blocks
 * 256 MiB may be passed over, and blocks of 256 MiB in all may turn out not to be whole ({@code ScanBudget}).
 *
 * <h2>History</h2>
 *
 * <ul>
 *   <li>Format 1 (2026-11): first.
 * </ul>
 */
@NullMarked
package trapline.journal;

import org.jspecify.annotations.NullMarked;
