package trapline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.cli.ExitCode;
import trapline.events.EventKind;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.guest.ExecutableWriter;
import trapline.guest.GuestImage;
import trapline.journal.Journal;

/** Guests that go wrong: the run ends with a clear event and message, and the journal is complete up to there. */
class HostileGuestTest {

    private static final int BASE = 0x100000;
    private static final int ENTRY = BASE + 16;
    private static final String MULTIBOOT = "02b0ad1b 00000000 fe4f52e4 00000000";

    @TempDir
    Path folder;

    private final CapturedTrapline trapline = new CapturedTrapline();

    /** Runs machine code, entered behind a Multiboot header, for at most 100,000 instructions. */
    private JsonNode record(ExitCode expected, String code) throws Exception {
        byte[] bytes = HexFormat.of().parseHex((MULTIBOOT + code).replace(" ", ""));
        GuestImage image = new GuestImage(
                ENTRY,
                List.of(new GuestImage.Segment(BASE, bytes, bytes.length + 4096)),
                new SymbolTable(List.of(new Symbol("code", ENTRY, bytes.length - 16))),
                List.of(),
                Map.of());
        Path elf = Files.write(folder.resolve("g.elf"), ExecutableWriter.write(image));
        String journal = folder.resolve("g.journal").toString();
        ExitCode exitCode = trapline.run(
                "record", "--guest", elf.toString(), "-o", journal, "--json", "--set", "limits.instructions=100000");
        assertThat(exitCode).as("%s", trapline.err()).isEqualTo(expected);
        return Recorded.json(trapline.out());
    }

    /** Events of a kind in the journal, which must be closed and undamaged. */
    private long count(EventKind kind) throws Exception {
        try (Journal journal = Journal.open(folder.resolve("g.journal"))) {
            assertThat(journal.closed()).isTrue();
            assertThat(journal.verify()).isEmpty();
            long[] count = new long[1];
            journal.read(e -> count[0] += e.kind() == kind ? 1 : 0);
            return count[0];
        }
    }

    @Test
    void aTripleFaultIsAnEnd() throws Exception {
        JsonNode run = record(ExitCode.LOSSY, "90 cc");
        assertThat(run.get("end").asText()).isEqualTo("triple_fault");
        assertThat(run.get("detail").asText()).contains("at code+0x1");
        assertThat(count(EventKind.HALT)).isEqualTo(1);
    }

    @Test
    void aJumpToUnmappedMemoryIsAnEnd() throws Exception {
        JsonNode run = record(ExitCode.LOSSY, "e9 ebffefef");
        assertThat(run.get("end").asText()).isEqualTo("bad_fetch");
        assertThat(run.get("detail").asText()).contains("0xf0000000");
    }

    @Test
    void anEndlessLoopEndsAtTheLimit() throws Exception {
        JsonNode run = record(ExitCode.LOSSY, "ebfe");
        assertThat(run.get("end").asText()).isEqualTo("limit");
        assertThat(run.get("steps").asLong()).isEqualTo(100_000);
        assertThat(run.get("detail").asText()).contains("at code");
    }

    /** Each repetition of 2^32 - 1 iterations is one step, and would take longer than all that the limit allows. */
    @ParameterizedTest
    @ValueSource(strings = {"f3ac", "f2ae", "f3a6", "f3a5"})
    void endlessRepetitionsEndAtTheLimitToo(String repeated) throws Exception {
        // orl $-1,%ecx; mov %edi,%esi; the instruction; jmp back
        JsonNode run = record(ExitCode.LOSSY, "83c9ff 89fe " + repeated + " ebf7");
        assertThat(run.get("end").asText()).isEqualTo("limit");
        assertThat(run.get("steps").asLong()).isLessThan(100_000);
        assertThat(run.get("detail").asText()).contains("1600000 iterations of repeated instructions at code+0x5");
    }

    @Test
    void anUnsupportedInstructionNamesBytesAddressAndSymbol() throws Exception {
        JsonNode run = record(ExitCode.LOSSY, "90 d9fe");
        assertThat(run.get("end").asText()).isEqualTo("unsupported");
        assertThat(run.get("detail").asText()).contains("x87 instruction d9 fe", "00100011", "code+0x1");
    }

    @Test
    void anUndefinedOpcodeIsATrapOfTheGuests() throws Exception {
        assertThat(record(ExitCode.LOSSY, "90 0f04").get("end").asText()).isEqualTo("triple_fault");
    }

    @Test
    void aReturnToATaskThatIsNoneIsATripleFault() throws Exception {
        JsonNode run = record(ExitCode.LOSSY, "bc00401000 9c 810c2400400000 9d cf");
        assertThat(run.get("end").asText()).isEqualTo("triple_fault");
        assertThat(run.get("detail").asText()).contains("trap 10", "code+0xe");
    }

    @Test
    void aFloodOfBreakpointsAtOneAddressEndsAtTheLimit() throws Exception {
        // An int3 whose handler sets the saved eip back: lgdt, lidt, ljmp, segments, int3; handler: decl (%esp), iret.
        JsonNode run = record(
                ExitCode.LOSSY,
                "bc00401000 0f011550001000 0f011d56001000 ea2a0010000800 b810000000 8ed8 8ed0 cc ff0c24 cf"
                        + "0000000000000000 ffff0000009acf00 ffff00000092cf00 170038001000 1f0060001000 8d742600"
                        + "000000000000000000000000000000000000000000000000 340008 00008e1000");
        assertThat(run.get("end").asText()).isEqualTo("limit");
        assertThat(count(EventKind.TRAP_ENTRY)).isBetween(33_000L, 33_400L);
    }

    @Test
    void aHaltWithNothingPendingIsAnOrdinaryEnd() throws Exception {
        assertThat(record(ExitCode.CLEAN, "fa f4").get("end").asText()).isEqualTo("halted");
    }

    @Test
    void theGuestsExitCodeAndConsoleArrive() throws Exception {
        // 'A' to port 0x3f8; 7 to port 0xf4.
        JsonNode run = record(ExitCode.CLEAN, "66baf803 b041 ee b807000000 66baf400 ef");
        assertThat(run.get("end").asText()).isEqualTo("exit");
        assertThat(run.get("exitCode").asInt()).isEqualTo(7);
        assertThat(run.get("console").asText()).isEqualTo("A");
    }
}
