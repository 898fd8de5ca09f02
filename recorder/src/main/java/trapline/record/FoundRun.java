package trapline.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import trapline.cli.ExitCode;
import trapline.cli.UserError;
import trapline.explore.Judged;
import trapline.explore.Minimal;
import trapline.explore.Outcome;
import trapline.explore.Search;
import trapline.explore.Variant;
import trapline.recording.GuestBuild;
import trapline.recording.OldJournal;
import trapline.recording.Recording;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;
import trapline.schedule.Point;

/** What a search found, made into something that stands by itself: a minimal scenario, its recipe, its journal. */
final class FoundRun {

    private final Scenario scenario;
    private final GuestBuild guest;
    private final Search.Found found;
    private final Minimal minimal;
    private final Scenario shown;
    private String recipe = "";

    /**
     * Makes it minimal.
     *
     * @param scenario that was explored
     * @param held points beside those that were found
     * @param name of what is made
     */
    FoundRun(Scenario scenario, GuestBuild guest, List<Point> held, Search.Found found, String name) {
        this.scenario = scenario;
        this.guest = guest;
        this.found = found;
        List<Point> points = new ArrayList<>(held);
        points.addAll(found.points());
        minimal = Minimal.of(points, found.wrong().get(0).check(), this::run);
        shown = Variant.of(scenario, name, minimal.points(), "");
    }

    private Outcome run(List<Point> points) {
        return Judged.once(Swept.prepare(Variant.of(scenario, scenario.name(), points, ""), guest), List.of());
    }

    /**
     * Records it.
     *
     * @param folder where scenario and journal are kept; null: neither is
     */
    void record(@Nullable Path folder) throws IOException {
        // The text is read again, as whoever gets it will read it.
        Recording recording = Swept.prepare(reread(), guest);
        try (ReviewScratch scratch = new ReviewScratch(folder)) {
            Path journal = scratch.journals().resolve(shown.name() + ".journal");
            if (Files.exists(journal)) {
                OldJournal.remove(journal); // --force was given
            }
            Recording.Result result = recording.run(journal, null);
            recipe = recording.recipe(result.footer().digest());
            if (folder != null) {
                Files.writeString(folder.resolve(shown.name() + ".yaml"), shown.yaml());
            }
        }
    }

    private Scenario reread() {
        try {
            return ScenarioReader.parse(shown.name(), Path.of(""), shown.yaml(), new Overrides());
        } catch (ScenarioException e) {
            throw new UserError(ExitCode.INTERNAL, shown.name() + ": " + e.getMessage(), e);
        }
    }

    /** Text that makes the run again; empty if a user's guest took part, or there is no room. */
    String recipe() {
        return recipe;
    }

    /** Why nothing of it can be left out. */
    String proof() {
        int points = minimal.points().size();
        return points == 1
                ? "without its one point it does not go wrong"
                : "minimal: without any one of its " + points + " points it does not go wrong (" + minimal.removals()
                        + " runs)";
    }

    /**
     * As JSON has it.
     *
     * @param sentence that says it
     */
    Map<String, Object> row(String sentence) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("sentence", sentence);
        row.put("checks", found.wrong().stream().map(Outcome.Failure::check).toList());
        row.put("points", minimal.points().size());
        row.put("removals", minimal.removals());
        row.put("runs", found.runs());
        row.put("scenario", shown.yaml());
        row.put("recipe", recipe);
        return row;
    }
}
