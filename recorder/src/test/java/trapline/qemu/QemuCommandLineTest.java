package trapline.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QemuCommandLineTest {

    @Test
    void wordsAreSplitAsAShellDoes() {
        QemuCommandLine line =
                QemuCommandLine.parse("qemu-system-i386  -append 'console=ttyS0 n=1' -name \"a \\\"b\\\"\" c\\ d ''");
        assertThat(line.words())
                .containsExactly("qemu-system-i386", "-append", "console=ttyS0 n=1", "-name", "a \"b\"", "c d", "");
        assertThat(line.argument("append")).isEqualTo("console=ttyS0 n=1");
        assertThat(line.argument("smp")).isEmpty();
    }

    @Test
    void anOpenQuoteAndNothingAreRefused() {
        assertThatThrownBy(() -> QemuCommandLine.parse("qemu 'a")).hasMessageContaining("within a quote");
        assertThatThrownBy(() -> QemuCommandLine.parse("  ")).hasMessageContaining("is empty");
    }

    @Test
    void countsCpus() {
        assertThat(QemuCommandLine.parse("qemu").cpus()).isEqualTo(1);
        assertThat(QemuCommandLine.parse("qemu -smp 4").cpus()).isEqualTo(4);
        assertThat(QemuCommandLine.parse("qemu -smp sockets=2,cpus=2").cpus()).isEqualTo(2);
    }

    @Test
    void watchesHaveNameSymbolAndOffset() {
        assertThat(Watch.parse("kprobes"))
                .containsExactly(
                        new Watch("kprobe_status", "kprobe_ctlblk", 0),
                        new Watch("current_kprobe", "current_kprobe", 0));
        assertThat(Watch.parse("saved=kprobe_ctlblk+0x10")).containsExactly(new Watch("saved", "kprobe_ctlblk", 16));
        assertThatThrownBy(() -> Watch.parse("x")).hasMessageContaining("NAME=SYMBOL+OFFSET");
    }
}
