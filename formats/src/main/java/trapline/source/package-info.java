/**
 * What delivers events, whatever it is:
 *
 * <pre>
 *  machine, mail, log of QEMU ... = {@link trapline.source.Source}:  header  event*  end
 * </pre>
 *
 * The header says which kinds of events the source can deliver, what a step counts, and on which architecture it all
 * happened; who reads the events judges by that, and not by where they come from.
 */
@NullMarked
package trapline.source;

import org.jspecify.annotations.NullMarked;
