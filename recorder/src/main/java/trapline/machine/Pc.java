package trapline.machine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import trapline.machine.bus.AlarmClock;
import trapline.machine.bus.EndReason;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.MachineEnd;
import trapline.machine.bus.PhysicalMemory;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.bus.Stateful;
import trapline.machine.device.FwCfg;
import trapline.machine.device.IoApic;
import trapline.machine.device.Keyboard;
import trapline.machine.device.LocalApic;
import trapline.machine.device.Pic;
import trapline.machine.device.Pit;
import trapline.machine.device.Rtc;
import trapline.machine.device.SystemControl;
import trapline.machine.device.TestDevice;
import trapline.machine.device.Uart;

/**
 * The devices of a PC and the wires between them.
 *
 * <pre>
 *   PIT ------ IRQ 0 --+--> 8259 pair --INTR--> CPU 0
 *   keyboard - IRQ 1   |
 *   COM2 ----- IRQ 3   +--> I/O APIC --messages--> local APICs (IRQ 0 is its input 2)
 *   COM1 ----- IRQ 4
 * </pre>
 */
final class Pc implements Stateful {
    static final int COM1 = 0x3f8;
    private static final int COM2 = 0x2f8;
    private static final int SCREEN = 0xb_8000;
    private static final int COLUMNS = 80;
    private static final int ROWS = 25;

    private final PhysicalMemory memory;
    private final Pic pic;
    private final IoApic ioApic;
    private final Keyboard keyboard;
    private final Uart serial;

    Pc(PcPlan plan, PhysicalMemory memory, IoSpace io, AlarmClock clock, List<LocalApic> processors) {
        this.memory = memory;
        pic = new Pic(active -> processors.get(0).attend());
        ioApic = new IoApic(processors, processors.size());
        processors.forEach(apic -> apic.connect(clock, pic, ioApic::endOfInterrupt));
        pic.register(io);
        new Pit(clock, plan.clockHertz(), irq(0)).register(io);
        keyboard = new Keyboard(irq(1), Pc::reset);
        keyboard.register(io);
        serial = new Uart(COM1, irq(4));
        io.register(COM1, Uart.PORTS, serial);
        io.register(COM2, Uart.PORTS, new Uart(COM2, irq(3)));
        io.register(Rtc.BASE, 2, new Rtc(clock, plan.clockHertz(), plan.startSeconds(), memory.sizeBytes()));
        new SystemControl(Pc::reset).register(io);
        io.register(FwCfg.BASE, 2, new FwCfg(memory.sizeBytes(), processors.size()));
        new TestDevice(this::irq).register(io);
        memory.register(IoApic.BASE, IoApic.BYTES, ioApic);
    }

    private static void reset() {
        throw new MachineEnd(EndReason.HALTED, "the guest asked for a reset", 0);
    }

    private IrqLine irq(int number) {
        IrqLine toApic = ioApic.line(number == 0 ? 2 : number);
        if (number >= 16) {
            return toApic;
        }
        IrqLine toPic = pic.line(number);
        return active -> {
            toPic.set(active);
            toApic.set(active);
        };
    }

    Uart serial() {
        return serial;
    }

    Keyboard keyboard() {
        return keyboard;
    }

    /** The text that is on the screen, a line for each row, without what is blank at the ends; empty for a blank screen. */
    String screen() {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            byte[] line = new byte[COLUMNS];
            for (int column = 0; column < COLUMNS; column++) {
                int character = memory.byteAt(SCREEN + 2 * (row * COLUMNS + column));
                line[column] = (byte) (character == 0 ? ' ' : character);
            }
            text.append(new String(line, StandardCharsets.ISO_8859_1).stripTrailing())
                    .append('\n');
        }
        return text.toString().stripTrailing();
    }

    /** The devices at ports save themselves; this is the rest. */
    @Override
    public void save(StateWriter out) {
        ioApic.save(out);
    }

    @Override
    public void load(StateReader in) {
        ioApic.load(in);
    }
}
