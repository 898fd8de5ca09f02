package trapline.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.KprobeStatus;
import trapline.events.TrapVector;
import trapline.replay.CpuState;
import trapline.replay.Guest;
import trapline.replay.Life;
import trapline.text.EventText;

/** The tracks of one CPU. */
final class PerfettoCpu {

    /** TF and IF first, since every run has them; the others get a track when they are first set. */
    private static final int[] FLAGS = {
        Eflags.TF, Eflags.IF, Eflags.DF, Eflags.NT, Eflags.RF, Eflags.VM, Eflags.AC, Eflags.CF, Eflags.PF, Eflags.AF,
        Eflags.ZF, Eflags.SF, Eflags.OF
    };

    private final PerfettoFile file;
    private final Guest guest;
    private final EventText text;
    private final int number;
    private final int shownFlags;
    private final long group;
    private final long traps;
    private final long calls;
    private final long status;
    private final long current;
    private final long notes;
    private final List<Long> hitTracks = new ArrayList<>();
    private final List<Long> hitOrdinals = new ArrayList<>();
    private final long[] flagTracks = new long[FLAGS.length];
    private int eflags = Eflags.FIXED;
    private int trapsOpen;
    private int callsOpen;
    private int statusShown;
    private long currentShown;

    /**
     * Writes the descriptors of the tracks that every CPU has.
     *
     * @param shownFlags EFLAGS bits that get a counter
     */
    PerfettoCpu(PerfettoFile file, long process, int number, int shownFlags, Guest guest, EventText text) {
        this.file = file;
        this.guest = guest;
        this.text = text;
        this.number = number;
        this.shownFlags = shownFlags;
        group = file.track(process, "CPU " + number);
        traps = file.track(group, "traps");
        calls = file.track(group, "functions");
        status = file.track(group, "kprobe_status");
        current = file.track(group, "current_kprobe");
        hitTracks.add(file.track(group, "probe hits"));
        hitOrdinals.add(-1L);
        notes = file.track(group, "notes");
        for (int i = 0; i < 2 && shownFlags != 0; i++) {
            flagTrack(i);
        }
    }

    private void flagTrack(int i) {
        flagTracks[i] = file.counter(group, Eflags.names(FLAGS[i]));
        file.count(flagTracks[i], 0, 0);
    }

    int number() {
        return number;
    }

    void accept(Event e, CpuState cpu) {
        switch (e.kind()) {
            case TRAP_ENTRY -> {
                file.begin(
                        traps,
                        e.step(),
                        "trap",
                        TrapVector.name(e.value(TrapEntry.VECTOR)),
                        "at",
                        guest.place(e.ip()),
                        "pushed flags",
                        Eflags.names(e.value(TrapEntry.EFLAGS)));
                trapsOpen++;
            }
            case TRAP_EXIT -> trapExit(e, cpu);
            case EFLAGS_WRITE -> flags(e.step(), cpu.eflags());
            case CALL_ENTRY -> {
                closeCalls(e.step(), cpu.calls() - 1);
                file.begin(calls, e.step(), "function", guest.rowName(e.value(CallEntry.FUNCTION)));
                callsOpen++;
            }
            case CALL_EXIT -> closeCalls(e.step(), cpu.calls());
            case KPROBE_STATUS, CURRENT_KPROBE -> variables(e.step(), cpu);
            default ->
                file.instant(
                        notes,
                        e.step(),
                        "note",
                        e.kind().label(),
                        "event",
                        text.line(e).strip());
        }
    }

    private void trapExit(Event e, CpuState cpu) {
        closeCalls(e.step(), cpu.calls());
        while (trapsOpen > cpu.depth()) {
            file.end(traps, e.step());
            trapsOpen--;
        }
        flags(e.step(), (int) e.value(TrapExit.EFLAGS));
    }

    private void closeCalls(long step, int left) {
        while (callsOpen > Math.max(0, left)) {
            file.end(calls, step);
            callsOpen--;
        }
    }

    private void flags(long step, int now) {
        int changed = (eflags ^ now) & shownFlags;
        for (int i = 0; i < FLAGS.length; i++) {
            if ((changed & FLAGS[i]) == 0) {
                continue;
            }
            if (flagTracks[i] == 0) {
                flagTrack(i);
            }
            file.count(flagTracks[i], step, (now & FLAGS[i]) == 0 ? 0 : 1);
        }
        eflags = now;
    }

    /** Shows status and current probe where they have changed. */
    void variables(long step, CpuState cpu) {
        if (cpu.status() != statusShown) {
            closeStatus(step);
            statusShown = cpu.status();
            if (statusShown != 0) {
                file.begin(status, step, "status", KprobeStatus.name(statusShown));
            }
        }
        if (cpu.current() != currentShown) {
            closeCurrent(step);
            currentShown = cpu.current();
            if (currentShown != 0) {
                file.begin(current, step, "probe", guest.probeName(currentShown));
            }
        }
    }

    private void closeStatus(long step) {
        if (statusShown != 0) {
            file.end(status, step);
            statusShown = 0;
        }
    }

    private void closeCurrent(long step) {
        if (currentShown != 0) {
            file.end(current, step);
            currentShown = 0;
        }
    }

    /** Hits may overlap without nesting, so each goes to the first track that is free. */
    void hit(Life life, long step, Guest names) {
        int at = hitOrdinals.indexOf(-1L);
        if (at < 0) {
            at = hitTracks.size();
            hitTracks.add(file.track(group, "probe hits " + (at + 1)));
            hitOrdinals.add(-1L);
        }
        hitOrdinals.set(at, life.hitOrdinal());
        file.begin(hitTracks.get(at), step, "hit", "hit at " + names.place(life.address()));
    }

    void over(Life life, long step) {
        int at = hitOrdinals.indexOf(life.hitOrdinal());
        if (at >= 0) {
            hitOrdinals.set(at, -1L);
            file.end(hitTracks.get(at), step);
            file.instant(notes, step, "hit", "hit " + life.outcome().name().toLowerCase(Locale.ROOT));
        }
    }

    /** Ends what has not ended, at the end of the run or where events are missing. */
    void closeAll(long step) {
        closeCalls(step, 0);
        for (; trapsOpen > 0; trapsOpen--) {
            file.end(traps, step);
        }
        closeStatus(step);
        closeCurrent(step);
        for (int i = 0; i < hitOrdinals.size(); i++) {
            if (hitOrdinals.get(i) >= 0) {
                file.end(hitTracks.get(i), step);
                hitOrdinals.set(i, -1L);
            }
        }
    }
}
