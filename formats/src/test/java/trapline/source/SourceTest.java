package trapline.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.block.JournalHeader;
import trapline.events.Architecture;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventKind;
import trapline.exchange.MailReader;
import trapline.exchange.MailWriter;
import trapline.journal.Journal;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventText;
import trapline.text.EventTextFile;

/** What a source says of its CPUs goes all the way, with addresses and flags of 64 bits. */
class SourceTest {

    private static final String X86_64 = """
            @cpus 1
            @arch x86_64
            @without watch
            @observe function ffffffff81026a40/1+0*1 pre_handler:p1
            @symbol ffffffff81026a40+40 handler_pre
              10  0 ffffffff81026b10 trap    #BP ip+1 cs=10 fl=246/IF sp=ffffc90000013d58 n=1
              14  0 ffffffff81026a40 call    pre_handler:p1(ffffffffa0002000,ffffc90000013ca8,0) ret=ffffffff81027000
            """;

    @TempDir
    Path directory;

    private static final class Stored implements Source {

        private final EventTextFile file;

        Stored(String text) {
            file = EventTextFile.parse(text, "trace");
        }

        @Override
        public JournalHeader header() {
            var t = file.tables();
            return new JournalHeader(
                    "test",
                    1,
                    "text",
                    "lines",
                    t.cpus(),
                    t.eflagsAll(),
                    Stream.of(EventKind.values()).filter(t.delivers()::contains).toList(),
                    t.observed(),
                    t.symbols().symbols(),
                    Map.of(),
                    "trace",
                    "",
                    "",
                    "",
                    "",
                    t.architecture(),
                    t.from());
        }

        @Override
        public End deliver(EventConsumer events) {
            file.events().forEach(events::accept);
            return new End(0);
        }
    }

    private Path store(Source source) throws IOException {
        Path path = directory.resolve(source.header().source() + ".journal");
        try (JournalWriter writer = JournalWriter.create(path, source.header(), JournalOptions.DEFAULT)) {
            assertThat(source.deliver(writer).gaps()).isZero();
            writer.finish();
        }
        return path;
    }

    private static List<String> lines(Journal journal) throws IOException {
        EventText text = new EventText(journal.header().textTables());
        List<String> lines = new ArrayList<>();
        journal.read(event -> lines.add(text.line(event)));
        return lines;
    }

    @Test
    void whereARecordingBeginsGoesThroughJournalAndMail() throws IOException {
        Stored later = new Stored(X86_64.replace("@arch", "@from 9\n@arch"));
        assertThat(EventTextFile.parse(later.file.format(), "again").tables().from())
                .isEqualTo(9);
        String mail;
        try (Journal journal = Journal.open(store(later))) {
            assertThat(journal.header().from()).isEqualTo(9);
            mail = MailWriter.text(journal.header(), true, true, true, later.file.events(), "");
        }
        assertThat(MailReader.read(mail, "mail").header().from()).isEqualTo(9);
        assertThat(new Stored(X86_64).header().from()).isZero();
        for (String step : List.of("-3", "first", "0x10", "99999999999999999999")) {
            assertThatThrownBy(() -> new Stored("@from " + step + "\n"))
                    .hasMessage("trace:1: a recording can't begin at step " + step);
        }
    }

    @Test
    void theArchitectureAndWideEventsGoThroughJournalAndMail() throws IOException {
        List<String> lines;
        String mail;
        try (Journal journal = Journal.open(store(new Stored(X86_64)))) {
            assertThat(journal.header().architecture()).isEqualTo(Architecture.X86_64);
            assertThat(journal.header().architecture().argumentRegisters()).startsWith("di", "si");
            lines = lines(journal);
            List<Event> events = new ArrayList<>();
            journal.read(event -> events.add(event.copy()));
            mail = MailWriter.text(journal.header(), true, true, true, events, "");
        }
        assertThat(String.join("\n", lines)).contains("ffffffff81026b10", "sp=ffffc90000013d58", "a0002000");
        Source fromMail = MailReader.read(mail, "mail");
        try (Journal journal = Journal.open(store(fromMail))) {
            assertThat(journal.header().architecture()).isEqualTo(Architecture.X86_64);
            assertThat(lines(journal)).isEqualTo(lines);
        }
    }

    /** The journals that there are do not change. */
    @Test
    void whatIsNotNamedIsI386() throws IOException {
        Path path = store(new Stored(X86_64.replace("@arch x86_64\n", "")));
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("architecture");
            }
        }
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.header().architecture()).isEqualTo(Architecture.I386);
        }
    }

    @Test
    void anUnknownArchitectureIsSaid() {
        assertThatThrownBy(() -> new Stored(X86_64.replace("x86_64", "pdp11")))
                .hasMessage("trace:2: 'pdp11' is no architecture that is known");
    }
}
