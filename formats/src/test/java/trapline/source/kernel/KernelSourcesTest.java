package trapline.source.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import trapline.events.Architecture;
import trapline.events.EventKind;
import trapline.source.Source;
import trapline.text.EventText;

class KernelSourcesTest {

    private static final String OOPS = """
            [   12.345678][  T123] BUG: unable to handle page fault for address: 0000000000000010
            [   12.345679][  T123] #PF: supervisor write access in kernel mode
            [   12.345680][  T123] Oops: 0002 [#1] PREEMPT SMP KASAN
            [   12.345681][  T123] CPU: 1 PID: 93 Comm: dd Not tainted 6.1.0 #1
            [   12.345682][  T123] RIP: 0010:vfs_read+0x2b/0x310
            [   12.345683][  T123] Code: 55 48 89 e5 <0f> 0b 90
            [   12.345684][  T123] RSP: 0018:ffffc90000013db8 EFLAGS: 00010246
            [   12.345685][  T123] RAX: 0000000000000001 RBX: ffff888005594800 RCX: 0000000000000003
            [   12.345686][  T123] R10: 000000000000000a R11: 0000000000000246 R08: 0000000000000008
            [   12.345687][  T123] CR2: 0000000000000010 CR3: 0000000003c5e000 CR4: 00000000000006b0
            [   12.345688][  T123] Call Trace:
            [   12.345689][  T123]  <TASK>
            [   12.345690][  T123]  ksys_read+0x6b/0xf0
            [   12.345691][  T123]  ? do_syscall_64+0x5d/0x90
            [   12.345692][  T123]  </TASK>
            [   12.345693][  T123] ---[ end trace 0000000000000000 ]---
            [   12.345694][  T123] RIP: 0010:other+0x1/0x2
            """;

    private static final String OOPS_I386 = """
            BUG: kernel NULL pointer dereference, address: 00000010
            Oops: 0002 [#1] SMP
            CPU: 0 PID: 37 Comm: dd Not tainted 5.10.46 #1
            EIP: ksys_read+0x19/0xd0
            Code: 55 89 e5 <cc> 90
            EAX: 00000001 EBX: c0109f58 ECX: 00000003 EDX: 00000004
            ESI: 00000005 EDI: 00000006 EBP: c0109f60 ESP: c0109f50
            DS: 007b ES: 007b FS: 00d8 GS: 0000 SS: 0068 EFLAGS: 00010202
            CR0: 80050033 CR2: 00000010 CR3: 00099000 CR4: 00000690
            """;

    private static BufferedReader reader(String text) {
        return new BufferedReader(new StringReader(text));
    }

    private static List<String> lines(Source source) throws IOException {
        EventText text = new EventText(source.header().textTables());
        List<String> lines = new ArrayList<>();
        source.deliver(
                event -> lines.add(text.line(event).replaceAll("\\s+", " ").strip()));
        return lines;
    }

    private static Oops oops(String console) throws IOException {
        return Objects.requireNonNull(OopsText.read(reader(console)));
    }

    @Test
    void lastWordsOfAnX8664Kernel() throws IOException {
        Oops oops = oops("booting\n" + OOPS);
        assertThat(oops.vector()).isEqualTo(14);
        assertThat(oops.cpu()).isEqualTo(1);
        assertThat(oops.place()).isEqualTo("vfs_read+0x2b/0x310");
        assertThat(oops.register("sp")).isEqualTo(0xffffc90000013db8L);
        assertThat(oops.register("r8")).isEqualTo(8);
        assertThat(oops.calls()).containsExactly("ksys_read+0x6b/0xf0", "? do_syscall_64+0x5d/0x90");
        assertThat(oops.code()).contains("<0f>");
        OopsSource source = new OopsSource(oops, "console", "test", 0xffffffff8134997bL, List.of());
        assertThat(source.header().architecture()).isEqualTo(Architecture.X86_64);
        assertThat(source.header().delivers()).doesNotContain(EventKind.TRAP_ENTRY);
        assertThat(lines(source))
                .startsWith("0 1 ffffffff8134997b trap #PF cs=0 fl=10246 sp=ffffc90000013db8 at=10 n=1")
                .contains("0 1 ffffffff8134997b mark =0 \"called by ksys_read+0x6b/0xf0\"")
                .anyMatch(line -> line.contains("die =e \"BUG: unable to handle page fault"));
    }

    @Test
    void lastWordsOfAnI386Kernel() throws IOException {
        Oops oops = oops(OOPS_I386);
        assertThat(oops.vector()).isEqualTo(14);
        assertThat(oops.flags()).isEqualTo(0x10202);
        assertThat(oops.register("sp")).isEqualTo(0xc0109f50L);
        assertThat(oops.register("di")).isEqualTo(6);
        assertThat(oops.isWide()).isFalse();
    }

    @Test
    void noOopsIsNone() throws IOException {
        assertThat(OopsText.read(reader("all is well\n"))).isNull();
    }

    @Test
    void hitsAndFaultsOfPerf() throws IOException {
        TraceSource source = TraceSource.read(reader("""
                        dd    93 [000]     1.925360:       probe:vr_push: (ffffffff81349959) value=0x1
                        dd    93 [001]     1.925370: exceptions:page_fault_kernel: address=0x5b0508 ip=0xffffffff815d88e7 error_code=0x2
                        swapper     0 [000]     1.925380123: probe:vr_push: (ffffffff81349959)
                        """), "perf", "test");
        assertThat(source.header().clock()).isEqualTo("ns");
        assertThat(source.header().cpus()).isEqualTo(2);
        assertThat(source.header().delivers()).doesNotContain(EventKind.TRAP_ENTRY, EventKind.CALL_ENTRY);
        assertThat(lines(source))
                .containsExactly(
                        "1925360000 0 ffffffff81349959 call pre_handler:vr_push(0,0,0) ret=0",
                        "1925370000 1 ffffffff815d88e7 trap #PF cs=0 fl=0 sp=0 err=2 at=5b0508 n=1",
                        "1925370000 1 ffffffff815d88e7 iret ip=ffffffff815d88e7 cs=0 fl=0 sp=0 n=1",
                        "1925380123 0 ffffffff81349959 call pre_handler:vr_push(0,0,0) ret=0",
                        "1925380123 0 0 halt source_end =0 \"\"");
    }

    @Test
    void hitsOfTraceCmdAndWhatItLost() throws IOException {
        TraceSource source = TraceSource.read(reader("""
                        cpus=1
                                      dd-93    [000]     1.925360: vr_push:              (vfs_read+0x9/0x310)
                        CPU:0 [LOST 12 EVENTS]
                                      dd-93    [000] ..Zff     1.925380: vr_push: (vfs_read+0x9/0x310)
                                      dd-93    [000] .....     1.925381: vr_ret: (ksys_read+0x6b/0xf0 <- vfs_read) ret=0x1
                                      dd-93    [000] ..Zff     1.925370: vr_push: (vfs_read+0x9/0x310)
                        """), "trace", "test");
        List<String> lines = lines(source);
        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).contains("lost 12 until", "the tracer lost events");
        assertThat(lines.get(3)).contains("lost -1 until", "times run backwards");
    }

    @Test
    void aTraceOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> TraceSource.read(reader("hello\n"), "x", "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no hit of a probe");
    }
}
