package trapline.machine.i386;

import trapline.machine.bus.MachineEnd;

/** An instruction that the machine does not implement: reaching it ends the run. */
final class Unsupported extends Instruction {
    private final String what;

    Unsupported(Decoded d, String what) {
        super(d);
        this.what = what;
    }

    @Override
    void execute(Cpu c) {
        StringBuilder bytes = new StringBuilder();
        for (byte b : Debugger.peek(c, c.seg.base[Cpu.CS] + eip, next - eip)) {
            bytes.append(String.format(" %02x", b));
        }
        throw MachineEnd.unsupported(String.format("%s at %08x:%s", what, eip, bytes));
    }
}
