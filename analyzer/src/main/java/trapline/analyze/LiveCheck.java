package trapline.analyze;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import trapline.checks.CheckRun;
import trapline.checks.Checks;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.journal.Journal;
import trapline.journal.JournalHeader;

/** All checks, run while a journal is being made; their results are shown as {@code check} shows those of a journal. */
public final class LiveCheck implements EventConsumer {

    private final CheckRun run;

    /**
     * Prepares the checks.
     *
     * @param header of the journal that is being made
     */
    public LiveCheck(JournalHeader header) {
        run = new CheckRun(Opened.tables(header), Checks.all());
    }

    @Override
    public void accept(Event event) {
        run.accept(event);
    }

    /** What the checks said. */
    public static final class Report {
        private final Checked checked;

        private Report(Checked checked) {
            this.checked = checked;
        }

        /** Prints the verdicts and findings. */
        public void print(Console console) {
            new CheckText(console.out(), console).print(checked);
        }

        /** The verdicts, as records for JSON. */
        public List<?> verdicts() {
            return CheckJson.document(checked).verdicts();
        }

        /** What the verdicts amount to. */
        public ExitCode exitCode() {
            return checked.exitCode();
        }
    }

    /**
     * Ends the checks.
     *
     * @param path the finished journal, read again only for the events that findings show
     */
    public Report end(Path path) throws IOException {
        try (Opened opened = Opened.journal(path)) {
            Journal journal = opened.journal();
            return new Report(new Checked(
                    path.toString(), opened.describe(), opened.tables(), run.results(journal.closed(), journal::read)));
        }
    }
}
