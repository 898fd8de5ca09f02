/**
 * What a stranger's file may and may not do: sources, mails, signatures and what is printed. {@code trapline man security}
 * promises more than is here; its limits are not all tested.
 */
@NullMarked
package trapline.security;

import org.jspecify.annotations.NullMarked;
