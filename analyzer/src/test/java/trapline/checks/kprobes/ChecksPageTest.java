package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import trapline.checks.CheckInfo;

class ChecksPageTest {

    @Test
    void theReferencePageIsCurrent() throws IOException {
        Path page = Path.of("CHECKS.md");
        if (Boolean.getBoolean("update.expected")) {
            Files.writeString(page, Undecided.page());
        }
        assertThat(Files.readString(page)).isEqualTo(Undecided.page());
    }

    @Test
    void everyInvariantIsJudgedOrSaidToBeInvisible() {
        Set<String> covered = new TreeSet<>();
        Checks.infos().forEach(info -> covered.add(info.invariant()));
        for (Undecided undecided : Undecided.values()) {
            covered.add(undecided.invariant());
        }
        for (int number = 1; number <= 41; number++) {
            assertThat(covered).contains("V" + number);
        }
    }

    @Test
    void idsAreStableWords() {
        assertThat(Checks.infos())
                .extracting(CheckInfo::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[A-Z0-9]+(-[A-Z0-9]+)*"));
    }
}
