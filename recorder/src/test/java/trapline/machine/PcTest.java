package trapline.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import trapline.machine.bus.EndReason;
import trapline.machine.i386.Cpu;

/** The devices of a PC, seen by programs of a few bytes in real mode: code at 0x1000, vectors at 0. */
class PcTest {
    private static final int CODE = 0x1000;
    private static final int HANDLER = 0x2000;
    private static final Scheduler ONE = Scheduler.roundRobin(1000);

    private static final String EXIT = "e6 f4";
    /** Sets both interrupt controllers up, vectors 0x20 and 0x28, with the given masks. */
    private static final String PICS =
            "b0 11 e6 20 e6 a0 b0 20 e6 21 b0 28 e6 a1 b0 04 e6 21 b0 02 e6 a1 b0 01 e6 21 e6 a1";

    private static String masks(int first, int second) {
        return String.format("b0 %02x e6 21 b0 %02x e6 a1", first, second);
    }

    private static Machine machine(String... hex) {
        Machine machine = new Machine(1 << 20, 1, PcPlan.DEFAULT);
        load(machine, CODE, String.join(" ", hex));
        machine.startMultiboot(CODE, 0);
        // INT 0x20 to the handler, by a real-mode table: PE is cleared first.
        for (int vector = 0x20; vector < 0x30; vector++) {
            load(machine, 4 * vector, "00 20 00 00");
        }
        return machine;
    }

    /** Leaves protected mode with flat segments: 32-bit code at CPL 0 goes on, interrupts take the table at 0. */
    private static final String REAL = "0f 20 c0 24 fe 0f 22 c0 bc 00 90 00 00";

    /** As {@link #REAL}, and on in 16-bit code with CS = 0, to which an interrupt can return. */
    private static final String REAL_16 = REAL + "ea 14 10 00 00 00 00";

    private static void load(Machine machine, int at, String hex) {
        machine.memory().load(at, java.util.HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static RunResult run(Machine machine) {
        return machine.run(ONE, 1_000_000);
    }

    /** HLT with the timer running: time goes on to the interrupt, whose handler exits with what it read. */
    @Test
    void haltGoesOnToTheTimer() {
        // channel 0, mode 2, 1000 ticks; sti; hlt; out 0xf4
        Machine machine = machine(REAL, PICS, masks(0xfe, 0xff), "b0 34 e6 43 b0 e8 e6 40 b0 03 e6 40 fb f4");
        load(machine, HANDLER, "b0 07 " + EXIT);
        RunResult result = run(machine);
        assertThat(result.reason()).isEqualTo(EndReason.EXIT);
        assertThat(result.exitCode() & 0xff).isEqualTo(7);
        assertThat(result.step()).isLessThan(60);
    }

    @Test
    void haltWithNothingToComeEndsTheRun() {
        assertThat(run(machine(REAL, PICS, masks(0xff, 0xff), "fb f4")).reason())
                .isEqualTo(EndReason.HALTED);
        assertThat(run(machine(REAL, PICS, masks(0xfe, 0xff), "b0 34 e6 43 b0 e8 e6 40 b0 03 e6 40 fa f4"))
                        .reason())
                .isEqualTo(EndReason.HALTED);
    }

    /** The transmitter's interrupt comes as soon as it is enabled, and its cause is acknowledged by reading it. */
    @Test
    void serialPortAsksForMore() {
        Machine machine =
                machine(REAL, PICS, masks(0xef, 0xff), "66 ba fc 03 b0 08 ee 66 ba f9 03 b0 02 ee fb f4 b0 01", EXIT);
        // mov $0x3fa,%dx; in; out 0xf4: the cause
        load(machine, HANDLER, "ba fa 03 ec " + EXIT);
        RunResult result = run(machine);
        assertThat(result.reason()).isEqualTo(EndReason.EXIT);
        assertThat(result.exitCode() & 0xff).isEqualTo(2);
    }

    @Test
    void receivedBytesAreRead() {
        Machine machine = machine("66 ba f8 03 ec 88 c4 ec 00 e0", EXIT);
        machine.serial().receive("AB".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(run(machine).exitCode() & 0xff).isEqualTo('A' + 'B');
    }

    @Test
    void clockShowsTheTimeOfThePlan() {
        Machine machine = machine("b0 09 e6 70 e4 71 88 c4 b0 08 e6 70 e4 71 00 e0", EXIT);
        assertThat(run(machine).exitCode() & 0xff).as("year 08 and month 01").isEqualTo(0x08 + 0x01);
    }

    @Test
    void screenIsShownAsText() {
        Machine machine = machine("c7 05 00 80 0b 00 48 07 69 07", EXIT);
        run(machine);
        assertThat(machine.screen()).isEqualTo("Hi");
    }

    @Test
    void resetEndsTheRun() {
        RunResult result = run(machine("b0 fe e6 64", EXIT));
        assertThat(result.reason()).isEqualTo(EndReason.HALTED);
        assertThat(result.detail()).contains("reset");
    }

    @Test
    void unknownModelRegisterIsAFault() {
        Machine machine = machine("b9 1b 00 00 00 0f 32 89 c3 b9 ff ff 00 00 0f 32");
        RunResult result = run(machine);
        assertThat(machine.cpu(0).reg(Cpu.EBX)).as("APIC base").isEqualTo(0xfee0_0900);
        assertThat(result.reason()).isEqualTo(EndReason.TRIPLE_FAULT);
        assertThat(result.eip()).isEqualTo(CODE + 14);
    }

    /** A run with a capture and a restore, on a machine of its own, after each instruction equals one without. */
    @Test
    void capturedAnywhereEqualsNeverCaptured() {
        String[] program = {
            REAL_16,
            PICS,
            masks(0xee, 0xff),
            "b0 34 e6 43 b0 20 e6 40 b0 00 e6 40",
            "ba fc 03 b0 08 ee ba f9 03 b0 02 ee d9 e8 d9 eb de f9 fb",
            "b9 40 00 e4 40 e6 80 49 75 f9 f4 f4 b0 05",
            EXIT
        };
        Machine plain = machine(program);
        load(plain, HANDLER, "50 ba fa 03 ec b0 20 e6 20 58 cf");
        RunResult expected = run(plain);
        assertThat(expected.reason()).isEqualTo(EndReason.EXIT);
        assertThat(expected.exitCode() & 0xff).isEqualTo(5);
        Machine here = machine(program);
        load(here, HANDLER, "50 ba fa 03 ec b0 20 e6 20 58 cf");
        Machine there = machine(program);
        RunResult last;
        do {
            last = here.run(ONE, 1);
            there.restore(here.capture());
            Machine other = here;
            here = there;
            there = other;
        } while (!last.reason().isFinal());
        assertThat(last).isEqualTo(expected);
        assertThat(here.stateDigest()).isEqualTo(plain.stateDigest());
    }
}
