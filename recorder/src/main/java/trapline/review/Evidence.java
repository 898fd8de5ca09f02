package trapline.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import trapline.explore.Judged;
import trapline.explore.Outcome;
import trapline.guest.GuestException;
import trapline.recording.GuestBuild;
import trapline.recording.GuestCompiler;
import trapline.recording.Recording;
import trapline.scenario.Scenario;
import trapline.schedule.UnresolvedPointException;

/** What shows that a scenario is worse: both runs recorded, and where they part. */
final class Evidence {

    private final Row row;
    private final Review.Options options;
    private final Parting parting;
    private final Parting.Recorded old;
    private final Parting.Recorded now;

    private Evidence(Row row, Review.Options options, Parting.Recorded old, Parting.Recorded now, Parting parting) {
        this.row = row;
        this.options = options;
        this.old = old;
        this.now = now;
        this.parting = parting;
    }

    static Evidence of(Row row, Review.Options options) throws IOException {
        try {
            Parting.Recorded old =
                    record(row.before(), options.folder().resolve(row.name() + "-base.journal"), options);
            Parting.Recorded now = record(row.after(), options.folder().resolve(row.name() + "-new.journal"), options);
            return new Evidence(row, options, old, now, Parting.of(old, now, complained(row)));
        } catch (GuestException | GuestCompiler.Refused | UnresolvedPointException e) {
            throw new IllegalStateException("a guest that ran does not run again", e);
        }
    }

    /** Where the kernel complains of itself; a death is of what came before it. */
    private static long complained(Row row) {
        Outcome.Complaints complaints = Objects.requireNonNull(row.now()).complaints();
        return complaints.dies() > 0 ? 0 : complaints.eip();
    }

    private static Parting.Recorded record(Scenario scenario, Path journal, Review.Options options)
            throws IOException, GuestException, GuestCompiler.Refused, UnresolvedPointException {
        GuestBuild guest = GuestBuild.of(scenario);
        Recording recording = Recording.prepare(scenario, guest, options.tool(), true);
        Files.createDirectories(options.folder());
        Recording.Result result = recording.run(journal, null);
        return new Parting.Recorded(
                guest, journal, recording.recipe(result.footer().digest()));
    }

    /** Line of the new handler at which the runs part; empty if unknown. */
    String line() {
        return parting.line();
    }

    /** The finding that this is the evidence of. */
    Finding finding(List<Row> rows) throws IOException {
        return new Finding(
                parting.line(),
                rows.stream().map(Row::name).toList(),
                row.title(),
                row.worse(),
                parting.decided(),
                parting.steps(),
                now.recipe(),
                "trapline record " + row.name() + " --flow " + options.now().given() + " --check",
                options.kept() ? List.of(name(old), name(now)) : List.of(),
                again(),
                options.again());
    }

    private static String name(Parting.Recorded run) {
        return String.valueOf(run.journal().getFileName());
    }

    private int again() {
        try {
            Recording recording = Recording.prepare(row.after(), options.tool(), true);
            return Judged.again(recording, Objects.requireNonNull(row.now()), options.again());
        } catch (GuestException | GuestCompiler.Refused | UnresolvedPointException e) {
            throw new IllegalStateException("a guest that ran does not run again", e);
        }
    }
}
