package trapline.quality;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Habits that a compiler does not check. */
class ConventionsTest {
    private static final Pattern SOURCE = Pattern.compile("\\.(java|c|h|S|ld|sh|py|dot|yaml)$");
    private static final int SOURCES_MIN = 500;

    @Test
    void everyPackageIsNullMarked() {
        classes().should(resideInANullMarkedPackage()).check(Ours.CLASSES);
    }

    @Test
    void outputGoesThroughTheConsole() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(Ours.CLASSES);
    }

    @Test
    void onlyTheFrameEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("trapline.cli.Tool")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(Ours.CLASSES);
    }

    @Test
    void noSourceStandsTwice() throws IOException {
        Map<String, List<Path>> byText = new TreeMap<>();
        for (String module : List.of("formats", "analyzer", "recorder", "samples")) {
            for (Path source : sources(Path.of("..", module))) {
                byText.computeIfAbsent(Files.readString(source), text -> new ArrayList<>())
                        .add(source);
            }
        }
        assertThat(byText).hasSizeGreaterThan(SOURCES_MIN);
        assertThat(byText.values()).allSatisfy(same -> assertThat(same).hasSize(1));
    }

    /** Those of a golden journal stay as they were when it was made. */
    private static List<Path> sources(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module)) {
            return files.filter(f -> SOURCE.matcher(f.toString()).find())
                    .filter(f -> !f.startsWith(module.resolve("target")) && !f.startsWith(module.resolve("golden")))
                    .toList();
        }
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                events.add(new SimpleConditionEvent(item, marked, "package of " + item.getName()));
            }
        };
    }
}
