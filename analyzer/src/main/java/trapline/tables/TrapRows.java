package trapline.tables;

import static trapline.tables.Column.number;
import static trapline.tables.Column.text;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Frame;
import trapline.replay.Life;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/** Rows of {@link Table#TRAPS}, in the order of their IRETs; those that are open at the end come last. */
final class TrapRows extends ReplayListener {

    static final List<Column> COLUMNS = List.of(
            Column.run(),
            number("cpu", "CPU"),
            number("vector", "trap vector"),
            text("vector_name", "its mnemonic"),
            text("origin", "instruction, or outside: a device, another CPU, the scenario"),
            number("from_user", "1 if it came from user mode"),
            number("depth", "live trap frames below its own"),
            number("begin_ordinal", "of the entry"),
            number("begin_step", "of the entry"),
            number("end_ordinal", "of the IRET").orNone(),
            number("end_step", "of the IRET").orNone(),
            number("instructions", "retired on its CPU between the two").orNone(),
            number("eip", "address of the instruction at which it was taken"),
            text("symbol", "symbol and offset of that"),
            number("eflags_before", "EFLAGS as pushed"),
            text("flags_before", "their names, separated by spaces"),
            number("eflags_after", "EFLAGS that the IRET loaded").orNone(),
            text("flags_after", "their names").orNone(),
            text("probe", "of the hit that it began or served").orNone());

    private final String run;
    private final Rows rows;

    TrapRows(String run, Rows rows) {
        this.run = run;
        this.rows = rows;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of(EventKind.TRAP_EXIT);
    }

    @Override
    public void accept(Event e, ReplayState state) {
        CpuState cpu = state.cpu(e.cpu());
        Frame frame = cpu.closed();
        if (frame != null && frame.id() == e.value(TrapExit.FRAME)) {
            write(frame, cpu, cpu.depth(), e, state);
        }
    }

    @Override
    public void end(ReplayState state) {
        for (int number = 0; number < state.cpus(); number++) {
            CpuState cpu = state.cpu(number);
            for (int level = cpu.depth() - 1; level >= 0; level--) {
                write(cpu.frame(level), cpu, level, null, state);
            }
        }
    }

    private void write(Frame frame, CpuState cpu, int depth, @Nullable Event exit, ReplayState state) {
        rows.text(run);
        rows.number(cpu.number());
        rows.number(frame.vector());
        rows.text(TrapVector.name(frame.vector()));
        rows.text(frame.external() ? "outside" : "instruction");
        rows.number(frame.fromUser() ? 1 : 0);
        rows.number(depth);
        rows.number(frame.entryOrdinal());
        rows.number(frame.entryStep());
        rows.numberIf(exit != null, exit == null ? 0 : exit.ordinal());
        rows.numberIf(exit != null, exit == null ? 0 : exit.step());
        rows.numberIf(exit != null, cpu.icount() - frame.entryIcount());
        rows.number(frame.trapIp());
        rows.text(state.guest().place(frame.trapIp()));
        rows.number(frame.pushedEflags());
        rows.text(Eflags.names(frame.pushedEflags()));
        long after = exit == null ? 0 : exit.value(TrapExit.EFLAGS);
        rows.numberIf(exit != null, after);
        rows.text(exit == null ? null : Eflags.names(after));
        Life life = frame.life();
        rows.text(life == null ? null : state.guest().probeName(life.probe()));
        rows.endRow();
    }
}
