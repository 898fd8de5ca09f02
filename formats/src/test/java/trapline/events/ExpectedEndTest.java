package trapline.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExpectedEndTest {

    @Test
    void oneForAllFlows() {
        assertThat(ExpectedEnd.of("name: x\nexpect-end: bug # as row D11 says\ncpus: 1\n", "any-flow"))
                .isEqualTo("bug");
        assertThat(ExpectedEnd.of("expect-end: \"die\"\n", "f")).isEqualTo("die");
        assertThat(ExpectedEnd.of("expect: >\n  expect-end: bug\n", "f")).isEmpty();
        assertThat(ExpectedEnd.of("name: x\n", "f")).isEmpty();
    }

    @Test
    void oneForEachFlow() {
        String flowStyle = "expect-end: {linux-3.16: bug, default: exit, \"linux-5.13\": die}\ncpus: 1\n";
        String blockStyle = """
                expect-end:
                  default: exit
                  # the kernel says so itself
                  linux-3.16: bug
                  linux-5.13: die
                cpus: 1
                """;
        for (String text : new String[] {flowStyle, blockStyle}) {
            assertThat(ExpectedEnd.of(text, "linux-3.16")).isEqualTo("bug");
            assertThat(ExpectedEnd.of(text, "linux-5.13")).isEqualTo("die");
            assertThat(ExpectedEnd.of(text, "linux-2.6.24")).isEqualTo("exit");
        }
        assertThat(ExpectedEnd.of("expect-end: {linux-3.16: bug}\n", "linux-2.6.24"))
                .isEmpty();
    }

    @Test
    void aWordThatIsNoEndIsRefused() {
        assertThatThrownBy(() -> ExpectedEnd.checked("explosion")).hasMessageContaining("triple_fault");
        assertThat(ExpectedEnd.checked("limit")).isEqualTo("limit");
    }
}
