/**
 * Blocks in the files of a Chronicle Queue. Chronicle writes them ({@link trapline.chronicle.ChronicleSink}); they are read
 * by a bounds-checked scan of the files ({@link trapline.chronicle.BlockScan}), because Chronicle has no checksums, waits on
 * damaged headers, and resolves class names found in a file. No other package knows Chronicle.
 */
@NullMarked
package trapline.chronicle;

import org.jspecify.annotations.NullMarked;
