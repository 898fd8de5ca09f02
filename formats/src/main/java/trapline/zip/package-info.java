/**
 * Blocks in the entries of a zip file, for bundles. {@link trapline.zip.ZipDirectory} believes a file's directory only where
 * it holds together; nothing is unpacked that is not asked for, and each entry has a limit.
 */
@NullMarked
package trapline.zip;

import org.jspecify.annotations.NullMarked;
