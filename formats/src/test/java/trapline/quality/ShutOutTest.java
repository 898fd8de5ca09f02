package trapline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Chronicle's usage reporting is off in every program that has this module on its class path. */
class ShutOutTest {
    @Test
    void systemPropertiesOnTheClassPathAreOurs() throws IOException {
        Properties shipped = new Properties();
        try (InputStream in =
                Objects.requireNonNull(ShutOutTest.class.getClassLoader().getResourceAsStream("system.properties"))) {
            shipped.load(in);
        }
        assertThat(shipped)
                .containsOnly(
                        Map.entry("chronicle.analytics.disable", "true"),
                        Map.entry("chronicle.announcer.disable", "true"),
                        Map.entry("chronicle.disk.monitor.disable", "true"));
    }
}
