package trapline.bundle;

import org.jspecify.annotations.Nullable;

/**
 * Objects and sources of guests that an executable carries. Whoever packs a bundle asks all that there are (as a service
 * of {@link java.util.ServiceLoader}); the analyzer alone has none.
 */
public interface GuestCatalogue {

    /**
     * Looks for a file.
     *
     * @param name such as {@code flows/linux-2.6.24.o} or {@code flows/linux-2.6.24.c}
     * @return its bytes, or null if there is none
     */
    byte @Nullable [] find(String name);
}
