package trapline.quality;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

/** The arrows between modules, between packages, and to the libraries. */
class ArrowsTest {
    private static void mayNotUse(String[] users, String... used) {
        noClasses()
                .that()
                .resideInAnyPackage(users)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(used)
                .check(Ours.CLASSES);
    }

    private static void onlyIn(String library, String... users) {
        noClasses()
                .that()
                .resideOutsideOfPackages(users)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(Ours.CLASSES);
    }

    @Test
    void everyClassStandsAtAStationOfThePicture() {
        classes()
                .should()
                .resideInAnyPackage(Ours.both(Ours.both(Ours.FORMATS, Ours.ANALYZER), Ours.RECORDER))
                .check(Ours.CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("trapline.(*)..").should().beFreeOfCycles().check(Ours.CLASSES);
    }

    @Test
    void formatsDependOnNothingOfOurs() {
        mayNotUse(Ours.FORMATS, Ours.both(Ours.ANALYZER, Ours.RECORDER));
    }

    @Test
    void theAnalyzerKnowsNoEmulator() {
        mayNotUse(Ours.ANALYZER, Ours.RECORDER);
    }

    @Test
    void onlyRecordingUsesTheAnalyzer() {
        mayNotUse(
                new String[] {"trapline.guest..", "trapline.machine..", "trapline.schedule..", "trapline.scenario.."},
                Ours.ANALYZER);
    }

    @Test
    void theMachineKnowsTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("trapline.machine..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("trapline.machine..", "java..", "org.jspecify..")
                .check(Ours.CLASSES);
    }

    @Test
    void replayAndChecksKnowNoCommandLineAndNoFiles() {
        mayNotUse(
                new String[] {"trapline.replay..", "trapline.checks.."},
                "trapline.cli..",
                "trapline.commands..",
                "trapline.report..",
                "trapline.verdicts..",
                "com.fasterxml..",
                "java.nio.file..");
    }

    @Test
    void onlyOneRoomKnowsChronicle() {
        onlyIn("net.openhft..", "trapline.chronicle..");
    }

    @Test
    void onlyCommandsKnowPicocli() {
        onlyIn("picocli..", "trapline.cli..", "trapline.commands..", "trapline.record..");
    }

    @Test
    void onlyTheExportKnowsParquet() {
        onlyIn("org.apache.parquet..", "trapline.export..");
    }

    @Test
    void nobodyLogs() {
        onlyIn("org.slf4j..");
        onlyIn("java.util.logging..");
    }
}
