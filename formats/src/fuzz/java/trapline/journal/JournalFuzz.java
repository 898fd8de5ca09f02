package trapline.journal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches for inputs that hurt: {@code JAZZER_FUZZ=1 mvn -Pfuzz -pl formats test -Dtest=JournalFuzz#mail}. One that is
 * found is kept under {@code src/test/resources/trapline/journal/fuzz}, where every build runs it.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class JournalFuzz {

    @TempDir
    private Path directory;

    @FuzzTest(maxDuration = "10m")
    void blockCodec(byte[] data) {
        FuzzTargets.blockCodec(data);
    }

    @FuzzTest(maxDuration = "10m")
    void dataFile(byte[] data) throws IOException {
        FuzzTargets.dataFile(data, directory);
    }

    @FuzzTest(maxDuration = "10m")
    void bundle(byte[] data) throws IOException {
        FuzzTargets.bundle(data, directory);
    }

    @FuzzTest(maxDuration = "10m")
    void mail(byte[] data) {
        FuzzTargets.mail(data);
    }
}
