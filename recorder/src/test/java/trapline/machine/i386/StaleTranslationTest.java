package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.Observation;
import trapline.machine.tape.Observation.Entry;
import trapline.machine.tape.Observation.Kind;

/**
 * A guest that changes a page table and forgets INVLPG sees old translations or new ones, as the TLB has it. Which ones
 * must not depend on whether somebody watches.
 */
class StaleTranslationTest {
    private static final int FAR_DATA = 0x11_0000;
    private static final int OTHER = 0x5_0000;
    private static final int BEHIND_STORE = Lab.CODE + 15;

    private static Lab lab(String program) {
        Lab lab = new Lab();
        lab.program(program, Lab.EXIT);
        lab.store(Lab.DATA, 0x1111);
        lab.store(FAR_DATA, 0x1111);
        lab.store(OTHER, 0x2222);
        lab.paging();
        return lab;
    }

    private static int[] registers(Lab lab) {
        assertThat(lab.run().reason()).isEqualTo(EndReason.EXIT);
        return IntStream.range(0, 8).map(lab.cpu::reg).toArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // mov DATA,%eax; movl its page to OTHER; mov DATA,%ebx
                "a1 00 00 03 00  c7 05 c0 10 04 00 07 00 05 00  8b 1d 00 00 03 00",
                // as above, with an int3 before the second look: its frame is the first in its page, its handler known
                "cc bc 00 80 02 00  a1 00 00 03 00  c7 05 c0 10 04 00 07 00 05 00  cc  8b 1d 00 00 03 00",
                // the same in a page whose entry of the TLB is also that of the code
                "a1 00 00 11 00  c7 05 40 14 04 00 07 00 05 00  8b 1d 00 00 11 00",
                // as the first, with a jump to a page from which nothing was executed before
                "a1 00 00 03 00  c7 05 c0 10 04 00 07 00 05 00  68 1b 00 01 00 68 00 00 06 00 c3 90  8b 1d 00 00 03 00"
            })
    void areTheSameWhileObserved(String program) {
        Lab plain = lab(program);
        plain.code(0x6_0000, "c3");
        plain.machine.observe(null, Observation.NONE);
        int[] unobserved = registers(plain);
        assertThat(unobserved[Cpu.EAX]).isEqualTo(0x1111);
        assertThat(unobserved[Cpu.EBX]).as("what the TLB has, not the table").isEqualTo(0x1111);
        for (Observation objects : List.of(
                Observation.NONE,
                of(Kind.FUNCTION, BEHIND_STORE),
                of(Kind.VARIABLE, Lab.DATA),
                of(Kind.TEXT, Lab.DATA),
                of(Kind.TEXT, FAR_DATA),
                of(Kind.VARIABLE, OTHER),
                of(Kind.TEXT, OTHER))) {
            Lab observed = lab(program);
            observed.code(0x6_0000, "c3");
            observed.observe(objects);
            assertThat(registers(observed)).as("%s", objects).isEqualTo(unobserved);
            assertThat(observed.machine.stateDigest()).as("%s", objects).isEqualTo(plain.machine.stateDigest());
        }
    }

    private static Observation of(Kind kind, int address) {
        return new Observation(List.of(new Entry(kind, address, 4, 0, 1, "observed")));
    }
}
