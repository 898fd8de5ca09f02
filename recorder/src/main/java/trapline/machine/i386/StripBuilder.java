package trapline.machine.i386;

import java.util.Arrays;
import trapline.machine.bus.EndReason;
import trapline.machine.bus.MachineEnd;
import trapline.machine.bus.PageMarks;
import trapline.machine.tape.Observer;

/** Decodes strips from memory as a CPU sees it. */
final class StripBuilder {
    private final Cpu cpu;
    private final StripCache cache;
    private final Decoder decoder = new Decoder();
    private final byte[] bytes = new byte[Decoder.BYTES_MAX];
    private final Instruction[] scratch = new Instruction[Strip.LENGTH_MAX];

    StripBuilder(Cpu cpu, StripCache cache) {
        this.cpu = cpu;
        this.cache = cache;
    }

    /** The strip at the present CS:EIP, whose physical address is given. Raises fetch faults of its first instruction. */
    Strip build(int physical) {
        if (!cpu.memory.isRam(physical)) {
            String where = String.format("%08x (physical %08x)", cpu.eip, physical);
            throw new MachineEnd(EndReason.NO_CODE, "no memory to execute at " + where, 0);
        }
        int eip = cpu.eip;
        int pageEnd = eip + (PageMarks.PAGE_BYTES - (physical & 0xfff));
        int at = eip;
        int count = 0;
        int physicalNext = -1;
        while (count < Strip.LENGTH_MAX) {
            if (count > 0 && (at == pageEnd || isBoundary(at))) {
                break;
            }
            int available = fetch(at, physical + (at - eip));
            Instruction instruction = decoder.decode(bytes, available, at, cpu.isCodeBig(), cpu.flat);
            if (instruction == null) {
                if (count == 0) {
                    physicalNext = fetchAcross(at, available);
                    instruction = decodeLast(at);
                } else {
                    break;
                }
            } else if (count > 0 && instruction.isAlone) {
                break;
            }
            scratch[count++] = instruction;
            at = instruction.next;
            if (instruction.endsBlock || physicalNext != -1) {
                break;
            }
        }
        return finish(Arrays.copyOf(scratch, count), eip, at, physical, physicalNext);
    }

    private Strip finish(Instruction[] code, int eip, int end, int physical, int physicalNext) {
        int last = physical + (end - eip) - 1;
        int second = (last ^ physical) >>> 12 != 0 ? physicalNext : -1;
        Strip strip = new Strip(cpu, cache, code, eip, end, physical, second);
        for (int i = 1; i < code.length; i++) {
            code[i - 1].following = code[i];
        }
        strip.stop = cpu.stops.isAt(eip);
        strip.function = functionAt(eip);
        register(strip, physical);
        if (second != -1) {
            register(strip, second);
        }
        return strip;
    }

    /** Whether a strip must end before this address. */
    private boolean isBoundary(int eip) {
        return cpu.stops.isAt(eip) || functionAt(eip) >= 0;
    }

    private int functionAt(int eip) {
        Observer observer = cpu.observer;
        return observer == null ? -1 : observer.functionAt(eip);
    }

    private void register(Strip strip, int physical) {
        PageMarks marks = cpu.memory.marksFor(physical);
        marks.addCode(strip);
        strip.markIn(marks, physical >>> 12);
    }

    /** Copies the bytes up to the end of the page or of the segment; returns their number. */
    private int fetch(int eip, int physical) {
        int inPage = PageMarks.PAGE_BYTES - (physical & 0xfff);
        int count = Math.min(Math.min(Decoder.BYTES_MAX, inPage), inSegment(eip));
        System.arraycopy(cpu.memory.ram(), physical, bytes, 0, count);
        return count;
    }

    /** How many bytes of an instruction at {@code eip} the limit allows: none if it is outside. */
    private int inSegment(int eip) {
        int limit = cpu.seg.limit[Cpu.CS];
        if (Integer.compareUnsigned(eip, limit) > 0) {
            return 0;
        }
        int after = limit - eip;
        return Integer.compareUnsigned(after, Decoder.BYTES_MAX) < 0 ? after + 1 : Decoder.BYTES_MAX;
    }

    /** Gets the rest of an instruction from the next page; returns its physical address. */
    private int fetchAcross(int eip, int available) {
        if (available == Decoder.BYTES_MAX || inSegment(eip) <= available) {
            throw cpu.gp(0);
        }
        int linear = cpu.seg.base[Cpu.CS] + eip + available;
        int physical = cpu.mmu.translateFetch(linear);
        if (!cpu.memory.isRam(physical)) {
            String where = String.format("%08x (physical %08x)", eip, physical);
            throw new MachineEnd(EndReason.NO_CODE, "no memory to execute at " + where, 0);
        }
        int count = Math.min(Decoder.BYTES_MAX, inSegment(eip)) - available;
        System.arraycopy(cpu.memory.ram(), physical, bytes, available, count);
        return physical;
    }

    private Instruction decodeLast(int eip) {
        int available = Math.min(Decoder.BYTES_MAX, inSegment(eip));
        Instruction instruction = decoder.decode(bytes, available, eip, cpu.isCodeBig(), cpu.flat);
        if (instruction == null) {
            throw cpu.gp(0);
        }
        return instruction;
    }
}
