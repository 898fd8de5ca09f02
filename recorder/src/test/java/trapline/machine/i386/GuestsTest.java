package trapline.machine.i386;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.alu.Flags;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.TapeReader;
import trapline.machine.tape.TapeRow;

/** Whole guests: checksums known from QEMU, Bochs and a C model; traps as QEMU 7.2 logged them. */
class GuestsTest {
    private static final Scheduler ONE = Scheduler.roundRobin(1000);

    @ParameterizedTest
    @CsvSource({"loop10k.elf,S9f032ddf", "loop1m.elf,S63b8e0a6", "trap500.elf,B000001f4D000001f4F94e1d7beEffffbda9"})
    void printsItsChecksum(String guest, String console) {
        Machine machine = Guests.machine(Guests.resource(guest));
        RunResult result = machine.run(ONE, Long.MAX_VALUE);
        assertThat(result.reason()).isEqualTo(EndReason.EXIT);
        assertThat(machine.console()).isEqualTo(console + "\n");
    }

    /**
     * Vector, EIP of the log, EFLAGS at the trap, ESP. QEMU clears AF after SHL where hardware sets it; AF is left out here,
     * and the AND on the pushed image (1 before the last) has the PF of the hardware, which saw AF in it.
     */
    @Test
    void tfedgeTrapsAsUnderQemu() {
        List<String> traps = new ArrayList<>();
        Machine machine = Guests.machine(Guests.resource("tfedge.elf"));
        machine.observe(
                new MachineListener() {
                    @Override
                    public void happened(TapeReader row) {
                        if (row.row() != TapeRow.TRAP_ENTRY) {
                            return;
                        }
                        int vector = row.value("vector");
                        int place = row.value("ip") - (vector == Fault.BP ? 1 : 0);
                        int shown = row.value("eflags") & ~Flags.AF;
                        traps.add(String.format("%02x %08x %08x %08x", vector, place, shown, row.value("esp")));
                    }
                },
                Observation.NONE);
        machine.run(ONE, Long.MAX_VALUE);
        assertThat(traps)
                .containsExactly(
                        "01 0010005a 00000146 001011e8",
                        "01 0010005d 00000102 001011e8",
                        "01 00100060 00000187 001011e8",
                        "01 00100065 00000187 001011e8",
                        "01 00100067 00000947 001011e8",
                        "01 00100068 00000947 001011e4",
                        "01 00100069 00000947 001011e8",
                        "03 00100069 00000947 001011e8",
                        "01 0010006b 00000947 001011e8",
                        "01 0010006e 00000947 001011e8",
                        "01 00100071 00000947 001011e8",
                        "01 00100072 00000947 001011e8",
                        "01 00100073 00000947 001011e4",
                        "01 0010007a 00000102 001011e4",
                        "01 0010007b 00000847 001011e8");
    }

    @ParameterizedTest
    @CsvSource({"loop10k.elf", "trap500.elf", "tfedge.elf"})
    void observedOrNotTheRunEndsInTheSameState(String guest) {
        Machine plain = Guests.machine(Guests.resource(guest));
        Machine observed = Guests.machine(Guests.resource(guest));
        observed.observe(
                new MachineListener() {},
                new Observation(List.of(
                        new Observation.Entry(Observation.Kind.VARIABLE, 0x10_1100, 4, 0, 1, "v"),
                        new Observation.Entry(Observation.Kind.TEXT, 0x10_0040, 16, 0, 1, "t"),
                        new Observation.Entry(Observation.Kind.FUNCTION, 0x10_0050, 0, 0, 1, "f"))));
        assertThat(observed.run(ONE, Long.MAX_VALUE)).isEqualTo(plain.run(ONE, Long.MAX_VALUE));
        assertThat(observed.stateDigest()).isEqualTo(plain.stateDigest());
    }

    @Test
    void stepLimitStopsAnywhereAndGoesOn() {
        Machine whole = Guests.machine(Guests.resource("trap500.elf"));
        Machine pieces = Guests.machine(Guests.resource("trap500.elf"));
        whole.run(ONE, Long.MAX_VALUE);
        RunResult result = pieces.run(ONE, 7);
        assertThat(result.step()).isEqualTo(7);
        while (!result.reason().isFinal()) {
            result = pieces.run(ONE, 7);
        }
        assertThat(pieces.stateDigest()).isEqualTo(whole.stateDigest());
    }
}
