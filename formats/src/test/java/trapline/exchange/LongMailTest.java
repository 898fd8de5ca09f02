package trapline.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.block.JournalHeader;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;

/** Mails in which the digits that number lines begin anew. */
class LongMailTest {
    private static final int EVENTS = 9000;

    private static String mail() {
        return mail("");
    }

    private static String mail(String scenario) {
        JournalHeader header = new JournalHeader(
                "trapline test",
                1,
                "machine",
                "retired instructions",
                1,
                true,
                List.of(EventKind.values()),
                List.of(),
                List.of(),
                Map.of(),
                "long",
                "",
                "",
                scenario,
                "");
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(new Event()
                    .begin(EventKind.EFLAGS_WRITE, 3L * i, 0, 0x1000 + i % 7)
                    .set(EflagsWrite.OLD, 2)
                    .set(EflagsWrite.NEW, 2)
                    .ordinal(i));
        }
        return MailWriter.text(header, true, true, true, events, "");
    }

    private static List<Event> lost(MailReader.Mail mail) {
        return mail.events().stream().filter(e -> e.kind() == EventKind.LOST).toList();
    }

    @Test
    void areReadWhole() {
        MailReader.Mail mail = MailReader.read(mail(), "mail");
        assertThat(mail.lost()).isZero();
        assertThat(mail.events()).hasSize(EVENTS);
    }

    /** What it says of the end of its run is not the end of the mail. */
    @Test
    void areReadWholeWhereTheRunIsMeantToEndInABug() {
        MailReader.Mail mail = MailReader.read(mail("expect-end: bug\n"), "mail");
        assertThat(mail.lost()).isZero();
        assertThat(mail.events()).hasSize(EVENTS);
        assertThat(mail.header().textTables().expectedEnd()).isEqualTo("bug");
    }

    @ParameterizedTest
    @CsvSource({
        "20, 1",
        "20, 1295",
        "20, 1296",
        "20, 1297",
        "1290, 1296",
        "5000, 1296",
        "100, 2592",
        "700, 7776",
        "40, 8000"
    })
    void aGapOfAnyLengthIsSeenWhereItIs(int from, int count) {
        List<String> lines = new ArrayList<>(mail().lines().toList());
        lines.subList(from, from + count).clear();
        MailReader.Mail mail = MailReader.read(String.join("\n", lines), "mail");
        assertThat(mail.lost()).isEqualTo(1);
        assertThat(mail.events()).hasSize(EVENTS - count + 1);
        assertThat(lost(mail)).singleElement().satisfies(gap -> {
            assertThat(gap.text()).isEqualTo("lines are missing in the mail");
            Event behind = mail.events().get((int) gap.ordinal() + 1);
            assertThat(behind.step() - gap.step()).isEqualTo(3L * (count + 1));
        });
    }

    @Test
    void aDamagedLineCostsItselfAlone() {
        List<String> lines = new ArrayList<>(mail().lines().toList());
        for (int at = 50; at < EVENTS; at += 100) {
            lines.set(at, lines.get(at).replace("eflags", "eflag5"));
        }
        MailReader.Mail mail = MailReader.read(String.join("\n", lines), "mail");
        assertThat(mail.lost()).isEqualTo(EVENTS / 100);
        assertThat(mail.events()).hasSize(EVENTS); // a gap for each
    }

    /** A tag is made of the whole number of its line: where it is made of the last digits alone, each new start is a gap. */
    @Test
    void tagsThatBeginAnewAreDamage() {
        StringBuilder damaged = new StringBuilder();
        int number = 0;
        for (String line : mail().lines().toList()) {
            int tag = line.lastIndexOf(" ~");
            String words = MailLine.words(tag < 0 ? line : line.substring(0, tag));
            damaged.append(tag < 0 ? line : words + " " + MailLine.tag(number++ % MailLine.NUMBERS, words))
                    .append('\n');
        }
        MailReader.Mail mail = MailReader.read(damaged.toString(), "mail");
        assertThat(mail.lost()).isEqualTo(EVENTS / MailLine.NUMBERS);
        assertThat(lost(mail)).hasSize(EVENTS / MailLine.NUMBERS);
    }
}
