/**
 * Trees of journals on a Spark cluster. Loads of journals are packed by the journals alone ({@link
 * trapline.verdicts.Loads}), each is one task, and each task writes the same files whoever runs it and however often:
 *
 * <pre>
 * driver   find ─► pack ─► largest first ───┐                      ┌─► verdicts in order, groups, exit code
 * tasks                                     └─► judge ─► OUT ──────┘
 *
 * OUT/_temporary/…                 what tasks are writing, or have left behind
 * OUT/check/part-00000.txt         what 'trapline check' prints of the load
 * OUT/TABLE/part-00000.parquet     its rows
 * OUT/_loads/part-00000.json       written last: the load is done, and what became of it
 * OUT/_SUCCESS                     written last of all: nothing is missing
 * </pre>
 */
@NullMarked
package trapline.spark;

import org.jspecify.annotations.NullMarked;
