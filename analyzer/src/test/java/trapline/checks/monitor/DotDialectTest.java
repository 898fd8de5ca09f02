package trapline.checks.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The DOT that the kernel's Runtime Verification generator reads and writes, and what is wrong with other text. */
class DotDialectTest {

    /** As the kernel ships its models: comments, node lists with and without shapes, quoted and bare names. */
    private static final String WIP = """
            // one line
            # another
            /* and a
               longer one */
            digraph state_automaton {
                {node [shape = circle] "non_preemptive"};
                {node [shape = plaintext, style=invis, label=""] "__init_preemptive"};
                {node [shape = doublecircle] "preemptive"};
                {node [shape = circle] "preemptive"};
                "__init_preemptive" -> "preemptive";
                "non_preemptive" [label = "non_preemptive"];
                "non_preemptive" -> "non_preemptive" [ label = "status_ss\\nstatus_ssdone" ];
                "non_preemptive" -> "preemptive" [ label = "preempt_enable" ];
                "preemptive" [label = "preemptive"];
                "preemptive" -> "non_preemptive" [ label = "preempt_disable" ];
                { rank = min ;
                    "__init_preemptive";
                    "preemptive";
                }
            }
            """;

    private static Automaton parse(String text) {
        return DotParser.parse(text, "m.dot");
    }

    @Test
    void aModelOfTheKernelIsRead() {
        Automaton automaton = parse(WIP);
        assertThat(automaton.initial()).isEqualTo("preemptive");
        assertThat(automaton.states()).containsExactlyInAnyOrder("preemptive", "non_preemptive");
        assertThat(automaton.finals()).containsExactly("preemptive");
        assertThat(automaton.alphabet())
                .containsExactlyInAnyOrder("status_ss", "status_ssdone", "preempt_enable", "preempt_disable");
        assertThat(automaton.transitions())
                .containsEntry("preemptive", Map.of("preempt_disable", "non_preemptive"))
                .containsEntry(
                        "non_preemptive",
                        Map.of(
                                "status_ss",
                                "non_preemptive",
                                "status_ssdone",
                                "non_preemptive",
                                "preempt_enable",
                                "preemptive"));
    }

    @Test
    void otherSpellingsMeanTheSame() {
        Automaton chained = parse("digraph g { subgraph s { node [shape=ellipse]; b } size = 7,11; edge [color=red];"
                + " __init_a -> a; a -> b -> c [label=bug; color=\"a \\\"quoted\\\" one\"]; b -> c [label=\"warn\"] }");
        assertThat(chained.states()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(chained.finals()).containsExactly("b");
        assertThat(chained.transitions().get("b")).isEqualTo(Map.of("bug", "c", "warn", "c"));
        assertThat(chained.transitions().get("a")).isEqualTo(Map.of("bug", "b"));
    }

    @Test
    void whoeverIsOnAnEdgeIsAState() {
        Automaton automaton = parse("digraph g { __init_a -> a; c -> b [label = bug] }");
        assertThat(automaton.states()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void aQuoteWithinQuotesIsEscaped() {
        Automaton automaton = parse("digraph g { __init_a -> a; \"b\\\"c\" -> a [label = \"bug\\nwarn\"] }");
        assertThat(automaton.states()).containsExactlyInAnyOrder("a", "b\"c");
        assertThat(automaton.alphabet()).containsExactlyInAnyOrder("bug", "warn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "strict digraph g { }",
                "graph g { __init_a -> a }",
                "digraph g { __init_a -> a; a -> a [label = bug] } }",
                "digraph g { __init_a -> a; a -> a [label = bug ",
                "digraph g { __init_a -> a; a -> a [label = ",
                "digraph g { __init_a -> a; a -> a [label ",
                "digraph g { __init_a -> a; a -> ",
                "digraph g { __init_a -> a; a -- a [label = bug] }",
                "digraph g { __init_a -> a; { a ",
                "digraph g { subgraph s a }",
                "digraph g { __init_a -> a; /* open",
                "digraph g { __init_a -> \"a\\",
                "digraph g { __init_a -> a; __init_b -> b; a -> b [label = bug] }",
                "digraph { __init_a -> a; a -> a [label = \"bug\\nbu;g\"] }",
                "",
            })
    void otherTextIsRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("m\\.dot:[0-9]+:[0-9]+: .+");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "digraph g {~  __init_a -> a~  a -> a [label = \"no;thing\"]~} | 3:10",
                "digraph g {~// x~/* y~ z */ a -> }                        | 4:12",
                "digraph g {~  \"__init_a\" -> \"a\" }~ x                    | 3:2",
                "digraph g {~#x~  a -> b [label=\"bug\"]; a -> c [label=\"bug\"]; __init_a -> a } | 3:25",
                "digraph g { a -> b [label=\"\"]; }                         | 1:20",
                "digraph g {~__init_a -> a [label=bug]; a -> a [label=bug]} | 2:15",
                "digraph g {~__init_a -> b; a -> b [label=bug]}             | 2:13",
                "digraph g {~{node \"__init_c\"}; a -> b [label=bug]}        | 2:7",
            })
    void thePlaceIsThatOfTheMistake(String text, String place) {
        assertThatThrownBy(() -> parse(text.replace('~', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("m.dot:" + place + ": ");
    }

    @Test
    void bracesWithinBracesHaveALimit() {
        String deep = "digraph g { __init_a -> a; a -> a [label = bug] " + "{".repeat(32) + "}".repeat(33);
        assertThat(parse(deep).states()).containsExactly("a");
        assertThatThrownBy(() -> parse(deep.replace("{}", "{{}}"))).hasMessageContaining("too many braces");
        assertThatThrownBy(() -> parse("digraph g " + "{".repeat(5000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too many braces within each other");
    }
}
