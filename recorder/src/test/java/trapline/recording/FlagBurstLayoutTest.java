package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trapline.codec.FlagBursts;
import trapline.events.Eflags;
import trapline.events.FlagCause;
import trapline.events.InjectKind;
import trapline.events.SwitchReason;
import trapline.events.TextActor;
import trapline.events.TrapOrigin;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Tape;

/** The machine fills what the journal's writer reads, and neither may see the other: their layouts meet here. */
class FlagBurstLayoutTest {
    @Test
    void aBurstsCountTakesTheSameBitsOnBothSides() {
        assertThat(Tape.COUNT_BITS).isEqualTo(FlagBursts.COUNT_BITS);
    }

    @Test
    void whatOneSidePacksTheOtherUnpacks() {
        for (int eflags = 0; eflags < 1 << 22; eflags++) {
            int control = eflags & ~Eflags.STATUS;
            assertThat(FlagBursts.eflags(control, Tape.pack(eflags))).isEqualTo(eflags);
        }
    }

    @Test
    void whatTheMachineCountsTheEventsCountAlike() {
        assertThat(FlagCause.ALU.code()).isEqualTo(MachineListener.CAUSE_ALU);
        assertThat(FlagCause.POPF.code()).isEqualTo(MachineListener.CAUSE_POPF);
        assertThat(FlagCause.IRET.code()).isEqualTo(MachineListener.CAUSE_IRET);
        assertThat(FlagCause.GATE.code()).isEqualTo(MachineListener.CAUSE_GATE);
        assertThat(FlagCause.STI_CLI.code()).isEqualTo(MachineListener.CAUSE_STI_CLI);
        assertThat(FlagCause.CLD_STD.code()).isEqualTo(MachineListener.CAUSE_CLD_STD);
        assertThat(FlagCause.CARRY.code()).isEqualTo(MachineListener.CAUSE_CARRY);
        assertThat(FlagCause.SAHF.code()).isEqualTo(MachineListener.CAUSE_SAHF);
        assertThat(FlagCause.FRAME.code()).isEqualTo(MachineListener.CAUSE_FRAME);
        assertThat(TrapOrigin.INSTRUCTION.code()).isEqualTo(MachineListener.ORIGIN_INSTRUCTION);
        assertThat(TrapOrigin.EXTERNAL.code()).isEqualTo(MachineListener.ORIGIN_EXTERNAL);
        assertThat(TrapOrigin.INJECTED.code()).isEqualTo(MachineListener.ORIGIN_INJECTED);
        assertThat(TextActor.GUEST.code()).isEqualTo(MachineListener.BY_GUEST);
        assertThat(TextActor.DEBUGGER.code()).isEqualTo(MachineListener.BY_DEBUGGER);
        assertThat(TextActor.INJECTION.code()).isEqualTo(MachineListener.BY_INJECTION);
        assertThat(SwitchReason.QUANTUM.code()).isEqualTo(MachineListener.SWITCH_SCHEDULED);
        assertThat(SwitchReason.HALTED.code()).isEqualTo(MachineListener.SWITCH_HALTED);
        assertThat(SwitchReason.SCHEDULE.code()).isEqualTo(MachineListener.SWITCH_ORDERED);
        assertThat(SwitchReason.START.code()).isEqualTo(MachineListener.SWITCH_START);
        assertThat(InjectKind.NMI.code()).isEqualTo(MachineListener.INJECT_NMI);
        assertThat(InjectKind.IRQ.code()).isEqualTo(MachineListener.INJECT_IRQ);
        assertThat(InjectKind.POKE.code()).isEqualTo(MachineListener.INJECT_POKE);
        assertThat(InjectKind.NOT_PRESENT.code()).isEqualTo(MachineListener.INJECT_PAGE);
    }
}
