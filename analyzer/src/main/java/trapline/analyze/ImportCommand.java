package trapline.analyze;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.exchange.AmbiguousMailException;
import trapline.exchange.MailFile;
import trapline.exchange.MailReader;
import trapline.journal.JournalFooter;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;

/** {@code import}: a journal from what others wrote down. */
@Command(
        name = "import",
        description = "Makes a journal of a trace in a mail, as show --mail prints it.",
        footer = {
            "",
            "A message in any encoding and with any attachments, an mbox (of a public inbox too, and packed "
                    + "with gzip), a series for git am, or the text alone. Quote marks, other line ends and wrapped "
                    + "lines are put right. Lines that are missing or altered "
                    + "become lost events: checks then say UNKNOWN where it matters, and import ends with 3."
        })
final class ImportCommand extends ToolCommand {

    @Parameters(
            paramLabel = "FILE",
            description = "Text with a trace in it, such as a saved mail; - for standard input.")
    private String source = "";

    @Option(names = "--from", paramLabel = "FORMAT", required = true, description = "What it is: mail.")
    private String from = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "The new journal.")
    private Path output = Path.of(".");

    @Option(names = "--message", paramLabel = "N", description = "Of several traces in a mailbox, the N-th.")
    private int message;

    record Document(String journal, long events, int gaps, String digest) {}

    @Override
    protected ExitCode execute() throws IOException {
        if (!from.equals("mail")) {
            throw new UserError(ExitCode.USAGE, "--from: '" + from + "' is not known; there is: mail");
        }
        Outputs.requireFree(output);
        MailReader.Mail mail;
        try {
            mail = MailFile.read(read(), source, message);
        } catch (AmbiguousMailException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
        JournalFooter footer = write(mail);
        if (json()) {
            printJson(1, new Document(output.toString(), footer.events(), mail.lost(), footer.digest()));
        } else {
            err().println(output + ": " + Words.count(footer.events(), "event", "events")
                    + (mail.lost() == 0 ? "" : ", " + Words.count(mail.lost(), "gap", "gaps")));
        }
        for (MailReader.Loss loss : mail.losses()) {
            err().println("  lost: " + loss.why() + " ("
                    + (loss.count() == 1 ? "behind" : loss.count() + " times, the first behind") + " step "
                    + loss.firstStep() + ")");
        }
        return mail.lost() == 0 ? ExitCode.CLEAN : ExitCode.LOSSY;
    }

    private JournalFooter write(MailReader.Mail mail) throws IOException {
        JournalFooter[] footer = new JournalFooter[1];
        WholeOutput.write(output, partial -> {
            try (JournalWriter writer = JournalWriter.create(partial, mail.header(), JournalOptions.DEFAULT)) {
                mail.events().forEach(writer::accept);
                footer[0] = writer.finish();
            }
        });
        return footer[0];
    }

    private byte[] read() throws IOException {
        if (source.equals("-")) {
            return System.in.readNBytes(MailReader.LENGTH_MAX);
        }
        try (InputStream in = Inputs.open(Path.of(source))) {
            return in.readNBytes(MailReader.LENGTH_MAX);
        }
    }
}
