package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import trapline.block.JournalHeader;
import trapline.diff.Code;
import trapline.events.Symbol;
import trapline.guest.GuestImage;
import trapline.guest.Linker;

class GuestCodeTest {

    private static JournalHeader header(GuestImage image, Map<String, String> digests) {
        return new JournalHeader(
                "test",
                1,
                "machine",
                "retired instructions",
                1,
                true,
                List.of(),
                image.observed(),
                image.symbols().symbols(),
                digests,
                "plain-probe",
                "linux-2.6.24",
                "plain-probe",
                "",
                "");
    }

    @Test
    void theInstructionAndItsLineAreFoundWhileTheObjectsAreTheSame() throws Exception {
        GuestImage image = Linker.link(GuestBuild.objects("linux-2.6.24", "plain-probe"));
        Symbol handler = Objects.requireNonNull(image.symbols().find("kprobe_handler"));
        String text = GuestCode.of(header(image, image.digests())).at(handler.address());
        assertThat(text).startsWith("push ").endsWith("[linux-2.6.24.c:10]");
        assertThat(GuestCode.of(header(image, image.digests())).absence()).isEmpty();
        Code other = GuestCode.of(header(image, Map.of("other.o", "00")));
        assertThat(other.at(handler.address())).isEmpty();
        assertThat(other.listing(handler.address(), handler.address() + 16)).isEmpty();
        assertThat(other.absence()).contains("another build");
        assertThat(GuestCode.of(header(image, image.digests())).at(0)).isEmpty();
    }

    @Test
    void aFunctionIsListedFromItsFirstByteToItsLast() throws Exception {
        GuestImage image = Linker.link(GuestBuild.objects("linux-2.6.24", "plain-probe"));
        Symbol handler = Objects.requireNonNull(image.symbols().find("kprobe_handler"));
        List<Code.Instruction> listing = GuestCode.of(header(image, image.digests()))
                .listing(handler.address(), handler.address() + handler.size());
        long next = handler.address();
        for (Code.Instruction instruction : listing) {
            assertThat(instruction.address()).isEqualTo(next);
            assertThat(instruction.text()).isNotEqualTo("(bad)");
            assertThat(instruction.source()).matches("[a-z0-9.-]+\\.[ch]:\\d+");
            next += instruction.length();
        }
        assertThat(next).isEqualTo(handler.address() + handler.size());
    }
}
