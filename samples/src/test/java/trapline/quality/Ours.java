package trapline.quality;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;

/** The classes of all modules, tests apart, and the packages of each module. */
final class Ours {
    static final String[] FORMATS = {
        "trapline.events..",
        "trapline.text..",
        "trapline.block..",
        "trapline.codec..",
        "trapline.chronicle..",
        "trapline.zip..",
        "trapline.journal..",
        "trapline.bundle..",
        "trapline.exchange..",
        "trapline.source.."
    };
    static final String[] ANALYZER = {
        "trapline.replay..",
        "trapline.checks..",
        "trapline.latency..",
        "trapline.diff..",
        "trapline.report..",
        "trapline.tables..",
        "trapline.export..",
        "trapline.verdicts..",
        "trapline.manual..",
        "trapline.cli..",
        "trapline.commands.."
    };
    static final String[] RECORDER = {
        "trapline.guest..",
        "trapline.machine..",
        "trapline.linux..",
        "trapline.qemu..",
        "trapline.schedule..",
        "trapline.scenario..",
        "trapline.recording..",
        "trapline.explore..",
        "trapline.review..",
        "trapline.record.."
    };

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/test/trapline/"))
            .importPackages("trapline")
            .that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("trapline.quality..")));

    private Ours() {}

    static String[] both(String[] some, String... others) {
        String[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }
}
