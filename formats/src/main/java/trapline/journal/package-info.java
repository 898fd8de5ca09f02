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
 * journal = header events* footer?      a journal without a footer is "not closed", never "empty"
 * header  = block of type 1             JSON, {@link trapline.journal.JournalHeader}
 * events  = block of type 2             state at its start, then events
 * footer  = block of type 3             JSON, {@link trapline.journal.JournalFooter}
 * </pre>
 *
 * Blocks are numbered from 0 without gaps. {@link trapline.journal.BlockLayout} draws a block,
 * {@link trapline.journal.EventEncoder} describes the coding of events, {@link trapline.journal.StateCodec} that of the
 * start state. Numbers are little-endian.
 *
 * <h2>Digest</h2>
 *
 * {@code chain(0)} is 32 zero bytes and {@code chain(n+1) = SHA-256(chain(n) + payload(n))} over the payloads of the
 * events blocks. A block carries the chain before it, the footer the last one: the digest of the stream. Blocks end at
 * limits that depend on the events alone, so the same run has the same digest.
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
