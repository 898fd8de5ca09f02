package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.codec.FlagBursts;
import trapline.events.Eflags;
import trapline.machine.tape.FlagLog;

/** The machine fills what the journal's writer reads, and neither may see the other: their layouts meet here. */
class FlagBurstLayoutTest {
    @Test
    void aBurstsCountTakesTheSameBitsOnBothSides() {
        assertThat(FlagLog.COUNT_BITS).isEqualTo(FlagBursts.COUNT_BITS);
    }

    @Test
    void whatOneSidePacksTheOtherUnpacks() {
        for (int eflags = 0; eflags < 1 << 22; eflags++) {
            int control = eflags & ~Eflags.STATUS;
            assertThat(FlagBursts.eflags(control, FlagLog.pack(eflags))).isEqualTo(eflags);
        }
    }
}
