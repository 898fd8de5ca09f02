package trapline.quality;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages. */
class ArrowsTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("trapline");

    @Test
    void theAnalyzerKnowsNoEmulator() {
        noClasses()
                .that()
                .resideInAPackage("trapline.analyze..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("trapline.record..")
                .check(OURS);
    }
}
