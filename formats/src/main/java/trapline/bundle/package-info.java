/**
 * The bundle: one zip file for a bug report.
 *
 * <pre>
 * manifest.json            what the bundle holds, {@link trapline.bundle.Manifest}
 * summary.txt              the same for people, with the verdicts
 * recipe.txt               regenerates the journal; only for guests of the catalogue
 * scenario.yaml            what was run
 * verdicts.json            what the checks said
 * blocks/NUMBER            blocks of the journal as they are stored; slice/NUMBER in a bundle of a part
 * guest/NAME               objects that the guest was linked from, with their sources
 * attachments/NAME         whatever the reporter added
 * </pre>
 *
 * Entries are in this order, deflated, and dated 1980: the same content gives the same bytes. Blocks are not coded anew,
 * so their checksums and the chain of digests go on to hold; only the first and the last of a slice may be parts, which
 * begin with a start state of their own.
 *
 * <p>Nothing in a bundle is trusted, compiled or run: {@link trapline.zip.ZipArchive} checks its directory, each part has a
 * limit, and unpacking writes only names that the bundle's layout has, below the folder that the user named.
 */
@NullMarked
package trapline.bundle;

import org.jspecify.annotations.NullMarked;
