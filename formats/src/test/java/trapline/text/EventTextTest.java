package trapline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import trapline.events.Event;
import trapline.events.EventFields;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.Observed;
import trapline.events.ObservedKind;
import trapline.events.SymbolTable;
import trapline.events.TrapVector;

class EventTextTest {

    private static final String HEADER = """
            @cpus 2
            @eflags control
            @without call_entry text_read
            @observe status 20000/4+64*2 kprobe_status
            @observe current 20010/4+64*2 current_kprobe
            @observe watch 20020/4+0*1 preempt_count
            @observe function 100300/0+0*1 pre_handler:p1
            @observe probe 30000/40+0*1 p1
            @symbol 100200+50 kprobe_handler
            """;

    private static final String EVENTS = """
                  1  0 104a10 trap    #BP ip+1 cs=8 fl=202/IF sp=8ff0 n=3
                  1  0 100210 current 0>&p1  ; kprobe_handler+0x10
                  1  0 100214 status  none>ACTIVE  ; kprobe_handler+0x14
                  2  0 100218 status  [1] SS>REENTER  ; kprobe_handler+0x18
                  3  1 10021c watch   preempt_count 1>2  ; kprobe_handler+0x1c
                  4  0 100220 call    pre_handler:p1(30000,8ff0,0) ret=100225
                  5  0 100300 ret     pre_handler:p1 =0
                  6  0 100230 eflags  202/IF>102/TF frame n=3  ; kprobe_handler+0x30
                  7  0 100240 iret    ip=50000 cs=8 fl=102/TF sp=8ff0 n=3
                  8  0  50001 trap    #DB cs=8 fl=102/TF sp=8ff0 dr6=4000 n=4
                  9  0 100250 trap    #PF cs=8 fl=10202/IF,RF sp=8ff0 err=2 at=1000
                  9  0 100250 trap    #32 cs=60 fl=2 sp=8ff0 n=9 external
                 10  0 100250 read    104a10+1 =cc
                 10  0 100250 write   104a10+1 cc>55 debugger
                 11  0 100250 switch  cpu1 quantum
                 12  0      0 inject  irq cpu1 20 =0
                 13  0 100250 mark    =5 "two \\"words\\"\\nand \\u00e4"
                 13  0 104a15 differs eax 5>7 at=104a10 probe=&p1 n=3
                 13  0 104a15 differs memory=8fec 5>7 at=104a10 n=3 excuse=4
                 13  0 104a15 hit     stepped at=104a10 probe=&p1 n=3 differs=2
                 13  0 104a15 hit     not_compared at=104a10 probe=9f n=4 excuse=1
                 14  0      0 lost    -1 until 90 "a damaged block"
                 15  0 100250 halt    exit =0 ""
            """;

    @Test
    void aFileIsWrittenAsItWasRead() {
        EventTextFile file = EventTextFile.parse(HEADER + EVENTS, "x.events");
        assertThat(file.tables().cpus()).isEqualTo(2);
        assertThat(file.tables().eflagsAll()).isFalse();
        assertThat(file.tables().delivers()).doesNotContain(EventKind.CALL_ENTRY, EventKind.TEXT_READ);
        assertThat(file.format()).isEqualTo(HEADER + EVENTS);
    }

    @Test
    void notesMayBeMissing() {
        EventTextFile file = EventTextFile.parse(HEADER + EVENTS, "x.events");
        String bare = EVENTS.replaceAll("  ;.*", "").replaceAll("/[A-Z,]+", "");
        List<Event> again = EventTextFile.parse(HEADER + bare, "y.events").events();
        for (int i = 0; i < again.size(); i++) {
            assertThat(again.get(i).sameAs(file.events().get(i)))
                    .as("%s", again.get(i))
                    .isTrue();
        }
    }

    @Test
    void everyEventSurvivesAndStaysNarrow() {
        long seed = Long.getLong("seed", 20080102);
        Random random = new Random(seed);
        EventTextTables tables = EventTextFile.parse(HEADER, "x").tables();
        EventText text = new EventText(tables);
        EventTextParser parser = new EventTextParser(tables);
        Event back = new Event();
        for (int i = 0; i < 20_000; i++) {
            Event event = random(random);
            String line = text.line(event);
            parser.parse(line, back);
            assertThat(back.sameAs(event))
                    .as("seed %d, %s, %s", seed, line, event)
                    .isTrue();
            assertThat(line.length()).as("seed %d, %s", seed, line).isLessThanOrEqualTo(EventText.COLUMNS);
        }
    }

    private static Event random(Random random) {
        EventKind kind = List.of(EventKind.values()).get(random.nextInt(18));
        long eip = 0x100000L + random.nextInt(0x8000);
        Event event = new Event().begin(kind, random.nextInt(9_999_999), random.nextInt(2), eip);
        for (int i = 0; i < kind.fields().size(); i++) {
            Field field = kind.fields().get(i);
            event.set(i, value(field, random));
        }
        if (kind.hasText()) {
            event.text(random.nextBoolean() ? "" : "note " + random.nextInt(100));
        }
        if (kind == EventKind.TRAP_ENTRY) {
            // What the architecture defines: an error code without DR6, CR2 for a page fault only.
            boolean external = event.value(EventFields.TrapEntry.ORIGIN) != 0;
            event.set(EventFields.TrapEntry.ERROR, external ? -1 : random.nextInt(16));
            event.set(EventFields.TrapEntry.DR6, 0);
            if (event.value(EventFields.TrapEntry.VECTOR) != TrapVector.PF) {
                event.set(EventFields.TrapEntry.ADDRESS, 0);
            } else {
                event.set(EventFields.TrapEntry.ORIGIN, 0);
            }
            event.set(
                    EventFields.TrapEntry.IP,
                    eip + (event.value(EventFields.TrapEntry.VECTOR) == TrapVector.BP ? 1 : 0));
            event.set(EventFields.TrapEntry.CS, 0x60);
            event.set(EventFields.TrapEntry.EFLAGS, random.nextInt(0x20000));
        }
        return event;
    }

    private static long value(Field field, Random random) {
        return switch (field.type()) {
            case LABEL -> random.nextInt(field.labels().size());
            case OBSERVED -> random.nextInt(5);
            case VECTOR -> random.nextInt(256);
            case DECIMAL -> random.nextInt(100);
            default -> random.nextInt(0x1000000);
        };
    }

    @Test
    void sixtyFourBitValuesAreKept() {
        EventText text = new EventText(EventTextTables.EMPTY);
        Event event = new Event().begin(EventKind.TRAP_EXIT, Long.MAX_VALUE, 0, 0xffffffff81000000L);
        event.set(0, 0xffffffff81000000L).set(1, 0x10).set(2, 0x246).set(3, -1).set(4, Long.MAX_VALUE);
        Event back = new Event();
        new EventTextParser(EventTextTables.EMPTY).parse(text.line(event), back);
        assertThat(back.sameAs(event)).isTrue();
    }

    @Test
    void aWrongLineIsNamed() {
        assertWrong("1 0 0 trip #BP", "f:1: 'trip' is no kind of event");
        assertWrong("1 0", "f:1: eip is missing");
        assertWrong("\n1 7 0 mark =1 \"\"", "f:2: CPU 7 of 1");
        assertWrong("1 0 0 status SS>DONE", "f:1: the observation table has no status");
        assertWrong("1 0 0 ret nothing =0", "f:1: the observation table has no 'nothing'");
        assertWrong("1 0 0 mark =1 x", "f:1: the quoted text is missing or broken");
        assertWrong("1 0 0 switch cpu1 quantum now", "f:1: 'now' is too much");
        assertWrong("@observe status here", "f:1: not 'KIND ADDRESS/SIZE+STRIDE*COUNT NAME': status here");
        assertWrong("@cpu 2", "f:1: no such line: @cpu");
    }

    private static void assertWrong(String text, String message) {
        assertThatThrownBy(() -> EventTextFile.parse(text, "f")).hasMessage(message);
    }

    @Test
    void namesThatCannotStandInALineAreNumbers() {
        Observed spaced = new Observed(ObservedKind.WATCH, "two words", 0, 4, 0, 1);
        EventTextTables tables =
                new EventTextTables(1, Set.of(EventKind.values()), true, List.of(spaced, spaced), SymbolTable.EMPTY);
        Event event = new Event()
                .begin(EventKind.WATCH, 1, 0, 0)
                .set(0, 1)
                .set(1, 0)
                .set(2, 0)
                .set(3, 1);
        String line = new EventText(tables).line(event);
        assertThat(line).contains("?1");
        Event back = new Event();
        new EventTextParser(tables).parse(line, back);
        assertThat(back.sameAs(event)).isTrue();
    }
}
