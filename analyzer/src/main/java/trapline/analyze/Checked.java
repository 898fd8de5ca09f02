package trapline.analyze;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import trapline.checks.CheckResult;
import trapline.checks.CheckRun;
import trapline.checks.Checks;
import trapline.checks.Verdict;
import trapline.events.EventTextTables;

/**
 * What the checks said about one journal.
 *
 * @param path where the journal is
 * @param title what it is, in one line
 * @param tables names for its events
 * @param results one for each check, in the order of the checks
 */
record Checked(String path, String title, EventTextTables tables, List<CheckResult> results) {

    static Checked of(Path path) throws IOException {
        try (Opened opened = Opened.journal(path)) {
            CheckRun run = new CheckRun(opened.tables(), Checks.all());
            opened.journal().read(run);
            List<CheckResult> results = run.results(opened.journal().closed(), opened.journal()::read);
            return new Checked(path.toString(), opened.describe(), opened.tables(), results);
        }
    }

    /** The same under another name, for a document that goes to others: a path may say more than it should. */
    Checked named(String name) {
        return new Checked(name, title, tables, results);
    }

    long count(Verdict verdict) {
        return results.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** A violation counts more than what is unknown besides it. */
    ExitCode exitCode() {
        if (count(Verdict.FAIL) > 0) {
            return ExitCode.FINDING;
        }
        return count(Verdict.UNKNOWN) > 0 ? ExitCode.LOSSY : ExitCode.CLEAN;
    }
}
