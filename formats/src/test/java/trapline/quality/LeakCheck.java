package trapline.quality;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a thread running or a file open (a journal, say), and a test class that leaves a file
 * outside its {@code @TempDir}: in the module's folder, the temporary folder or the home folder. Registered for all
 * tests of all modules through {@code META-INF/services}; nothing has to be written in a test.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Namespace OURS = Namespace.create(LeakCheck.class);
    /** Chronicle closes its files on a thread of its own, and a thread that was told to stop needs a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long PAUSE_MILLIS = 5;

    /** Called by JUnit's service loader. */
    public LeakCheck() {}

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        remember(context, Belongings.files());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        Set<String> left = Belongings.newIn(Belongings.files(), remembered(context));
        if (!Boolean.getBoolean("update.expected")) { // then tests are told to rewrite their expectations
            complain(context, left);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        remember(context, Belongings.ofProcess());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        Set<String> before = remembered(context);
        Set<String> left = Belongings.newIn(Belongings.ofProcess(), before);
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!left.isEmpty() && System.nanoTime() < deadlineNanos) {
            Thread.sleep(PAUSE_MILLIS);
            left = Belongings.newIn(Belongings.ofProcess(), before);
        }
        complain(context, left);
    }

    private static void remember(ExtensionContext context, Set<String> belongings) {
        context.getStore(OURS).put(context.getUniqueId(), belongings);
    }

    @SuppressWarnings("unchecked")
    private static Set<String> remembered(ExtensionContext context) {
        return Objects.requireNonNull(context.getStore(OURS).remove(context.getUniqueId(), Set.class));
    }

    private static void complain(ExtensionContext context, Set<String> left) {
        if (!left.isEmpty()) {
            throw new AssertionError(context.getDisplayName() + " leaves behind: " + String.join(", ", left));
        }
    }
}
