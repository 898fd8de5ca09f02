package trapline.machine.i386;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Scheduler;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.machine.tape.TapeReader;

/**
 * A machine with a GDT, a TSS and an IDT, for programs of a few bytes: code at {@link #CODE}, stack below {@link #STACK},
 * data at {@link #DATA}. Every vector has an interrupt gate to a handler that is a plain IRET. Programs end with
 * {@link #EXIT}.
 */
public final class Lab {
    public static final int CODE = 0x1_0000;
    public static final int STACK = 0x2_0000;
    public static final int DATA = 0x3_0000;
    public static final int KERNEL_STACK = 0x2_8000;
    public static final int USER_STACK = 0x2_c000;
    public static final int PAGE_DIRECTORY = 0x4_0000;
    public static final int PAGE_TABLE = 0x4_1000;
    /** {@code out %eax,$0xf4}. */
    public static final String EXIT = "e7 f4";

    public static final int KERNEL_CS = 0x08;
    public static final int KERNEL_DS = 0x10;
    public static final int USER_CS = 0x1b;
    public static final int USER_DS = 0x23;
    public static final int TSS = 0x28;

    private static final int GDT_AT = 0x1000;
    private static final int TSS_AT = 0x1800;
    private static final int IDT_AT = 0x2000;
    private static final int HANDLERS = 0x8000;
    private static final int STEPS_MAX = 10_000;

    public final Machine machine;
    public final Cpu cpu;
    /** Trap entries, one line each: {@code #vector eip=pushed fl=pushed} and what else is defined. */
    public final List<String> traps = new ArrayList<>();
    /** All events in short form. */
    public final List<String> events = new ArrayList<>();

    public Lab() {
        this(1);
    }

    Lab(int cpus) {
        machine = new Machine(4 << 20, cpus);
        machine.startMultiboot(CODE, 0);
        cpu = machine.cpu(0);
        cpu.setReg(Cpu.ESP, STACK);
        tables();
        observe(Observation.NONE);
    }

    public void observe(Observation observation) {
        machine.observe(new Recorder(), observation);
    }

    private void tables() {
        descriptor(KERNEL_CS, 0, 0xfffff, 0x9b, 0xc);
        descriptor(KERNEL_DS, 0, 0xfffff, 0x93, 0xc);
        descriptor(USER_CS & ~3, 0, 0xfffff, 0xfb, 0xc);
        descriptor(USER_DS & ~3, 0, 0xfffff, 0xf3, 0xc);
        descriptor(TSS, TSS_AT, 0x67, 0x89, 0);
        store(TSS_AT + 4, KERNEL_STACK);
        store(TSS_AT + 8, KERNEL_DS);
        store(TSS_AT + 0x64, 0x68 << 16);
        for (int vector = 0; vector < 256; vector++) {
            gate(vector, 0x8e);
            code(handler(vector), "cf");
        }
        cpu.tables.gdtBase = GDT_AT;
        cpu.tables.gdtLimit = 0x7f;
        cpu.tables.idtBase = IDT_AT;
        cpu.tables.idtLimit = 0x7ff;
        cpu.tables.loadTask(TSS);
    }

    public void descriptor(int selector, int base, int limit, int access, int flags) {
        store(GDT_AT + selector, (limit & 0xffff) | (base << 16));
        store(
                GDT_AT + selector + 4,
                ((base >>> 16) & 0xff) | (access << 8) | (limit & 0xf_0000) | (flags << 20) | (base & 0xff00_0000));
    }

    /** Sets the access byte of a vector's gate: 0x8e interrupt, 0x8f trap, 0xee for all levels, 0 not present. */
    public void gate(int vector, int access) {
        store(IDT_AT + vector * 8, (KERNEL_CS << 16) | (handler(vector) & 0xffff));
        store(IDT_AT + vector * 8 + 4, access << 8);
    }

    public static int handler(int vector) {
        return HANDLERS + vector * 32;
    }

    /** Replaces the handler of a vector. */
    public Lab handler(int vector, String hex) {
        code(handler(vector), hex);
        return this;
    }

    public void store(int address, int value) {
        machine.memory().store(address, 4, value);
    }

    public Lab code(int address, String hex) {
        machine.memory().load(address, HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    public Lab eflags(int value) {
        cpu.setEflags(value);
        return this;
    }

    /** Identity-maps the first 4 MiB for all levels and turns paging with write protection on. */
    public Lab paging() {
        store(PAGE_DIRECTORY, PAGE_TABLE | 7);
        for (int page = 0; page < 1024; page++) {
            store(PAGE_TABLE + page * 4, page << 12 | 7);
        }
        cpu.cr3 = PAGE_DIRECTORY;
        cpu.cr0 |= Cpu.CR0_PG | Cpu.CR0_WP;
        cpu.pagingChanged();
        return this;
    }

    public void pageEntry(int address, int bits) {
        store(PAGE_TABLE + (address >>> 12) * 4, (address & ~0xfff) | bits);
        cpu.pagingChanged();
    }

    /** Goes to CPL 3 at {@link #CODE}. */
    public Lab user() {
        cpu.tables.read(USER_CS);
        cpu.seg.setFromDescriptor(Cpu.CS, USER_CS, cpu.tables.low, cpu.tables.high);
        cpu.tables.read(USER_DS);
        for (int s : new int[] {Cpu.ES, Cpu.SS, Cpu.DS, Cpu.FS, Cpu.GS}) {
            cpu.seg.setFromDescriptor(s, USER_DS, cpu.tables.low, cpu.tables.high);
        }
        cpu.setCpl(3);
        cpu.setReg(Cpu.ESP, USER_STACK);
        cpu.segmentsChanged();
        return this;
    }

    /** Puts a program at {@link #CODE}. */
    public Lab program(String... hex) {
        return code(CODE, String.join(" ", hex));
    }

    public RunResult run() {
        return machine.run(Scheduler.roundRobin(100), STEPS_MAX);
    }

    /** Runs a program to its end and returns the trap lines. */
    public List<String> traps(String... hex) {
        program(hex);
        run();
        return traps;
    }

    private final class Recorder implements MachineListener {
        @Override
        public void happened(TapeReader row) {
            long step = row.step();
            switch (row.row()) {
                case TRAP_ENTRY -> trapEntry(row);
                case TRAP_EXIT ->
                    add(String.format("iret to %x frame %d step %d", row.value("ip"), row.value("frame"), step));
                case EFLAGS_WRITE -> eflagsWrite(row);
                case VARIABLE ->
                    add(String.format(
                            "variable %d.%d %x->%x at %x step %d",
                            row.value(0), row.value(1), row.value(2), row.value(3), row.eip(), step));
                case CALL_ENTRY ->
                    add(String.format(
                            "call %d (%x,%x,%x) step %d",
                            row.value(0), row.value(1), row.value(2), row.value(3), step));
                case CALL_EXIT -> add(String.format("exit %d = %x step %d", row.value(0), row.value(1), step));
                case TEXT_READ ->
                    add(String.format("read %d %x/%d = %x", row.value(0), row.value(1), row.value(2), row.value(3)));
                case TEXT_WRITE ->
                    add(String.format(
                            "write %d %x/%d %x->%x by %d",
                            row.value(0), row.value(1), row.value(2), row.value(3), row.value(4), row.value(5)));
                case NOTE -> add(String.format("note %d %s %x", row.value("kind"), row.object(), row.value("value")));
                case INJECT -> add(String.format("injected %d %x %x", row.value(0), row.value(2), row.value(3)));
                case END -> add(String.format("ended %s", row.object()));
                default -> {}
            }
        }

        private void add(String line) {
            events.add(line);
        }

        private void eflagsWrite(TapeReader row) {
            int old = row.value("old");
            int now = row.value("new");
            int cause = row.value("cause");
            if (cause == CAUSE_FRAME) {
                add(String.format("frame %d %x->%x", row.value("frame"), old, now));
            } else {
                add(String.format("flags %x->%x cause %d at %x step %d", old, now, cause, row.eip(), row.step()));
            }
        }

        private void trapEntry(TapeReader row) {
            int vector = row.value("vector");
            int error = row.value("error");
            int origin = row.value("origin");
            String line = String.format("#%d eip=%x fl=%x", vector, row.value("ip"), row.value("eflags"));
            line += error >= 0 ? String.format(" err=%x", error) : "";
            line += vector == Fault.PF ? String.format(" cr2=%x", row.value("address")) : "";
            line += vector == Fault.DB ? String.format(" dr6=%x", row.value("dr6") & 0xe00f) : "";
            line += origin == ORIGIN_EXTERNAL ? " external" : origin == ORIGIN_INJECTED ? " injected" : "";
            traps.add(line);
            events.add("trap " + vector + " frame " + row.value("frame") + " step " + row.step());
        }
    }
}
