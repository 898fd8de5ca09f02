/**
 * A run in the formats of other tools.
 *
 * <pre>
 * journal ─► replay ─► {@link trapline.export.PerfettoExport} ─► Perfetto's protobuf: lanes, spans, flags as counters
 *        └─► {@link trapline.export.CsvExport} ───────────────► one row for each event
 * </pre>
 */
@NullMarked
package trapline.export;

import org.jspecify.annotations.NullMarked;
