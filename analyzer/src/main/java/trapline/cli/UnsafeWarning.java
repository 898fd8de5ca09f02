package trapline.cli;

import java.lang.reflect.Method;

/**
 * Tells JDK 24 and later (JEP 498) that their one-time warning about {@code sun.misc.Unsafe} has been given. Chronicle
 * needs Unsafe, so the four lines would stand above the output of every recording. The launcher passes
 * {@code --sun-misc-unsafe-memory-access=allow} instead; this is for plain {@code java -jar}, where no entry of the
 * manifest does the same and a second JVM would double the start-up time. The package {@code sun.misc} is open to
 * everybody, so nothing is forced.
 */
final class UnsafeWarning {
    private UnsafeWarning() {}

    static void silence() {
        try {
            Method given = Class.forName("sun.misc.Unsafe").getDeclaredMethod("trySetMemoryAccessWarned");
            given.setAccessible(true);
            given.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A JVM without that method either does not warn, or warns: both are harmless.
        }
    }
}
