/**
 * A run in the formats of other tools.
 *
 * <pre>
 * journal ─► replay ─► {@link trapline.export.PerfettoExport} ─► Perfetto's protobuf: lanes, spans, flags as counters
 *        ├─► {@link trapline.export.CsvExport} ───────────────► one row for each event
 *        └─► {@link trapline.export.ParquetExport} ───────────► the same rows, by columns
 * </pre>
 *
 * <h2>Perfetto</h2>
 *
 * Some twenty fields of the public schema, written by hand ({@link trapline.export.PerfettoFile}) and read back in tests
 * by protobuf's own reader: the schema has no artifact of its own, and protobuf would be the larger half of the file.
 *
 * <h2>Parquet</h2>
 *
 * What a row group needs beside its bytes are Thrift structures; they come from parquet-format-structures, the part of
 * Apache's own implementation that is nothing else (0.8 MB, no dependencies, no native code). Its writer is left out:
 * parquet-hadoop needs classes of Hadoop and brings 9 MB of Java and 10 MB of native codecs with it, which is more than
 * all of Trapline; and the pages that are written here are plain values and the runs of which of them are null. They are
 * compressed by the JDK's gzip, a codec that every reader has. The tests read the files with parquet-hadoop.
 */
@NullMarked
package trapline.export;

import org.jspecify.annotations.NullMarked;
