package trapline.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import trapline.block.JournalFooter;
import trapline.block.JournalHeader;
import trapline.bundle.GuestFolder;
import trapline.events.Architecture;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Halt;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.HaltReason;
import trapline.events.Observed;
import trapline.guest.GuestException;
import trapline.guest.GuestImage;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.linux.ProbeScout;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.Snapshot;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Observation;
import trapline.recording.TapeEvents.Writes;
import trapline.scenario.GuestPart;
import trapline.scenario.Scenario;
import trapline.schedule.Director;
import trapline.schedule.DirectorState;
import trapline.schedule.UnresolvedPointException;
import trapline.source.Source;

/** One scenario, prepared: built, loaded, its points resolved; then run into a journal. */
public final class Recording implements Source {

    /**
     * How the run ended.
     *
     * @param reason why
     * @param exitCode the guest's, if it exited
     * @param detail what ended the run, for people; empty if it ended by itself
     * @param steps retired instructions
     * @param nanos wall time of the run, for a rate; nothing in the journal depends on it
     */
    public record End(HaltReason reason, long exitCode, String detail, long steps, long nanos) {}

    /**
     * A recorded run.
     *
     * @param footer of the journal
     * @param end how it ended
     */
    public record Result(JournalFooter footer, End end) {}

    private final Scenario scenario;
    private final GuestBuild guest;
    private GuestImage image;
    private final Machine machine;
    private final Director director;
    private JournalHeader header;
    private @Nullable Integer recordTo;
    private boolean trapsOnly;
    private IntConsumer console = c -> {};
    private final @Nullable Recipe recipe;
    private long stepsMax = Long.MAX_VALUE;

    private Recording(
            Scenario scenario,
            GuestBuild guest,
            Machine machine,
            Director director,
            JournalHeader header,
            @Nullable Recipe recipe) {
        this.scenario = scenario;
        this.guest = guest;
        this.image = guest.image();
        this.machine = machine;
        this.director = director;
        this.header = header;
        this.recipe = recipe;
    }

    /**
     * Builds the guest and the machine.
     *
     * @param scenario what to run
     * @param tool name and version, for the header
     * @param eflagsAll whether every EFLAGS write is recorded
     */
    public static Recording prepare(Scenario scenario, String tool, boolean eflagsAll)
            throws GuestException, GuestCompiler.Refused, UnresolvedPointException {
        return prepare(scenario, GuestBuild.of(scenario), tool, eflagsAll);
    }

    /**
     * Builds the machine.
     *
     * @param scenario what to run
     * @param guest what it is run on
     * @param tool name and version, for the header
     * @param eflagsAll whether every EFLAGS write is recorded
     */
    public static Recording prepare(Scenario scenario, GuestBuild guest, String tool, boolean eflagsAll)
            throws GuestException, UnresolvedPointException {
        LinuxBuild linux = guest.linux();
        GuestImage image = guest.image();
        Machine machine = linux == null ? GuestBuild.machine(scenario, image) : linux.machine(scenario);
        Director director =
                new Director(machine, image.symbols(), image.observed(), scenario.schedule(), scenario.points());
        if (linux != null && linux.state() != null) {
            goOn(director, scenario, linux.state());
        }
        Recipe recipe = scenario.isOfCatalogueGuests() ? Recipe.of(scenario, image.digests(), eflagsAll) : null;
        JournalHeader header = header(scenario, image, tool, eflagsAll, recipe, 0);
        return new Recording(scenario, guest, machine, director, header, recipe);
    }

    /** Unless another schedule is asked for, the one of the boot goes on. */
    private static void goOn(Director director, Scenario scenario, BootState state) {
        if (scenario.overrides().stream().noneMatch(override -> override.startsWith("schedule."))) {
            director.restore(director.save().withScheduler(state.schedule()));
        }
    }

    /** Instructions retired so far. */
    public long step() {
        return machine.step();
    }

    /** Writes the machine as it is now, so that another recording can go on from it. */
    public void writeState(Path file) throws IOException {
        LinuxBuild linux = Objects.requireNonNull(guest.linux(), "only kernels are kept");
        new BootState(
                        machine.step(),
                        scenario.yaml(),
                        linux.digests(),
                        linux.kernel().elf(),
                        linux.symbols(),
                        director.save().scheduler(),
                        BootState.capture(machine))
                .write(file);
    }

    private static JournalHeader header(
            Scenario scenario, GuestImage image, String tool, boolean eflagsAll, @Nullable Recipe recipe, long from) {
        return new JournalHeader(
                tool,
                Semantics.VERSION,
                "machine",
                "retired instructions",
                scenario.cpus(),
                eflagsAll,
                EventKind.usual().stream().filter(k -> k != EventKind.LOST).toList(),
                image.observed(),
                image.symbols().symbols(),
                image.digests(),
                scenario.name(),
                name(scenario.flow()),
                name(scenario.workload()),
                scenario.yaml(),
                recipe == null ? "" : recipe.text(),
                Architecture.I386,
                from);
    }

    /**
     * Runs a kernel up to where its recording begins, and finds what is to be observed there. Other guests are ready as they
     * are.
     *
     * @return a line for each thing that could not be found
     * @throws GuestException if the run does not come there
     */
    public List<String> advance() throws GuestException {
        LinuxBuild linux = guest.linux();
        if (linux == null) {
            return List.of();
        }
        Integer from = linux.from();
        recordTo = linux.to();
        if (from != null && !linux.isAt(machine, from)) {
            RunResult result = director.runTo(from, scenario.instructionsMax(), stepsMax);
            if (result.reason() != EndReason.STOP_ADDRESS) {
                throw new GuestException("the run never came to --record-from "
                        + Objects.requireNonNull(scenario.linux()).from()
                        + ": it ended with " + RunEnd.reason(result.reason()).label() + " at step " + result.step()
                        + ", "
                        + image.symbols().describe(result.eip() & 0xffff_ffffL));
            }
            machine.clearStop(from);
        }
        List<String> notes = new ArrayList<>();
        List<Observed> observed = linux.observed(machine, notes);
        image = observing(observed);
        if (from != null) {
            image = observing(scout(observed));
        }
        header = header(
                scenario, image, header.tool(), header.eflagsAll(), null, linux.fromFirstProbe() ? machine.step() : 0);
        return notes;
    }

    private GuestImage observing(List<Observed> observed) {
        return new GuestImage(image.entry(), image.segments(), image.symbols(), observed, image.digests());
    }

    /** Runs once without a journal, only to learn what the kernel will make, and comes back. */
    private List<Observed> scout(List<Observed> observed) {
        Snapshot begin = machine.capture();
        DirectorState plan = director.save();
        ProbeScout scout = new ProbeScout(observed);
        ObservationMap map = new ObservationMap(observed);
        EventConsumer out = director.watchesEvents() ? both(scout, director) : scout;
        machine.serial().listen(c -> {});
        machine.observe(new TapeEvents(machine.cpuCount(), map, Writes.CONTROL, null, out), map.observation());
        runOn();
        machine.observe(null, new Observation(List.of()));
        machine.restore(begin);
        director.restore(plan);
        machine.serial().listen(console);
        List<Observed> all = new ArrayList<>(observed);
        all.addAll(scout.found(image.symbols()));
        return all;
    }

    private RunResult runOn() {
        return recordTo == null
                ? director.run(scenario.instructionsMax(), stepsMax)
                : director.runTo(recordTo, scenario.instructionsMax(), stepsMax);
    }

    /** Records, besides control flags, every write within a trap. */
    public void recordTraps() {
        trapsOnly = true;
    }

    /** Who is told of each byte on the console while it runs. */
    public void onConsole(IntConsumer listener) {
        console = listener;
        machine.serial().listen(listener);
    }

    /** What is on a PC's screen; empty if nothing is. */
    public String screen() {
        return machine.screen();
    }

    private static String name(@Nullable GuestPart part) {
        return part == null ? "" : part.name();
    }

    @Override
    public JournalHeader header() {
        return header;
    }

    /**
     * The text that regenerates the journal.
     *
     * @param digest of its events
     * @return empty where objects of the user took part, or the scenario does not fit
     */
    public String recipe(String digest) {
        return recipe == null ? "" : recipe.withDigest(digest).text();
    }

    /** Whether the journal carries the objects of its guest, because the catalogue does not have them all. */
    public boolean carriesGuest() {
        return !guest.files().isEmpty();
    }

    /** What the guest wrote to its serial port. */
    public String console() {
        return machine.console();
    }

    /** Ends the run there although the scenario would let it go on. */
    public void stopAt(long step) {
        stepsMax = step;
    }

    /** A line for each point of the scenario that the run has not come to. */
    public List<String> unreached() {
        return director.unreached();
    }

    /** Ends the run at the next instruction; from any thread. */
    public void interrupt() {
        director.interrupt();
    }

    /**
     * Runs into a new journal, stored in the usual way.
     *
     * @param journal directory to be created
     * @param live also gets every event; may be null
     */
    public Result run(Path journal, @Nullable EventConsumer live) throws IOException {
        return run(journal, JournalOptions.DEFAULT, live);
    }

    /**
     * Runs into a new journal.
     *
     * @param journal directory to be created
     * @param options how it is stored
     * @param live also gets every event; may be null
     */
    public Result run(Path journal, JournalOptions options, @Nullable EventConsumer live) throws IOException {
        try (JournalWriter writer = JournalWriter.create(journal, header, options)) {
            GuestFolder.write(journal, guest.files());
            if (header.eflagsAll() && live == null && !options.sync() && !director.watchesEvents()) {
                End end = runBehind(writer);
                return new Result(writer.finish(), end);
            }
            EventConsumer out = live == null ? writer : numbered(both(writer, live));
            EventConsumer watched = director.watchesEvents() ? both(out, director) : out;
            ObservationMap map = new ObservationMap(image.observed());
            MachineListener listener = listener(map, watched);
            End end = run(listener, map, out);
            return new Result(writer.finish(), end);
        }
    }

    private MachineListener listener(ObservationMap map, EventConsumer out) {
        if (header.eflagsAll()) {
            return atOnce(map, Writes.ALL_AT_ONCE, out);
        }
        return atOnce(map, trapsOnly ? Writes.TRAPS : Writes.CONTROL, out);
    }

    /** The machine runs ahead of the journal: nobody needs to know of an event before the next instruction. */
    private End runBehind(JournalWriter writer) {
        ObservationMap map = new ObservationMap(image.observed());
        TapeEvents later = new TapeEvents(machine.cpuCount(), map, Writes.ALL_LATER, null, writer);
        try (Backlog backlog = new Backlog(machine, writer, later)) {
            backlog.follow(hits(map, backlog));
            return run(backlog, map, backlog);
        }
    }

    private TapeEvents atOnce(ObservationMap map, Writes writes, EventConsumer out) {
        return new TapeEvents(machine.cpuCount(), map, writes, hits(map, out), out);
    }

    private HitWatch hits(ObservationMap map, EventConsumer out) {
        return new HitWatch(machine, map.hitRoles(), new HitReport(machine, out));
    }

    /**
     * Runs without a journal.
     *
     * @param live gets every event
     */
    public End observe(EventConsumer live) {
        ObservationMap map = new ObservationMap(image.observed());
        EventConsumer out = numbered(live);
        EventConsumer watched = director.watchesEvents() ? both(out, director) : out;
        return run(atOnce(map, Writes.ALL_AT_ONCE, watched), map, out);
    }

    /**
     * The run as one that can be taken back; this recording is not used otherwise then.
     *
     * @param listener gets every event
     */
    public LiveRun live(EventConsumer listener) {
        return new LiveRun(scenario, image, machine, director, listener);
    }

    /** The events of a run without a journal: a machine loses none. */
    @Override
    public Source.End deliver(EventConsumer events) {
        observe(events);
        return new Source.End(0);
    }

    private static EventConsumer both(EventConsumer first, EventConsumer second) {
        return event -> {
            first.accept(event);
            second.accept(event);
        };
    }

    /** Gives events their place in the stream, which a journal's writer knows by itself. */
    private static EventConsumer numbered(EventConsumer out) {
        return new EventConsumer() {
            private long next;

            @Override
            public void accept(Event event) {
                out.accept(event.ordinal(next++));
            }
        };
    }

    private End run(MachineListener listener, ObservationMap map, EventConsumer out) {
        machine.observe(listener, map.observation());
        long start = System.nanoTime();
        tellLeftOut(out);
        tellValues(out);
        RunResult result = runOn();
        long nanos = System.nanoTime() - start;
        HaltReason reason = RunEnd.reason(result.reason());
        String detail = RunEnd.detail(result, image.symbols());
        long exitCode = result.exitCode() & 0xffff_ffffL;
        out.accept(new Event()
                .begin(EventKind.HALT, result.step(), Math.max(0, result.cpu()), result.eip() & 0xffff_ffffL)
                .text(detail)
                .set(Halt.REASON, reason.code())
                .set(Halt.CODE, exitCode));
        return new End(reason, exitCode, detail, result.step(), nanos);
    }

    /**
     * What came before is not lost silently: nobody may take the first event for the first of the run. Where no probe was
     * registered in it, the header's word for it is enough.
     */
    private void tellLeftOut(EventConsumer out) {
        if (guest.linux() != null && machine.step() > header.from()) {
            out.accept(new Event()
                    .begin(EventKind.LOST, 0, 0, 0)
                    .text("not recorded, as --record-from asks")
                    .set(Lost.COUNT, -1)
                    .set(Lost.UNTIL, machine.step()));
        }
    }

    /** What variables hold where recording begins in the midst of a run: later events tell changes only. */
    private void tellValues(EventConsumer out) {
        if (guest.linux() != null && machine.step() > 0) {
            int running = Math.max(0, machine.runningCpu());
            new StartValues(machine, running, out).tell(image.observed());
        }
    }
}
