/**
 * Journals in the forms of others. So far: the body of a mail.
 *
 * <h2>Mail</h2>
 *
 * <pre>
 * trapline-mail 1 ~00x1
 * @name plain-probe ~01kq
 * @cpus 1 ~02d8
 * @observe status 1000/4+4*2 kprobe_status ~033a
 *  10423  0 104a10 trap    #BP ip+1 cs=8 fl=202/IF sp=8ff0 n=3 ~04bw
 * @end 10455 more ~05p0
 *
 * trapline-recipe 1 ...
 * </pre>
 *
 * All of it is 7-bit and at most 72 columns wide. A line ends with a tag: a tilde, two digits (base 36) that count lines, and
 * two that check the words of the line and its number. So a reader puts lines together again that a mail program has
 * wrapped, and knows which are missing or altered; quote marks in front do not matter. The digits that count begin anew
 * after 36² = 1296 lines, those that check are made of the whole number: a gap of just so many lines shows too. The
 * {@code @} lines are those of {@link trapline.text.EventTextFile}, and some of its own, such as {@code @clock} where a
 * step is no retired instruction.
 */
@NullMarked
package trapline.exchange;

import org.jspecify.annotations.NullMarked;
