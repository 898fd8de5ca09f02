package trapline.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Halt;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.journal.JournalFooter;
import trapline.journal.JournalHeader;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.machine.EndReason;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;
import trapline.schedule.Director;
import trapline.schedule.UnresolvedPointException;

/** One scenario, prepared: built, loaded, its points resolved; then run into a journal. */
final class Recording {

    /**
     * How it went.
     *
     * @param footer of the journal
     * @param reason why the run ended
     * @param exitCode the guest's, if it exited
     * @param detail what ended the run, for people; empty if it ended by itself
     * @param nanos wall time of the run, for a rate; nothing in the journal depends on it
     */
    record Result(JournalFooter footer, HaltReason reason, int exitCode, String detail, long nanos) {}

    private final Scenario scenario;
    private final GuestImage image;
    private final Machine machine;
    private final Director director;
    private final JournalHeader header;

    private Recording(Scenario scenario, GuestImage image, Machine machine, Director director, JournalHeader header) {
        this.scenario = scenario;
        this.image = image;
        this.machine = machine;
        this.director = director;
        this.header = header;
    }

    /**
     * Builds the guest and the machine.
     *
     * @param scenario what to run
     * @param tool name and version, for the header
     * @param eflagsAll whether every EFLAGS write is recorded
     */
    static Recording prepare(Scenario scenario, String tool, boolean eflagsAll)
            throws GuestException, UnresolvedPointException {
        GuestImage image = GuestBuild.image(scenario);
        Machine machine = GuestBuild.machine(scenario, image);
        Director director =
                new Director(machine, image.symbols(), image.observed(), scenario.schedule(), scenario.points());
        JournalHeader header = new JournalHeader(
                tool,
                Semantics.VERSION,
                "machine",
                "retired instructions",
                scenario.cpus(),
                eflagsAll,
                Arrays.stream(EventKind.values())
                        .filter(k -> k != EventKind.LOST)
                        .toList(),
                image.observed(),
                image.symbols().symbols(),
                image.digests(),
                scenario.name(),
                name(scenario.flow()),
                name(scenario.workload()),
                scenario.yaml(),
                "");
        return new Recording(scenario, image, machine, director, header);
    }

    private static String name(@Nullable GuestPart part) {
        return part == null ? "" : part.name();
    }

    /** Header of the journal. */
    JournalHeader header() {
        return header;
    }

    /** What the guest wrote to its serial port. */
    String console() {
        return machine.console();
    }

    /** Ends the run at the next instruction; from any thread. */
    void interrupt() {
        director.interrupt();
    }

    /**
     * Runs into a new journal.
     *
     * @param journal directory to be created
     * @param live also gets every event; may be null
     */
    Result run(Path journal, @Nullable EventConsumer live) throws IOException {
        try (JournalWriter writer = JournalWriter.create(journal, header, JournalOptions.DEFAULT)) {
            ObservationMap map = new ObservationMap(image.observed());
            machine.observe(
                    FlagListeners.of(machine, map, director, writer, header.eflagsAll(), live), map.observation());
            long start = System.nanoTime();
            RunResult end = director.run(scenario.instructionsMax());
            long nanos = System.nanoTime() - start;
            HaltReason reason = reason(end.reason());
            String detail = detail(end, reason);
            Event halt = new Event()
                    .begin(EventKind.HALT, end.step(), Math.max(0, end.cpu()), end.eip() & 0xffff_ffffL)
                    .text(detail)
                    .set(Halt.REASON, reason.code())
                    .set(Halt.CODE, end.exitCode() & 0xffff_ffffL);
            writer.accept(halt);
            if (live != null) {
                live.accept(halt);
            }
            return new Result(writer.finish(), reason, end.exitCode(), detail, nanos);
        }
    }

    private static HaltReason reason(EndReason reason) {
        return switch (reason) {
            case EXIT -> HaltReason.EXIT;
            case HALTED -> HaltReason.HALTED;
            case TRIPLE_FAULT -> HaltReason.TRIPLE_FAULT;
            case UNSUPPORTED -> HaltReason.UNSUPPORTED;
            case NO_CODE -> HaltReason.BAD_FETCH;
            case STEP_LIMIT -> HaltReason.LIMIT;
            case STOP_ADDRESS, STOP_REQUESTED -> HaltReason.INTERRUPTED;
        };
    }

    /** What the machine says, and the place in the guest's own words. */
    private String detail(RunResult end, HaltReason reason) {
        if (List.of(HaltReason.EXIT, HaltReason.HALTED).contains(reason)) {
            return end.detail();
        }
        String place = "at " + image.symbols().describe(end.eip() & 0xffff_ffffL);
        return end.detail().isEmpty() ? place : end.detail() + " " + place;
    }
}
