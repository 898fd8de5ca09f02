package trapline.recording;

import java.io.Closeable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.journal.JournalWriter;
import trapline.machine.Machine;
import trapline.machine.tape.Follower;
import trapline.machine.tape.MachineListener;
import trapline.machine.tape.Tape;

/**
 * Events on their way from the machine's thread to the journal: that one only writes on a tape what happened, another one makes the
 * events and codes them. Batches go round between the two, enough of them for the time in which the other thread has no
 * processor; when none is free the machine waits.
 *
 * <p>Neither thread wakes the other: a batch lasts 40 to 100 microseconds, and a system call for each would cost the
 * machine a tenth of its speed. The one that waits looks again and again, first at once, then after naps.
 */
final class Backlog implements MachineListener, EventConsumer, Closeable {

    private static final int BATCHES = 32;
    private static final int LOOKS_BEFORE_NAP = 200;
    private static final long NAP_NANOS = 50_000;

    private final Machine machine;
    private final BatchWriter writer;
    private final Batch[] batches = new Batch[BATCHES];
    private final Thread thread = new Thread(this::codeAll, "trapline-coder");

    private final Tape tape = new Tape();
    private @Nullable Follower follower;
    private boolean closed;

    /** Batches handed over so far; written by the machine's thread. */
    private volatile long filled;
    /** No more will be. */
    private volatile boolean ended;
    /** Batches coded so far; written by the other thread. */
    private volatile long coded;

    private volatile @Nullable Throwable failure;
    private boolean failureTold;

    /**
     * Starts the other thread.
     *
     * @param machine what happens where
     * @param writer of the journal, for the other thread alone from now on
     * @param events makes events of what is on the tape, for the writer; called by the other thread
     */
    Backlog(Machine machine, JournalWriter writer, TapeEvents events) {
        this.machine = machine;
        this.writer = new BatchWriter(writer, events);
        for (int i = 0; i < BATCHES; i++) {
            batches[i] = new Batch();
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands over what there is. */
    @Override
    public Tape tape(@Nullable Tape full) {
        if (full != null) {
            rethrow();
            handOver();
        }
        return tape;
    }

    /** Says who is told at once; before the machine runs. */
    void follow(Follower newFollower) {
        follower = newFollower;
    }

    @Override
    public @Nullable Follower follower() {
        return follower;
    }

    /** Takes an event that happens now and is no row. */
    @Override
    public void accept(Event event) {
        machine.append(event.copy());
    }

    private void handOver() {
        long next = filled;
        for (int look = 0; next - coded >= BATCHES; look++) {
            pause(look);
        }
        batches[(int) (next % BATCHES)].copy(tape, machine.step());
        filled = next + 1;
        tape.clear();
    }

    private static void pause(int look) {
        if (look < LOOKS_BEFORE_NAP) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    private void rethrow() {
        Throwable failed = failure;
        if (failed == null || failureTold) {
            return;
        }
        failureTold = true;
        if (failed instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failed;
    }

    private void codeAll() {
        int look = 0;
        while (true) {
            boolean last = ended;
            long next = coded;
            if (next < filled) {
                code(batches[(int) (next % BATCHES)]);
                coded = next + 1;
                look = 0;
            } else if (last) {
                return;
            } else {
                pause(look++);
            }
        }
    }

    /** After a failure batches are thrown away, until the machine's thread has seen it. */
    private void code(Batch next) {
        try {
            if (failure == null) {
                writer.write(next);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Writes what is left and ends the thread; a failure that nobody has been told of is thrown. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            handOver();
            ended = true;
            join();
            rethrow();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
