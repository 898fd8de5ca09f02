package trapline.commands;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import trapline.block.BlockInfo;
import trapline.bundle.Bundle;
import trapline.bundle.BundleWriter;
import trapline.bundle.Manifest;
import trapline.bundle.SshSignature;
import trapline.checks.CheckResult;
import trapline.checks.Finding;
import trapline.checks.kprobes.Checks;
import trapline.cli.Console;
import trapline.cli.ExitCode;
import trapline.cli.Inputs;
import trapline.cli.Json;
import trapline.cli.Outputs;
import trapline.cli.ToolCommand;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.cli.WholeOutput;
import trapline.cli.Words;
import trapline.events.Event;
import trapline.events.Visible;
import trapline.exchange.RecipeText;
import trapline.journal.Journal;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.VerdictJson;

/** {@code bundle}: one file for a bug report. */
@Command(
        name = "bundle",
        description = "Packs a journal, its guest, the verdicts and a summary into one file for a bug report.",
        footer = {
            "",
            "A slice begins with the state at its start and can be replayed; --around takes 1000 steps "
                    + "before and behind. The bundle names no user, host or path. Every command takes it where it "
                    + "takes a journal."
        })
final class BundleCommand extends ToolCommand {

    private static final long AROUND_STEPS = 1000;
    private static final int ATTACHMENT_BYTES_MAX = 1 << 26;

    @Parameters(paramLabel = "JOURNAL", description = "Journal or bundle.")
    private Path path = Path.of(".");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The bundle; NAME.trap if not given.")
    private @Nullable Path output;

    @Option(names = "--from", paramLabel = "STEP", description = "Only from this step on.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "STEP", description = "Only up to this step.")
    private @Nullable Long to;

    @Option(
            names = "--around",
            paramLabel = "FINDING",
            description = "Only around the first finding of this check, or around this step.")
    private String around = "";

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Option(names = "--attach", paramLabel = "FILE", description = "Put this file in too.")
    private List<Path> attachments = new ArrayList<>();

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description = "Sign it with this Ed25519 key of SSH, without a passphrase: writes FILE.sig beside it, as"
                    + " ssh-keygen -Y sign -n trapline does.")
    private @Nullable Path key;

    @Option(names = "--guest", paramLabel = "DIR", description = "Look there for the guest's objects and sources.")
    private List<Path> guestFolders = new ArrayList<>();

    @Override
    protected ExitCode execute() throws IOException {
        requireRange(from, to);
        for (Path folder : guestFolders) {
            if (!Files.isDirectory(folder)) {
                throw new UserError(ExitCode.UNREADABLE, "--guest " + folder + ": no such directory");
            }
        }
        ExitCode read;
        Path file = output != null ? output : Path.of(Words.baseName(path) + ".trap");
        Outputs.requireNew(file, force);
        Manifest manifest;
        try (Journal journal = Bundle.journal(path)) {
            JournalVerdicts checked = JournalVerdicts.of(journal, Checks::all, 1);
            BundleWriter writer = new BundleWriter(journal)
                    .text("summary.txt", summary(journal, checked))
                    .text(
                            "verdicts.json",
                            Json.pretty(VerdictJson.of(
                                    checked.named(journal.header().name()))));
            warn(new GuestFiles(path, guestFolders)
                    .addTo(writer, journal.header().images()));
            for (Path attachment : attachments) {
                try (InputStream in = Inputs.open(attachment)) {
                    writer.attach(fileName(attachment), in.readNBytes(ATTACHMENT_BYTES_MAX));
                }
            }
            slice(writer, journal, checked);
            manifest = write(writer, file);
            read = outcome(journal);
        }
        sign(file);
        if (json()) {
            printJson(1, manifest);
        } else {
            Manifest.Slice slice = manifest.slice();
            err().println(file + ": " + Words.count(slice.endOrdinal() - slice.firstOrdinal(), "event", "events")
                    + (slice.whole() ? "" : " of " + manifest.events()) + ", " + Files.size(file) + " bytes");
        }
        return read;
    }

    private void sign(Path file) throws IOException {
        if (key != null) {
            String signature = SshSignature.sign(file, key);
            WholeOutput.write(SshSignature.of(file), partial -> Files.writeString(partial, signature));
        }
    }

    private static Manifest write(BundleWriter writer, Path file) throws IOException {
        Manifest[] manifest = new Manifest[1];
        WholeOutput.write(file, partial -> manifest[0] = writer.write(partial, "trapline " + ToolVersion.TOOL));
        return manifest[0];
    }

    private void warn(List<String> missing) {
        if (!missing.isEmpty()) {
            err().println("not found, so not in the bundle: " + String.join(", ", missing)
                    + "; without the guest's objects it cannot be run again (--guest DIR says where they are)");
        }
    }

    private static String fileName(Path attachment) {
        Path name = attachment.getFileName();
        return name == null ? "attachment" : name.toString();
    }

    private void slice(BundleWriter writer, Journal journal, JournalVerdicts checked) throws IOException {
        if (around.isEmpty() && from == null && to == null) {
            return;
        }
        if (!around.isEmpty() && (from != null || to != null)) {
            throw new UserError(ExitCode.USAGE, "--around says from where to where; leave --from and --to out");
        }
        List<BlockInfo> blocks = journal.blocks();
        long last = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).lastStep();
        if (from != null && from > last) {
            throw new UserError(ExitCode.USAGE, "--from " + from + ": the steps go from 0 to " + last);
        }
        if (around.isEmpty()) {
            writer.slice(from == null ? 0 : from, to == null ? Long.MAX_VALUE : to);
        } else if (around.matches("[0-9]{1,18}")) {
            long step = Long.parseLong(around);
            if (step > last) {
                throw new UserError(ExitCode.USAGE, "--around: the steps go from 0 to " + last);
            }
            writer.slice(Math.max(0, step - AROUND_STEPS), step + AROUND_STEPS);
        } else {
            List<Event> shown = finding(checked).slice();
            long end = shown.get(shown.size() - 1).step();
            writer.slice(Math.max(0, shown.get(0).step() - AROUND_STEPS), end + AROUND_STEPS);
        }
    }

    private Finding finding(JournalVerdicts checked) {
        for (CheckResult result : checked.results()) {
            if (result.info().id().equalsIgnoreCase(around)
                    && !result.findings().isEmpty()) {
                return result.findings().get(0);
            }
        }
        throw new UserError(
                ExitCode.USAGE, "--around: " + around + " is neither a step nor a check with a finding here");
    }

    private String summary(Journal journal, JournalVerdicts checked) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream text = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            JournalVerdicts named = checked.named(journal.header().name());
            new CheckText(text, Console.plain(text, text), true).journal(named);
            text.println();
            text.println("recorded by " + journal.header().tool() + ", machine semantics "
                    + journal.header().semantics());
            journal.footer().ifPresent(footer -> text.println("digest " + footer.digest()));
            text.println(journal.closed() ? "closed" : "not closed: the recording was cut off");
            text.print(RecipeText.of(journal));
        }
        return Visible.text(bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }
}
