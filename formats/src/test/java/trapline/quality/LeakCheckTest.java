package trapline.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The leak check notices what it is there for, and nothing else. */
class LeakCheckTest {
    private static final List<Thread> RUNNING = new ArrayList<>();
    private static final List<InputStream> OPEN = new ArrayList<>();
    /** Of a kind that git ignores, should the test be killed. */
    private static final Path STRAY = Path.of("stray-file-of-the-leak-check.class");

    static class LeavesAThread {
        @Test
        void test() {
            Thread forgotten = new Thread(LeakCheckTest::waitUntilInterrupted, "forgotten");
            RUNNING.add(forgotten);
            forgotten.start();
        }
    }

    static class LeavesAFileOpen {
        @Test
        void test(@TempDir Path folder) throws IOException {
            OPEN.add(new FileInputStream(
                    Files.createFile(folder.resolve("x.cq4")).toFile()));
        }
    }

    static class LeavesAFile {
        @Test
        void test() throws IOException {
            Files.writeString(STRAY, "x");
        }
    }

    static class IsTidy {
        @TempDir
        Path folder;

        @Test
        void test() throws Exception {
            Files.writeString(folder.resolve("x"), "x");
            Thread thread = new Thread(() -> {});
            thread.start();
        }
    }

    @AfterEach
    void tidyUp() throws IOException {
        RUNNING.forEach(Thread::interrupt);
        for (InputStream in : OPEN) {
            in.close();
        }
        Files.deleteIfExists(STRAY);
    }

    @Test
    void aRunningThreadFailsTheTest() {
        assertThat(failureOf(LeavesAThread.class)).contains("test() leaves behind: thread forgotten #");
    }

    @Test
    void anOpenFileFailsTheTest() {
        assertThat(failureOf(LeavesAFileOpen.class)).contains("leaves behind: open file ", "x.cq4");
    }

    @Test
    void aFileOutsideTheTempFolderFailsTheClass() {
        assertThat(failureOf(LeavesAFile.class)).contains("LeavesAFile leaves behind: file ", STRAY.toString());
    }

    @Test
    void aTidyTestPasses() {
        assertThat(failureOf(IsTidy.class)).isEmpty();
    }

    private static void waitUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
        }
    }

    private static String failureOf(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .selectors(selectClass(testClass))
                .execute()
                .allEvents()
                .failed()
                .stream()
                .map(Event::getPayload)
                .map(String::valueOf)
                .reduce("", String::concat);
    }
}
