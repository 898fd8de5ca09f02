package trapline.samples;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An installed Java. */
record Jdk(int feature, Path home) {
    private static final int OLDEST_SUPPORTED = 17;
    private static final Path DEBIAN = Path.of("/usr/lib/jvm");

    /** The Java that runs this test, and one of each other supported version that Debian's folder holds. */
    static Stream<Jdk> installed() throws IOException {
        Map<Integer, Jdk> byFeature = new TreeMap<>();
        Jdk own = new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
        byFeature.put(own.feature(), own);
        if (Files.isDirectory(DEBIAN)) {
            try (DirectoryStream<Path> homes = Files.newDirectoryStream(DEBIAN)) {
                for (Path home : homes) {
                    int feature = feature(home);
                    if (feature >= OLDEST_SUPPORTED) {
                        byFeature.putIfAbsent(feature, new Jdk(feature, home));
                    }
                }
            }
        }
        return byFeature.values().stream();
    }

    /** 0 if there is no complete Java. */
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return 0;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }

    @Override
    public String toString() {
        return "Java " + feature;
    }
}
