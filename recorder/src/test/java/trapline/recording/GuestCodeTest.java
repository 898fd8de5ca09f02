package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import trapline.block.JournalHeader;
import trapline.diff.Code;
import trapline.events.Symbol;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;

class GuestCodeTest {

    /** Carries nothing: all comes from the catalogue. */
    private static final Path NO_JOURNAL = Path.of("src");

    private static GuestImage image() throws GuestException {
        Map<String, byte[]> objects = new LinkedHashMap<>();
        for (String name : List.of("runtime/runtime.o", "flows/linux-2.6.24.o", "workloads/plain-probe.o")) {
            objects.put(name, Objects.requireNonNull(GuestBuild.find(name)));
        }
        return GuestBuild.of(objects, false).image();
    }

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
        GuestImage image = image();
        Symbol handler = Objects.requireNonNull(image.symbols().find("kprobe_handler"));
        String text = GuestCode.of(NO_JOURNAL, header(image, image.digests())).at(handler.address());
        assertThat(text).startsWith("push ").endsWith("[linux-2.6.24.c:10]");
        assertThat(GuestCode.of(NO_JOURNAL, header(image, image.digests())).absence())
                .isEmpty();
        Code other = GuestCode.of(NO_JOURNAL, header(image, Map.of("flows/linux-2.6.24.o", "00")));
        assertThat(other.at(handler.address())).isEmpty();
        assertThat(other.listing(handler.address(), handler.address() + 16)).isEmpty();
        assertThat(other.absence()).contains("another build");
        Code own = GuestCode.of(NO_JOURNAL, header(image, image.digests()));
        assertThat(own.at(0)).isEmpty();
        assertThat(own.source(handler.address())).isEqualTo("linux-2.6.24.c:10");
    }

    @Test
    void aFunctionIsListedFromItsFirstByteToItsLast() throws Exception {
        GuestImage image = image();
        Symbol handler = Objects.requireNonNull(image.symbols().find("kprobe_handler"));
        List<Code.Instruction> listing = GuestCode.of(NO_JOURNAL, header(image, image.digests()))
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
