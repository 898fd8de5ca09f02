package trapline.quality;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** No wall clock, no unseeded randomness and no thread timing reaches a run. */
class DeterminismTest {
    /** What a run consists of. {@code trapline.record} may look at a clock, to show progress. */
    private static final String[] RUN = {
        "trapline.machine..", "trapline.guest..", "trapline.schedule..", "trapline.scenario..", "trapline.events.."
    };

    @Test
    void nobodyDrawsFromAnUnseededSource() {
        // The one word that no input may know marks the terminal controls that are the program's own.
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("trapline.cli.VisibleOutput")
                .should()
                .callConstructor(Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(ThreadLocalRandom.class, SecureRandom.class)
                .check(Ours.CLASSES);
    }

    @Test
    void aRunLooksAtNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(RUN)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethodWhere(target(owner(JavaClass.Predicates.resideInAPackage("java.time..")))
                        .and(target(nameMatching("now|system.*|tick.*"))))
                .check(Ours.CLASSES);
    }

    @Test
    void aRunHasOneThread() {
        noClasses()
                .that()
                .resideInAnyPackage(RUN)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent..")
                .check(Ours.CLASSES);
    }
}
