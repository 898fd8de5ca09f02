/** Logs of real kernels under QEMU: imported and judged. */
@NullMarked
package trapline.qemu;

import org.jspecify.annotations.NullMarked;
