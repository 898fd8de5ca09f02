package trapline.machine.i386;

import java.util.Arrays;
import trapline.machine.bus.Hash;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/** Everything a CPU holds, as two arrays: for snapshots and digests. */
public final class CpuImage {
    private static final int SCALARS = 32;
    private static final int DEBUG_PENDING = 17;
    private static final int EIP_OF_TRAP = 20;

    private final int[] ints;
    private final long icount;
    private final byte[] state;
    /** Where the run has stopped is no state of the machine's, so it is in no digest. */
    private final int eipOfStop;

    private final long icountOfStop;

    private CpuImage(int[] ints, long icount, byte[] state, int eipOfStop, long icountOfStop) {
        this.ints = ints;
        this.icount = icount;
        this.state = state;
        this.eipOfStop = eipOfStop;
        this.icountOfStop = icountOfStop;
    }

    /** Writes it; {@link #load} reads it. */
    public void save(StateWriter out) {
        out.ints(ints).i64(icount).bytes(state, state.length).i32(eipOfStop).i64(icountOfStop);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if it is too short
     */
    public static CpuImage load(StateReader in) {
        return new CpuImage(in.ints(), in.i64(), in.bytes(), in.i32(), in.i64());
    }

    /** What is not held in ints: the x87 unit, the APIC's timer, the table of PAE paging. */
    private static byte[] state(Cpu cpu) {
        StateWriter out = new StateWriter();
        cpu.x87.save(out);
        for (long pointer : cpu.directoryPointers) {
            out.i64(pointer);
        }
        cpu.apic.saveTimer(out);
        return out.toBytes();
    }

    private void restoreState(Cpu cpu) {
        StateReader in = new StateReader(state);
        cpu.x87.load(in);
        for (int i = 0; i < cpu.directoryPointers.length; i++) {
            cpu.directoryPointers[i] = in.i64();
        }
        cpu.apic.loadTimer(in);
    }

    /** Captures a CPU. */
    public static CpuImage of(Cpu cpu) {
        int[] scalars = new int[SCALARS];
        int k = 0;
        for (int value : new int[] {
            cpu.eip,
            cpu.eflags,
            cpu.cpl,
            cpu.cr0,
            cpu.cr2,
            cpu.cr3,
            cpu.cr4,
            cpu.tables.gdtBase,
            cpu.tables.gdtLimit,
            cpu.tables.idtBase,
            cpu.tables.idtLimit,
            cpu.debug.read(0),
            cpu.debug.read(1),
            cpu.debug.read(2),
            cpu.debug.read(3),
            cpu.debug.read(6),
            cpu.debug.read(7),
            cpu.debug.pending(),
            bits(cpu.halted, cpu.waitsForStartup, cpu.nmiPending, cpu.nmiInjected, cpu.nmiBlocked, cpu.unfinished),
            cpu.shadow,
            cpu.eipOfTrap,
            cpu.apic.base()
        }) {
            scalars[k++] = value;
        }
        System.arraycopy(cpu.msrs.state(), 0, scalars, k, ModelRegisters.STATE_INTS);
        int[][] parts = parts(cpu);
        int length = SCALARS;
        for (int[] part : parts) {
            length += part.length;
        }
        int[] all = Arrays.copyOf(scalars, length);
        int at = SCALARS;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return new CpuImage(all, cpu.icount, state(cpu), cpu.eipOfStop, cpu.icountOfStop);
    }

    /** The arrays that are kept as they are. */
    private static int[][] parts(Cpu cpu) {
        return new int[][] {
            cpu.r,
            cpu.seg.selector,
            cpu.seg.base,
            cpu.seg.limit,
            cpu.seg.attributes,
            cpu.apic.registers(),
            cpu.apic.requested(),
            cpu.apic.inService(),
            cpu.apic.external()
        };
    }

    private static int bits(boolean... values) {
        int result = 0;
        for (int i = 0; i < values.length; i++) {
            result |= values[i] ? 1 << i : 0;
        }
        return result;
    }

    /** Puts a CPU in this state. */
    public void restore(Cpu cpu) {
        int at = SCALARS;
        if (ints.length
                != SCALARS
                        + Arrays.stream(parts(cpu))
                                .mapToInt(part -> part.length)
                                .sum()) {
            throw new IllegalArgumentException("state of a CPU with " + ints.length + " values: not of this one");
        }
        for (int[] part : parts(cpu)) {
            System.arraycopy(ints, at, part, 0, part.length);
            at += part.length;
        }
        cpu.eip = ints[0];
        cpu.eflags = ints[1];
        cpu.setCpl(ints[2]);
        cpu.cr0 = ints[3];
        cpu.cr2 = ints[4];
        cpu.cr3 = ints[5];
        cpu.cr4 = ints[6];
        cpu.tables.gdtBase = ints[7];
        cpu.tables.gdtLimit = ints[8];
        cpu.tables.idtBase = ints[9];
        cpu.tables.idtLimit = ints[10];
        cpu.debug.setState(Arrays.copyOfRange(ints, 11, 15), ints[15], ints[16], ints[17]);
        int flags = ints[18];
        cpu.halted = (flags & 1) != 0;
        cpu.waitsForStartup = (flags & 2) != 0;
        cpu.nmiPending = (flags & 4) != 0;
        cpu.nmiInjected = (flags & 8) != 0;
        cpu.nmiBlocked = (flags & 16) != 0;
        cpu.unfinished = (flags & 32) != 0;
        cpu.shadow = ints[19];
        cpu.eipOfTrap = ints[20];
        cpu.eipOfStop = eipOfStop;
        cpu.icountOfStop = icountOfStop;
        cpu.apic.setBase(ints[21]);
        cpu.msrs.setState(Arrays.copyOfRange(ints, 22, 22 + ModelRegisters.STATE_INTS));
        cpu.icount = icount;
        restoreState(cpu);
        cpu.pagingChanged();
        cpu.updateAttention();
    }

    /** A hash of {@code seed} and this state. */
    public long digest(long seed) {
        long hash = seed;
        for (int i = 0; i < ints.length; i++) {
            // Where the last trap was looked for means nothing while none is pending.
            boolean dead = i == EIP_OF_TRAP && ints[DEBUG_PENDING] == 0;
            hash = Hash.mix(hash, dead ? 0 : ints[i]);
        }
        for (byte b : state) {
            hash = Hash.mix(hash, b);
        }
        return Hash.mix(hash, icount);
    }
}
