package trapline.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import trapline.block.JournalHeader;
import trapline.checks.CheckRun;
import trapline.checks.kprobes.Checks;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.diff.Code;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.journal.Journal;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.VerdictJson;

/** All checks, run while a journal is being made; their results are shown as {@code check} shows those of a journal. */
public final class LiveCheck implements EventConsumer {

    private final CheckRun run;

    /**
     * Prepares the checks.
     *
     * @param header of the journal that is being made
     */
    public LiveCheck(JournalHeader header) {
        run = new CheckRun(JournalVerdicts.tables(header), Checks.all());
    }

    @Override
    public void accept(Event event) {
        run.accept(event);
    }

    /** What the checks said. */
    public static final class Report {
        private final JournalVerdicts verdicts;

        private Report(JournalVerdicts verdicts) {
            this.verdicts = verdicts;
        }

        /** Prints the verdicts and findings. */
        public void print(Console console) {
            new CheckText(console.out(), console, false).journal(verdicts);
        }

        /** The verdicts, as records for JSON. */
        public List<?> verdicts() {
            return VerdictJson.of(verdicts).verdicts();
        }

        /**
         * What the verdicts amount to.
         *
         * @param allowIdle whether a run in which nothing was exercised is clean
         */
        public ExitCode exitCode(boolean allowIdle) {
            return ExitCode.of(verdicts.severity(allowIdle));
        }
    }

    /**
     * Ends the checks.
     *
     * @param path the finished journal, read again only for the events that findings show
     * @param code finds the code of its guest, to name source lines
     */
    public Report end(Path path, Code.Finder code) throws IOException {
        try (Opened opened = Opened.journal(path)) {
            Journal journal = opened.journal();
            return new Report(JournalVerdicts.of(journal, run).withSources(code.of(journal)::source));
        }
    }
}
