/** The events of a run: kinds, the reused view of one event, and their text form. */
@NullMarked
package trapline.events;

import org.jspecify.annotations.NullMarked;
