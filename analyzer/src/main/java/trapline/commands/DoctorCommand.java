package trapline.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import trapline.block.Damage;
import trapline.block.JournalException;
import trapline.bundle.Bundle;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.ToolCommand;
import trapline.cli.Words;
import trapline.events.Event;
import trapline.events.EventFields.Lost;
import trapline.events.EventKind;
import trapline.events.StreamConsumer;
import trapline.events.Visible;
import trapline.journal.Journal;

/** {@code doctor}: what is wrong with a journal, and where. */
@Command(
        name = "doctor",
        description = "Examines journals and bundles byte by byte: what is wrong where, and what to do.",
        footer = {
            "",
            "Ends with 0 if all is well, with 3 if events are missing or damaged, with 4 if nothing can be "
                    + "read. Never changes what it looks at."
        })
final class DoctorCommand extends ToolCommand {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Journals or bundles.")
    private List<Path> paths = new ArrayList<>();

    record Place(String file, long offset, long bytes, String what) {}

    record Gap(long ordinal, long count, long fromStep, long toStep, String why) {}

    record Document(
            String path,
            String state,
            boolean closed,
            long events,
            long readable,
            int blocks,
            List<Place> damage,
            List<Gap> gaps,
            List<String> advice) {}

    @Override
    protected ExitCode execute() throws IOException {
        ExitCode worst = ExitCode.CLEAN;
        for (Path path : paths) {
            Document document = examine(path);
            if (json()) {
                printJson(1, document);
            } else {
                print(document);
            }
            worst = worst.worse(code(document));
        }
        return worst;
    }

    private static ExitCode code(Document document) {
        return switch (document.state()) {
            case "whole" -> ExitCode.CLEAN;
            case "unreadable" -> ExitCode.UNREADABLE;
            default -> ExitCode.LOSSY;
        };
    }

    private static Document examine(Path path) throws IOException {
        try (Journal journal = Bundle.journal(path)) {
            return examine(path, journal);
        } catch (JournalException e) {
            return unreadable(path, e);
        }
    }

    private static Document examine(Path path, Journal journal) throws IOException {
        List<Damage> damage = new ArrayList<>(journal.damage());
        damage.addAll(journal.verify());
        damage.addAll(alteredParts(path));
        Gaps gaps = new Gaps();
        journal.read(gaps);
        boolean whole = damage.isEmpty() && gaps.found.isEmpty();
        List<String> advice = new ArrayList<>();
        if (!whole) {
            advice.add("checks say UNKNOWN where this matters; 'trapline recover " + path
                    + "' writes a new journal of all that can be read");
        }
        if (!journal.closed()) {
            advice.add("the recording was cut off, or is still going on: all blocks that were committed are there");
        }
        if (!whole && !journal.header().recipe().isEmpty()) {
            advice.add("'trapline repro' makes the whole journal again from its recipe");
        }
        return new Document(
                path.toString(),
                whole ? "whole" : damage.isEmpty() ? "incomplete" : "damaged",
                journal.closed(),
                journal.events(),
                gaps.read,
                journal.blocks().size(),
                damage.stream().map(DoctorCommand::place).toList(),
                gaps.found,
                advice);
    }

    private static List<Damage> alteredParts(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return List.of();
        }
        try (Bundle bundle = Bundle.open(path)) {
            return bundle.altered().stream()
                    .map(name -> new Damage(path, 0, 0, name + " is not what the manifest says"))
                    .toList();
        } catch (JournalException e) {
            return List.of(new Damage(path, 0, 0, String.valueOf(e.getMessage()).replace(path + ": ", "")));
        }
    }

    private static Document unreadable(Path path, JournalException refused) {
        List<Place> places = new ArrayList<>();
        String why = String.valueOf(refused.getMessage());
        places.add(new Place(path.toString(), 0, 0, why.replace(path + ": ", "")));
        try {
            Journal.survey(path).forEach(damage -> places.add(place(damage)));
        } catch (IOException e) {
            // there is nothing more to say than why it was refused
        }
        return new Document(path.toString(), "unreadable", false, 0, 0, 0, places, List.of(), List.of());
    }

    private static Place place(Damage damage) {
        return new Place(String.valueOf(damage.file().getFileName()), damage.offset(), damage.length(), damage.what());
    }

    private void print(Document d) {
        Ink ink = new Ink(console());
        String verdict = d.state().equals("whole") ? d.state() : ink.red(d.state());
        out().println(ink.bold(Visible.line(d.path())) + "  " + verdict);
        if (!d.state().equals("unreadable")) {
            out().println("  " + d.readable() + " of " + Words.count(d.events(), "event", "events")
                    + " can be read, in " + Words.count(d.blocks(), "block", "blocks")
                    + (d.closed() ? "" : ", not closed"));
        }
        for (Place place : d.damage()) {
            out().println("  " + Visible.line(place.file()) + ": offset " + place.offset() + ": "
                    + Visible.line(place.what()));
        }
        for (Gap gap : d.gaps()) {
            String count = gap.count() < 0 ? "unknown how many" : Words.count(gap.count(), "event", "events");
            out().println("  lost from event " + gap.ordinal() + ", step " + gap.fromStep() + ": " + count + " ("
                    + gap.why() + ")");
        }
        d.advice()
                .forEach(line -> Words.wrap(Visible.line(line), console().columns(), "  ")
                        .forEach(out()::println));
    }

    /** Counts what can be read and notes what cannot. */
    private static final class Gaps implements StreamConsumer {

        private static final int LISTED_MAX = 1000;

        private final List<Gap> found = new ArrayList<>();
        private long read;

        @Override
        public void accept(Event event) {
            if (event.kind() != EventKind.LOST) {
                read++;
            } else if (found.size() < LISTED_MAX) {
                found.add(new Gap(
                        event.ordinal(),
                        event.value(Lost.COUNT),
                        event.step(),
                        event.value(Lost.UNTIL),
                        event.text().replaceAll("[^ -~]", "?")));
            }
        }
    }
}
