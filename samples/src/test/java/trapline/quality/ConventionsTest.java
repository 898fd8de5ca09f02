package trapline.quality;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Habits that a compiler does not check. */
class ConventionsTest {
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
                .doNotHaveFullyQualifiedName("trapline.analyze.Tool")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(Ours.CLASSES);
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
