/**
 * Runs as flat tables, the same in JSON lines, Parquet and SQL: what there is of a journal for whoever asks many of them one
 * question. {@link trapline.tables.Table} has the columns, {@code trapline man schema} prints them.
 *
 * <pre>
 * journal ─┬─► checks ──► verdicts, findings ─┐
 *          ├─► replay ──► hits, traps, spans ─┼─► {@link trapline.tables.Rows}
 *          └─► events, runs ──────────────────┘
 * </pre>
 *
 * <p>History of {@link trapline.tables.Table#SCHEMA_VERSION}: 1 is the first. A version only ever appends columns.
 */
@NullMarked
package trapline.tables;

import org.jspecify.annotations.NullMarked;
