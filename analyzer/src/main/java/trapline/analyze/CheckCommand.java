package trapline.analyze;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.checks.Verdict;

/** {@code check}: verdicts. */
@Command(
        name = "check",
        description = "Judges journals by all checks; exits with 1 if a claim is violated, 3 if something is unknown.")
final class CheckCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Journals.")
    private List<Path> paths = new ArrayList<>();

    @Override
    protected ExitCode execute() throws Exception {
        ExitCode worst = ExitCode.CLEAN;
        CheckText text = new CheckText(out(), console());
        for (Path path : paths) {
            Checked checked = Checked.of(path);
            if (json()) {
                printJson(1, CheckJson.document(checked));
            } else {
                text.print(checked);
                err().println(summary(checked));
            }
            worst = worst == ExitCode.FINDING ? worst : worst.worse(checked.exitCode());
        }
        return worst;
    }

    private static String summary(Checked checked) {
        return checked.path() + ": " + checked.count(Verdict.PASS) + " passed, " + checked.count(Verdict.FAIL)
                + " failed, " + checked.count(Verdict.UNKNOWN) + " unknown, " + checked.count(Verdict.NOT_EXERCISED)
                + " not exercised";
    }
}
