package trapline.commands;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import trapline.checks.Check;
import trapline.checks.CheckInfo;
import trapline.checks.CheckRun;
import trapline.checks.Finding;
import trapline.cli.Console;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.journal.Journal;
import trapline.text.EventTextTables;
import trapline.verdicts.Groups;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.VerdictWriter;

/**
 * Checks over a journal that is still being written: block after block as they come, until its footer or Ctrl-C. Findings
 * are told as they arise: as text, or where the verdicts are to come in another format, in a line on standard error.
 */
final class FollowedCheck {

    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

    private final Journal journal;
    private final CheckRun run;
    private final Console console;
    private final CheckText text;
    private final EventTextTables tables;
    private final @Nullable VerdictWriter writer;
    private final Map<String, CheckInfo> infos = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private volatile boolean stopped;

    /**
     * Prepares the checks.
     *
     * @param checks fresh ones
     * @param listed whether every check has a line in the text
     * @param writer writes the verdicts at the end; null for text
     */
    FollowedCheck(Opened opened, List<Check> checks, Console console, boolean listed, @Nullable VerdictWriter writer) {
        this.journal = opened.journal();
        this.run = new CheckRun(opened.tables(), checks);
        this.console = console;
        this.text = new CheckText(console.out(), console, listed);
        this.tables = opened.tables();
        this.writer = writer;
        checks.forEach(check -> infos.put(check.info().id(), check.info()));
    }

    /**
     * Follows to the end. Ctrl-C is one too: the process then waits until the verdicts so far are out.
     *
     * @param last takes the verdicts when they have been written
     */
    void run(Consumer<JournalVerdicts> last) throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            stop();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            follow();
            last.accept(verdicts());
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down, the hook runs already.
            }
        }
    }

    /** Ends it as Ctrl-C does. */
    void stop() {
        stopped = true;
    }

    /** The last block waits until there is one behind it, or none can come: only then is known what is missing there. */
    private void follow() throws IOException {
        EventConsumer events = new WithoutOpenEnd(run);
        int next = 0;
        boolean more = true;
        while (more) {
            more = !stopped && !journal.closed(); // asked first: what a closed journal has is all there is
            int end = journal.blocks().size() - (more ? 1 : 0);
            for (; next < end; next++) {
                journal.read(next, next + 1, events);
                run.newFindings(journal::read).forEach(this::tell);
            }
            if (more && !journal.refresh()) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    /** That the journal is not closed loses nothing that it has. */
    private static final class WithoutOpenEnd extends BehindLoss {

        WithoutOpenEnd(CheckRun run) {
            super(run);
        }

        @Override
        public void accept(Event e) {
            if (e.kind() != EventKind.LOST || e.value(Lost.COUNT) >= 0) {
                super.accept(e);
            }
        }
    }

    private void tell(Finding finding) {
        Event event = finding.event();
        CheckInfo info = infos.get(finding.check());
        if (!told.add(finding.check() + " " + event.ordinal()) || info == null) {
            return;
        }
        if (writer == null) {
            text.finding(finding, info, tables);
            console.out().flush();
        } else {
            console.err()
                    .println("step " + event.step() + ", CPU " + event.cpu() + ": " + finding.check() + ": "
                            + finding.sentence());
        }
    }

    private JournalVerdicts verdicts() throws IOException {
        JournalVerdicts verdicts = JournalVerdicts.of(journal, run);
        verdicts.results().forEach(result -> result.findings().forEach(this::tell));
        if (writer == null) {
            console.out().print(told.isEmpty() ? "" : "\n");
            text.withoutFindings(verdicts);
        } else {
            writer.begin(1);
            writer.journal(verdicts);
            writer.end(new Groups());
        }
        console.out().flush();
        return verdicts;
    }
}
