package trapline.tables;

import static trapline.tables.Column.number;
import static trapline.tables.Column.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.events.KprobeStatus;
import trapline.replay.CpuState;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.replay.ReplayListener;
import trapline.replay.ReplayState;

/** Rows of {@link Table#HITS}, in the order in which the hits are over; those that are open at the end come last. */
final class HitRows extends ReplayListener {

    static final List<Column> COLUMNS = List.of(
            Column.run(),
            number("cpu", "CPU"),
            text("probe", "name of the probe, or none"),
            number("address", "of the int3"),
            text("symbol", "symbol and offset of the int3"),
            text("outcome", "stepped, direct, cancelled, vanished, passed, continuation, abandoned; or how far it is"),
            number("begin_ordinal", "of its #BP"),
            number("begin_step", "of its #BP"),
            number("end_ordinal", "of the IRET that completed it").orNone(),
            number("end_step", "of the IRET that completed it").orNone(),
            number("instructions", "retired on its CPU from #BP to completion").orNone(),
            number("eflags_before", "EFLAGS as the #BP pushed them"),
            text("flags_before", "their names, separated by spaces"),
            number("eflags_after", "EFLAGS that the completing IRET loaded").orNone(),
            text("flags_after", "their names").orNone(),
            text("status_before", "kprobe_status at its #BP").orNone(),
            text("current_before", "the probe that was current at its #BP, or none")
                    .orNone(),
            number("reentry", "1 if another probe was current at its #BP").orNone(),
            number("reentered", "1 if its own handling came to KPROBE_REENTER"),
            number("handed_over", "1 if its pre_handler took over, as a jprobe's does"),
            number("depth", "live trap frames below its own"),
            number("pre_calls", "calls of pre_handlers"),
            number("post_calls", "calls of post_handlers"),
            number("missed", "times that an nmissed was raised in its #BP"),
            number("trap_vector", "of the trap that ended its step").orNone(),
            number("step_instructions", "retired from the IRET into the step to the trap after it")
                    .orNone());

    private final String run;
    private final Rows rows;

    HitRows(String run, Rows rows) {
        this.run = run;
        this.rows = rows;
    }

    @Override
    public Set<EventKind> kinds() {
        return Set.of();
    }

    @Override
    public void over(Life life, Event event, ReplayState state) {
        write(life, state.guest());
    }

    @Override
    public void end(ReplayState state) {
        for (int number = 0; number < state.cpus(); number++) {
            CpuState cpu = state.cpu(number);
            for (int i = 0; i < cpu.lives(); i++) {
                write(cpu.life(i), state.guest());
            }
        }
    }

    private void write(Life life, Guest guest) {
        boolean over = life.endOrdinal() >= 0;
        rows.text(run);
        rows.number(life.cpu());
        rows.text(guest.probeName(life.probe()));
        rows.number(life.address());
        rows.text(guest.place(life.address()));
        rows.text(life.outcome().name().toLowerCase(Locale.ROOT));
        rows.number(life.hitOrdinal());
        rows.number(life.hitStep());
        rows.numberIf(over, life.endOrdinal());
        rows.numberIf(over, life.endStep());
        rows.numberIf(over, life.endIcount() - life.hitIcount());
        rows.number(life.pushedEflags());
        rows.text(Eflags.names(life.pushedEflags()));
        rows.numberIf(over, life.endEflags());
        rows.text(over ? Eflags.names(life.endEflags()) : null);
        rows.text(life.hitKnown() ? KprobeStatus.name(life.statusAtHit()) : null);
        rows.text(life.currentKnown() ? guest.probeName(life.currentAtHit()) : null);
        rows.numberIf(life.currentKnown(), life.isReentry() ? 1 : 0);
        rows.number(life.reentered() ? 1 : 0);
        rows.number(life.handedOver() ? 1 : 0);
        rows.number(life.baseDepth());
        rows.number(life.preCalls());
        rows.number(life.postCalls());
        rows.number(life.missed());
        boolean stepped = life.trapOrdinal() >= 0;
        rows.numberIf(stepped, life.trapVector());
        rows.numberIf(stepped, life.trapIcount() - life.leftIcount());
        rows.endRow();
    }
}
