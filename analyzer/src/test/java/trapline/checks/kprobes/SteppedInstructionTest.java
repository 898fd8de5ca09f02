package trapline.checks.kprobes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.checks.Verdict;
import trapline.text.EventTextFile;

/** What EIP-AFTER-STEP and RETURN-ADDRESS expect of a step depends on the bytes of the stepped instruction. */
class SteppedInstructionTest {

    /** A trace with other bytes at the probed instruction, the first of which is under the int3. */
    private static String[] bytes(String bytes, String old) {
        String[] hex = bytes.split(" ", -1);
        List<String> more = new ArrayList<>();
        for (int i = 1; i < hex.length; i++) {
            more.add(String.format("\n    105  0 101b10 read    %x+1 =%s", 0x104010 + i, hex[i]));
        }
        return new String[] {
            "read    104010+1 =" + old,
            "read    104010+1 =" + hex[0] + String.join("", more),
            "write   104010+1 " + old + ">cc",
            "write   104010+1 " + hex[0] + ">cc"
        };
    }

    private static EventTextFile step(String bytes, String stepEnds, String goesOn) throws IOException {
        List<String> edits = new ArrayList<>(List.of(bytes(bytes, "55")));
        edits.addAll(List.of("110001 trap    #DB", stepEnds + " trap    #DB", "ip=104011 cs", "ip=" + goesOn + " cs"));
        return Traces.edited("EIP-AFTER-STEP.pass", edits.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "55,          110001, 104011, PASS", // push: relative to its place
        "55,          110001, 104012, FAIL",
        "55,          110001, 110001, FAIL", // still in the slot
        "55,          104051, 104051, FAIL",
        "eb 10,       110012, 104022, PASS", // short jump
        "c3,          104051, 104051, PASS", // near return: eip is loaded
        "c3,          104051, 104052, FAIL",
        "c2,          104051, 104051, PASS",
        "ca,          104051, 104051, PASS",
        "cb,          104051, 104051, PASS",
        "cf,          104051, 104051, PASS",
        "ea,          104051, 104051, PASS",
        "9a,          104051, 104051, PASS",
        "c3,          110001, 104011, FAIL",
        "c3,          110009, 110009, FAIL",
        "ff d0,       104051, 104051, PASS", // call *%eax
        "ff d8,       104051, 104051, PASS", // lcall
        "ff e0,       104051, 104051, PASS", // jmp *%eax
        "ff e8,       104051, 104051, PASS", // ljmp
        "ff d0,       110002, 104012, FAIL",
        "ff e8,       110002, 104012, FAIL",
        "ff c8,       110002, 104012, PASS", // dec %eax
        "ff c8,       104051, 104051, FAIL",
        "ff f0,       110002, 104012, PASS", // push %eax
        "ff f0,       104051, 104051, FAIL",
        "ff,          104051, 104051, PASS", // not known which: either will do
        "ff,          110002, 104012, PASS",
        "ff,          110002, 104013, FAIL",
        "f3 c3,       104051, 104051, PASS", // a prefix changes nothing
        "f3 c3,       110001, 104011, FAIL",
        "66 2e ff e0, 104051, 104051, PASS",
        "66 55,       110002, 104012, PASS",
        "f3,          104051, 104051, PASS",
    })
    void eipAfterTheStepFollowsFromTheOpcode(String bytes, String stepEnds, String goesOn, Verdict expected)
            throws IOException {
        assertThat(Traces.result(step(bytes, stepEnds, goesOn), "EIP-AFTER-STEP")
                        .verdict())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "e8, FAIL",
        "9a, FAIL",
        "66 e8, FAIL",
        "ff d0, FAIL",
        "ff d8, FAIL",
        "ff e0, NOT_EXERCISED",
        "ff c8, NOT_EXERCISED",
        "ff, NOT_EXERCISED",
        "55, NOT_EXERCISED",
        "c3, NOT_EXERCISED",
        "eb d0, NOT_EXERCISED",
    })
    void onlyCallsLeaveAReturnAddressBehind(String bytes, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited("RETURN-ADDRESS.fail", bytes(bytes, "e8"));
        assertThat(Traces.result(trace, "RETURN-ADDRESS").verdict()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "149  0 110000, FAIL",
        "149  0 11000f, FAIL",
        "149  0 110010, PASS", // another slot
        "149  0 104112, PASS",
    })
    void theReturnIntoTheSlotShowsByWhatRunsThere(String where, Verdict expected) throws IOException {
        EventTextFile trace = Traces.edited("RETURN-ADDRESS.fail", "149  0 110005", where);
        assertThat(Traces.result(trace, "RETURN-ADDRESS").verdict()).isEqualTo(expected);
    }
}
