/**
 * The text form of events, one a line: {@link trapline.text.EventText} writes it, {@link trapline.text.EventTextParser}
 * reads it back. The words are those of {@link trapline.events.EventKind}'s table.
 */
@NullMarked
package trapline.text;

import org.jspecify.annotations.NullMarked;
