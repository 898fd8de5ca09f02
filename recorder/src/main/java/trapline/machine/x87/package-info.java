/**
 * The x87 unit without its CPU: 80-bit arithmetic as hardware does it, and the register stack (Intel SDM vol. 1 chapter 8).
 * Transcendental instructions are not here.
 */
@NullMarked
package trapline.machine.x87;

import org.jspecify.annotations.NullMarked;
