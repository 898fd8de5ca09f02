package trapline.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.Observed;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.machine.Machine;
import trapline.machine.RunResult;
import trapline.machine.bus.EndReason;
import trapline.machine.tape.MachineListener;

/**
 * Runs a machine under a schedule and does at each point what the scenario asks for.
 *
 * <p>Points of one step are done in the order of the scenario. A point at an event is done at the instruction boundary
 * behind it: for a {@code trap_exit} that is before the instruction to which the IRET returned, for a {@code trap_entry}
 * before the handler's first. A return from an interrupt to an address is an arrival there too.
 */
public final class Director implements EventConsumer {

    /** Iterations of REP instructions that a run may take for each instruction that it may retire. */
    private static final long REPEATS_PER_STEP = 16;

    /** PAUSE is a NOP with the prefix of REP. */
    private static final int PREFIX_REP = 0xf3;

    private static final int OPCODE_NOP = 0x90;

    private final Machine machine;
    private final SymbolTable symbols;
    private final SwitchableScheduler scheduler;
    private final List<Point> bySteps = new ArrayList<>();
    private final List<Arrivals> arrivals = new ArrayList<>();
    private final List<EventMatch> matches = new ArrayList<>();
    private final List<Point> due = new ArrayList<>();
    /** Where a CPU waits: all PAUSE instructions, if the schedule goes by them. */
    private final Set<Integer> waits;

    private int nextByStep;
    /** Where a run is to come back. */
    private @Nullable Integer target;

    /** Why the run has to end: what a point wants cannot be done. */
    private @Nullable String impossible;

    private volatile boolean interrupted;

    /**
     * Prepares a run.
     *
     * @param machine loaded and ready to start
     * @param symbols of the guest
     * @param observed its observation table
     * @param plan how the CPUs are interleaved
     * @param points what to do when
     * @throws UnresolvedPointException if a point names a symbol or an object that the guest does not have
     */
    public Director(
            Machine machine, SymbolTable symbols, List<Observed> observed, SchedulePlan plan, List<Point> points)
            throws UnresolvedPointException {
        this.machine = machine;
        this.symbols = symbols;
        this.scheduler = plan.scheduler(machine.cpuCount(), switches(points));
        for (Point point : points) {
            add(point, observed);
        }
        bySteps.sort(Comparator.comparingLong(Director::step));
        waits = plan.kind() == SchedulePlan.Kind.UNTIL_WAITING ? pauses(machine, symbols) : Set.of();
        waits.forEach(machine::stopBefore);
    }

    /** Wherever the bytes of a PAUSE stand in the guest's code; where control never comes to them they are none. */
    private static Set<Integer> pauses(Machine machine, SymbolTable symbols) {
        Set<Integer> found = new TreeSet<>();
        for (Symbol symbol : symbols.symbols()) {
            long end =
                    Math.min(symbol.address() + symbol.size(), machine.memory().sizeBytes()) - 1;
            for (int at = (int) symbol.address(); at < end; at++) {
                if (machine.memory().byteAt(at) == PREFIX_REP
                        && machine.memory().byteAt(at + 1) == OPCODE_NOP) {
                    found.add(at);
                }
            }
        }
        return found;
    }

    private static int switches(List<Point> points) {
        return (int)
                points.stream().filter(p -> p.what() instanceof Action.SwitchTo).count();
    }

    private void add(Point point, List<Observed> observed) throws UnresolvedPointException {
        if (point.what() instanceof Action.Poke poke) {
            resolve(point, poke.place());
        } else if (point.what() instanceof Action.NotPresent notPresent) {
            resolve(point, notPresent.place());
        }
        if (point.at() instanceof Trigger.AtPlace place) {
            Arrivals counter = new Arrivals(point, place, resolve(point, place.place()));
            arrivals.add(counter);
            machine.stopBefore(counter.address);
        } else if (point.at() instanceof Trigger.AtEvent event) {
            matches.add(new EventMatch(point, event, symbols, observed));
        } else {
            bySteps.add(point);
        }
    }

    private int resolve(Point point, Place place) throws UnresolvedPointException {
        Integer address = place.resolve(symbols);
        if (address == null) {
            throw new UnresolvedPointException(point, "the guest has no symbol '" + place.symbol() + "'");
        }
        return address;
    }

    private static long step(Point point) {
        return point.at() instanceof Trigger.AtStep at ? at.step() : Long.MAX_VALUE;
    }

    /** Whether any point waits for an event, so that {@link #accept} has to be fed. */
    public boolean watchesEvents() {
        return !matches.isEmpty();
    }

    /** Takes an event of the run: every one that is recorded, or the counts of points would depend on how it is. */
    @Override
    public void accept(Event event) {
        for (EventMatch match : matches) {
            if (match.completes(event)) {
                due.add(match.point);
                machine.requestStop();
            }
        }
    }

    /** Ends the run at the next instruction boundary; from any thread. */
    public void interrupt() {
        interrupted = true;
        machine.requestStop();
    }

    /** Runs until the guest ends or a limit of retired instructions; see {@link #run(long, long)}. */
    public RunResult run(long limit) {
        return run(limit, Long.MAX_VALUE);
    }

    /**
     * Runs until the guest ends, the limit is reached, or {@link #interrupt}.
     *
     * @param limit of retired instructions; repeated string instructions, which retire once, may do 16 times as
     *     many iterations
     * @param stopAt where to end before that; the limit of iterations is that of {@code limit} all the same
     * @return how it ended; {@link EndReason#STEP_LIMIT} at the limit, {@link EndReason#STOP_REQUESTED} if interrupted,
     *     {@link EndReason#UNSUPPORTED} if a point wants what cannot be done
     */
    public RunResult run(long limit, long stopAt) {
        target = null;
        return runOn(limit, stopAt);
    }

    /**
     * As {@link #run(long, long)}, but comes back with {@link EndReason#STOP_ADDRESS} before the instruction at an address.
     *
     * @param address where to come back
     */
    public RunResult runTo(int address, long limit, long stopAt) {
        target = address;
        machine.stopBefore(address);
        return runOn(limit, stopAt);
    }

    private RunResult runOn(long limit, long stopAt) {
        long stepsMax = Math.min(limit, stopAt);
        machine.limitRepeats(limit > Long.MAX_VALUE / REPEATS_PER_STEP ? Long.MAX_VALUE : limit * REPEATS_PER_STEP);
        while (true) {
            doStepPoints();
            if (impossible != null) {
                int cpu = Math.max(0, machine.runningCpu());
                int eip = machine.cpu(cpu).eip();
                return new RunResult(EndReason.UNSUPPORTED, machine.step(), cpu, eip, 0, impossible);
            }
            long until = nextByStep < bySteps.size() ? Math.min(stepsMax, step(bySteps.get(nextByStep))) : stepsMax;
            RunResult result = machine.run(scheduler, until - machine.step());
            boolean ended = result.reason() == EndReason.STEP_LIMIT
                    && (machine.step() >= stepsMax || machine.repeatsAreSpent());
            if (result.reason().isFinal() || ended || interrupted) {
                return result;
            }
            // Where a run only pauses, what it says of the next switch is what it would have said.
            scheduler.obeyed();
            if (result.reason() == EndReason.STOP_ADDRESS) {
                arrive(result);
                if (target != null && target == result.eip()) {
                    return result;
                }
            }
            // What is done here can be an event that another point waits for: that one comes next time round.
            List<Point> now = List.copyOf(due);
            due.clear();
            now.forEach(this::perform);
        }
    }

    /**
     * The points that the run has not come to.
     *
     * @return a line for each: what, when, how far the run came, and where the scenario asks for it
     */
    public List<String> unreached() {
        List<String> lines = new ArrayList<>();
        for (Point point : bySteps.subList(nextByStep, bySteps.size())) {
            lines.add(unreached(point, "at step " + machine.step()));
        }
        for (Arrivals counter : arrivals) {
            if (counter.isOpen()) {
                lines.add(unreached(counter.point, "with " + counter.seen() + " of them"));
            }
        }
        for (EventMatch match : matches) {
            if (match.isOpen()) {
                lines.add(unreached(match.point, "with " + match.seen() + " of them"));
            }
        }
        due.forEach(point -> lines.add(unreached(point, "right there")));
        return lines;
    }

    private static String unreached(Point point, String end) {
        return point + " (the run ended " + end + "); see " + point.source();
    }

    /**
     * Does something to the machine where the run has paused, as a point at this step would.
     *
     * @return why it cannot be done; empty if it is done
     */
    public String act(Action action) {
        try {
            perform(action);
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** How far it is: which points are done or due, what is counted, what the scheduler remembers. */
    public DirectorState save() {
        return new DirectorState(
                LongStream.of(scheduler.save()).boxed().toList(),
                arrivals.stream().map(Arrivals::left).toList(),
                matches.stream().map(EventMatch::left).toList(),
                List.copyOf(due),
                nextByStep,
                impossible);
    }

    /**
     * Goes back to how far it was, along with the machine ({@link Machine#restore}).
     *
     * @param saved of a director of the same scenario and guest
     */
    public void restore(DirectorState saved) {
        scheduler.restore(saved.scheduler().stream().mapToLong(Long::longValue).toArray());
        for (int i = 0; i < arrivals.size(); i++) {
            restore(arrivals.get(i), saved.arrivals().get(i));
        }
        for (int i = 0; i < matches.size(); i++) {
            matches.get(i).restore(saved.matches().get(i));
        }
        due.clear();
        due.addAll(saved.due());
        nextByStep = saved.nextByStep();
        impossible = saved.impossible();
    }

    /** The machine stops for counters that are open, and no more for those that are not. */
    private void restore(Arrivals counter, int left) {
        boolean wasOpen = counter.isOpen();
        counter.restore(left);
        if (!wasOpen && counter.isOpen()) {
            machine.stopBefore(counter.address);
        }
    }

    private void doStepPoints() {
        while (nextByStep < bySteps.size() && step(bySteps.get(nextByStep)) <= machine.step()) {
            scheduler.obeyed();
            perform(bySteps.get(nextByStep++));
        }
    }

    private void arrive(RunResult result) {
        boolean open = false;
        for (Arrivals counter : arrivals) {
            if (counter.completes(result.eip(), result.cpu())) {
                due.add(counter.point);
            }
            open |= counter.isOpen() && counter.address == result.eip();
        }
        if (waits.contains(result.eip())) {
            machine.reschedule();
        } else if (!open && (target == null || target != result.eip())) {
            machine.clearStop(result.eip());
        }
    }

    /** A poke where nothing is mapped at that moment is the end of the run: the scenario means another guest. */
    private void perform(Point point) {
        try {
            perform(point.what());
        } catch (IllegalArgumentException e) {
            impossible = point.source() + ": cannot be done now: " + e.getMessage();
        }
    }

    private void perform(Action action) {
        int running = Math.max(0, machine.runningCpu());
        if (action instanceof Action.SwitchTo switchTo) {
            scheduler.order(machine, switchTo.cpu());
        } else if (action instanceof Action.Nmi nmi) {
            machine.raiseNmi(nmi.cpu() < 0 ? running : nmi.cpu());
        } else if (action instanceof Action.Irq irq) {
            machine.raiseIrq(irq.cpu() < 0 ? running : irq.cpu(), irq.vector());
        } else if (action instanceof Action.Poke poke) {
            int by = poke.debugger() ? MachineListener.BY_DEBUGGER : MachineListener.BY_INJECTION;
            machine.poke(running, address(poke.place()), HexFormat.of().parseHex(poke.hex()), by);
        } else if (action instanceof Action.NotPresent notPresent) {
            machine.hidePage(address(notPresent.place()), notPresent.faults());
        }
    }

    private int address(Place place) {
        Integer address = place.resolve(symbols);
        if (address == null) {
            throw new IllegalStateException(place + " was resolved when the run was prepared");
        }
        return address;
    }
}
