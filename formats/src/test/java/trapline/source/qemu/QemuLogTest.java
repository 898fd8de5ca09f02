package trapline.source.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventKind;
import trapline.source.qemu.LogText.Trap;
import trapline.text.EventText;

class QemuLogTest {

    private static final long PROBE = 0xffffffff81349959L;
    private static final long OTHER_PROBE = 0xffffffff81278d65L;
    private static final long SLOT = 0xffffffffc0201010L;
    private static final long SP = 0xffffc90000013db8L;
    private static final String LIST = """
            ffffffff81349959  k  vfs_read+0x9    [DISABLED]
            ffffffff81278d65  k  strncpy+0x5
            ffffffff81349950  k  vfs_read+0x0    [FTRACE]
            """;

    private final List<Event> events = new ArrayList<>();
    private List<String> lines = List.of();

    private QemuLog.Summary read(LogText log) throws IOException {
        return read(log.toString(), LIST);
    }

    private QemuLog.Summary read(String log, String texts) throws IOException {
        QemuLog qemu = new QemuLog();
        qemu.text(new BufferedReader(new StringReader(texts)));
        qemu.survey(stream(log), bytes -> {});
        EventText text = new EventText(qemu.header("test", "test").textTables());
        events.clear();
        QemuLog.Summary summary = qemu.read(stream(log), event -> events.add(event.copy()), bytes -> {});
        lines = events.stream()
                .map(text::line)
                .map(line -> line.replaceAll("\\s+", " ").strip())
                .toList();
        return summary;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Probe probe(QemuLog.Summary summary, long address) {
        return summary.probes().stream()
                .filter(p -> p.address() == address)
                .findFirst()
                .orElseThrow();
    }

    private List<Event> of(EventKind kind) {
        return events.stream().filter(e -> e.kind() == kind).toList();
    }

    @Test
    void aStepThatEndsInASecondInt3() throws IOException {
        QemuLog.Summary summary = read(new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(3, SLOT + 2).flags(2).sp(SP - 8))
                .trap(Trap.of(14, 0x401000).user()));
        assertThat(lines)
                .startsWith(
                        "0 0 ffffffff81349959 trap #BP ip+1 cs=10 fl=202 sp=ffffc90000013db8 n=1",
                        "0 0 ffffffff81349959 regs ax=0 cx=2 dx=3 bx=1 sp=ffffc90000013db8 bp=6 si=4 di=5",
                        "0 0 ffffffff81349959 regs64 r8=8 r9=9 r10=a r11=b r12=c r13=d r14=e r15=f",
                        "0 0 ffffffff81349959 current 0>&vfs_read+0x9");
        assertThat(lines.toString())
                .contains("status none>ACTIVE", "status ACTIVE>SS", "status SS>SSDONE")
                .contains("iret ip=ffffffffc0201010 cs=10 fl=2 ")
                .contains("iret ip=ffffffff8134995b cs=10 fl=202 ")
                .contains("\"hit, stepped by a second int3\"");
        assertThat(probe(summary, PROBE).hits()).isEqualTo(1);
        assertThat(probe(summary, PROBE).by(Probe.Mechanism.INT3)).isEqualTo(1);
        assertThat(summary.gaps()).isZero();
    }

    @Test
    void aStepByTf() throws IOException {
        QemuLog.Summary summary = read(new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(1, SLOT + 2).flags(0x102).dr6(0xffff4ff0L))
                .trap(Trap.of(14, 0x401000).user()));
        assertThat(probe(summary, PROBE).by(Probe.Mechanism.TF)).isEqualTo(1);
        assertThat(lines.toString())
                .contains("iret ip=ffffffffc0201010 cs=10 fl=102 ", "trap #DB cs=10 fl=102", "dr6=ffff4ff0")
                .doesNotContain("SSDONE");
    }

    @Test
    void aHitWithoutASecondTrap() throws IOException {
        QemuLog.Summary summary = read(new LogText().trap(Trap.of(3, PROBE)).trap(Trap.of(0xec, 0xffffffff8134995dL)));
        assertThat(probe(summary, PROBE).by(Probe.Mechanism.ONE_TRAP)).isEqualTo(1);
        assertThat(lines.toString()).contains("current &vfs_read+0x9>0").doesNotContain("status ACTIVE>SS");
        assertThat(of(EventKind.TRAP_ENTRY).get(1).value(TrapEntry.ORIGIN)).isEqualTo(1);
    }

    @Test
    void aHitInAHandlerIsAReEntry() throws IOException {
        QemuLog.Summary summary = read(new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(3, OTHER_PROBE).flags(6).sp(SP - 0x510).ax(77))
                .trap(Trap.of(3, SLOT + 0x14).flags(6).sp(SP - 0x510).ax(77))
                .trap(Trap.of(3, SLOT + 2).flags(2).sp(SP - 8))
                .trap(Trap.of(14, 0x401000).user()));
        assertThat(probe(summary, OTHER_PROBE).hits()).isZero();
        assertThat(probe(summary, OTHER_PROBE).missed()).isEqualTo(1);
        assertThat(probe(summary, PROBE).hits()).isEqualTo(1);
        assertThat(lines.toString())
                .contains("status ACTIVE>REENTER", "status REENTER>ACTIVE", "\"missed, stepped by a second int3\"");
    }

    @Test
    void faultsOfAHandlerAreMissesToOldKernels() throws IOException {
        LogText log = new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(14, 0xffffffff815d88e7L).flags(2).sp(SP - 0x500).ax(1))
                .trap(Trap.of(3, SLOT + 2).flags(2))
                .trap(Trap.of(14, 0x401000).user());
        String list = LIST + "p:k/vr_push vfs_read+9\n";
        QemuLog.Summary old = read(log.toString(), list + "  vr_push                  1               1\n");
        assertThat(probe(old, PROBE).faults()).isEqualTo(1);
        assertThat(probe(old, PROBE).missed()).isZero();
        assertThat(probe(old, PROBE).disagrees()).isFalse();
        QemuLog.Summary today = read(log.toString(), list + "  vr_push                  1               0\n");
        assertThat(probe(today, PROBE).disagrees()).isFalse();
        QemuLog.Summary wrong = read(log.toString(), list + "  vr_push                  1               2\n");
        assertThat(probe(wrong, PROBE).disagrees()).isTrue();
    }

    @Test
    void aFaultInTheSlotCancelsTheStep() throws IOException {
        QemuLog.Summary summary = read(new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(14, SLOT).flags(2))
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(3, SLOT + 2).flags(2))
                .trap(Trap.of(14, 0x401000).user()));
        assertThat(probe(summary, PROBE).by(Probe.Mechanism.FAULT)).isEqualTo(1);
        assertThat(probe(summary, PROBE).by(Probe.Mechanism.INT3)).isEqualTo(1);
        assertThat(probe(summary, PROBE).missed()).isZero();
    }

    @Test
    void cpusAreToldApartByTheirTaskSegments() throws IOException {
        QemuLog.Summary summary = read(new LogText()
                .trap(Trap.of(3, PROBE).cpu(1))
                .sameNumber()
                .trap(Trap.of(3, PROBE).sp(0xffffc90000113db8L))
                .skipNumbers(1)
                .trap(Trap.of(3, SLOT + 2).flags(2).cpu(1))
                .trap(Trap.of(3, SLOT + 2).flags(2).sp(0xffffc90000113db8L))
                .trap(Trap.of(14, 0x401000).user())
                .trap(Trap.of(14, 0x401000).user().cpu(1)));
        assertThat(summary.cpus()).isEqualTo(2);
        assertThat(summary.gaps()).isZero();
        assertThat(of(EventKind.TRAP_ENTRY)).extracting(Event::cpu).containsExactly(1, 0, 1, 0, 0, 1);
        assertThat(probe(summary, PROBE).hits()).isEqualTo(2);
        assertThat(probe(summary, PROBE).by(Probe.Mechanism.INT3)).isEqualTo(2);
    }

    @Test
    void linesOfTwoCpusThatAreMixed() throws IOException {
        LogText log = new LogText();
        Trap first = Trap.of(3, PROBE);
        Trap second = Trap.of(14, 0xffffffff81000000L).cpu(1);
        String header = log.header(first);
        int torn = header.indexOf(" env->");
        String other = log.header(second);
        log.raw(header.substring(0, torn) + other + header.substring(torn))
                .raw(log.state(second))
                .raw(log.state(first));
        QemuLog.Summary summary = read(log.toString(), LIST);
        assertThat(summary.gaps()).isZero();
        assertThat(of(EventKind.TRAP_ENTRY)).extracting(Event::ip).containsExactly(PROBE, 0xffffffff81000000L);
        assertThat(of(EventKind.TRAP_ENTRY)).extracting(Event::cpu).containsExactly(0, 1);
    }

    @Test
    void missingAndTornRecordsAreLost() throws IOException {
        LogText log = new LogText()
                .trap(Trap.of(3, PROBE))
                .skipNumbers(2)
                .trap(Trap.of(14, 0x401000).user());
        QemuLog.Summary summary = read(log);
        assertThat(summary.gaps()).isEqualTo(1);
        assertThat(of(EventKind.LOST)).extracting(e -> e.value(Lost.COUNT)).containsExactly(2L);

        String whole = new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(14, 0x401000).user())
                .toString();
        for (int length = 1; length < whole.length() - 60; length += 7) {
            QemuLog.Summary cut = read(whole.substring(0, length), LIST);
            boolean first = length > whole.length() / 2 - 100;
            assertThat(cut.traps() + cut.gaps()).as("cut at %d", length).isBetween(0L, 2L);
            assertThat(first || cut.traps() <= 1).isTrue();
        }
    }

    @Test
    void numbersThatBeginAgainAreLost() throws IOException {
        String once = new LogText()
                .trap(Trap.of(3, PROBE))
                .trap(Trap.of(14, 0x401000).user())
                .toString();
        assertThat(read(once + once, LIST).gaps()).isEqualTo(1);
        assertThat(of(EventKind.LOST)).extracting(e -> e.value(Lost.COUNT)).containsExactly(-1L);
    }

    @Test
    void otherLinesAreKeptAsMarks() throws IOException {
        QemuLog.Summary summary = read(new LogText()
                .raw("check_exception old: 0xffffffff new 0xe\nServicing hardware INT=0xec\n")
                .trap(Trap.of(14, 0x401000).user())
                .raw("Triple fault\n")
                .trap(Trap.of(3, PROBE)));
        assertThat(of(EventKind.MARK)).extracting(Event::text).containsExactly("Triple fault");
        assertThat(summary.gaps()).isZero();
    }

    @Test
    void thirtyTwoBitGuests() throws IOException {
        read(
                new LogText()
                        .trap(Trap.of(3, 0xc1165859L).narrow())
                        .trap(Trap.of(14, 0x401000).user().narrow())
                        .toString(),
                "c1165859  k  ksys_read+0x19\n");
        assertThat(lines)
                .startsWith(
                        "0 0 c1165859 trap #BP ip+1 cs=10 fl=202/IF sp=13db8 n=1",
                        "0 0 c1165859 regs ax=0 cx=2 dx=3 bx=1 sp=13db8 bp=6 si=4 di=5");
        assertThat(of(EventKind.REGISTERS64)).isEmpty();
    }

    @Test
    void whatTheKernelPrintsNamesItsProbes() throws IOException {
        QemuLog.Summary summary = read(
                new LogText().trap(Trap.of(3, PROBE)).toString(),
                LIST
                        + "  vr_push                  1               0\n"
                        + "  nested                   5               3\n"
                        + "              dd-93      [000] ..Zff     1.925360: vr_push: (vfs_read+0x9/0x310)\n");
        assertThat(probe(summary, PROBE).name()).isEqualTo("vr_push");
        assertThat(probe(summary, PROBE).disagrees()).isFalse();
        assertThat(probe(summary, OTHER_PROBE).name()).isEqualTo("nested");
        assertThat(probe(summary, OTHER_PROBE).disagrees()).isTrue();
    }

    @Test
    void probesThatAreDefinedAndSymbols() throws IOException {
        QemuLog.Summary summary = read(
                new LogText().trap(Trap.of(3, PROBE)).toString(),
                "p:k/vr_push vfs_read+9 fn=+0(%si):ustring\nffffffff81349950 T vfs_read\n");
        assertThat(probe(summary, PROBE).hits()).isEqualTo(1);
        assertThat(probe(summary, PROBE).place()).isEqualTo("vfs_read+0x9");
    }

    @Test
    void endlessLinesTakeNoMemory() throws IOException {
        String noise = "\0".repeat(3_000_000);
        QemuLog.Summary summary = read(
                new LogText()
                        .trap(Trap.of(3, PROBE))
                        .raw(noise + "\n")
                        .trap(Trap.of(14, 0x401000).user())
                        .raw(noise)
                        .toString(),
                LIST);
        assertThat(summary.traps()).isEqualTo(2);
        assertThat(of(EventKind.MARK)).hasSize(3);
    }
}
