/**
 * The report: one HTML page that needs nothing but a browser.
 *
 * <pre>
 *            ┌► checks ───► verdicts ─┐
 * journal ─► replay ► latencies ─► plots ─┼─► {@link trapline.report.ReportPage} ─► one file
 *    │       └► {@link trapline.report.Overview} ─────────┤
 *    └► blocks ► {@link trapline.report.EventPacker} ► windows ┘
 * </pre>
 *
 * The page has two levels of detail. The overview says for each of some thousand stretches of the run which states each
 * CPU was in; its size does not depend on the run. Windows hold all events but arithmetic EFLAGS writes, packed in
 * columns and deflated: a single window where the whole run fits the page, else the blocks with the findings, the start
 * and the end, and as many others, evenly spread, as fit. The page's scripts are the files beside this package's
 * resources; they unpack the columns and draw.
 */
@NullMarked
package trapline.report;

import org.jspecify.annotations.NullMarked;
