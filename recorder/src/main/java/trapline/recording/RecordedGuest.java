package trapline.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import trapline.block.JournalHeader;
import trapline.bundle.GuestFolder;
import trapline.cli.ExitCode;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.guest.GuestException;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;
import trapline.schedule.UnresolvedPointException;

/**
 * The guest of a journal or bundle, made again of the very objects that it was recorded with: those that it carries, and
 * for the rest those of the catalogue. Nothing is compiled, and the catalogue need not know the scenario.
 */
public final class RecordedGuest {

    private RecordedGuest() {}

    /**
     * Prepares the same run again.
     *
     * @param source a journal or bundle
     * @param header its header
     * @throws UserError if its scenario is none, or an object is missing or another one
     */
    public static Recording prepare(String source, JournalHeader header) throws IOException {
        try {
            Scenario scenario = ScenarioReader.ofJournal(source, header.scenario());
            GuestBuild guest = GuestBuild.of(objects(source, header.images()), scenario.image() != null);
            return Recording.prepare(scenario, guest, "trapline " + ToolVersion.TOOL, header.eflagsAll());
        } catch (ScenarioException e) {
            throw new UserError(ExitCode.UNREADABLE, e.problems().get(0), e);
        } catch (GuestException | UnresolvedPointException e) {
            throw new UserError(ExitCode.UNREADABLE, source + ": " + e.getMessage(), e);
        }
    }

    static Map<String, byte[]> objects(String source, Map<String, String> images) throws IOException {
        Map<String, byte[]> objects = new LinkedHashMap<>();
        for (Map.Entry<String, String> image : images.entrySet()) {
            String name = image.getKey();
            byte[] object = GuestFolder.find(Path.of(source), name, image.getValue());
            objects.put(name, object != null ? object : ofCatalogue(source, name, image.getValue()));
        }
        if (objects.isEmpty()) {
            throw new UserError(ExitCode.UNREADABLE, source + ": does not say what its guest was linked from");
        }
        return objects;
    }

    private static byte[] ofCatalogue(String source, String name, String sha256) throws IOException {
        byte[] object = GuestBuild.find(name);
        if (object == null) {
            throw new UserError(
                    ExitCode.UNREADABLE,
                    source + ": has no guest/" + name + ", and the catalogue neither; ask for a bundle that has it"
                            + " (trapline bundle, where it was recorded)");
        }
        if (!GuestFolder.isThatOne(object, sha256)) {
            throw new UserError(
                    ExitCode.NOT_REPRODUCED,
                    source + ": recorded with another " + name
                            + " than this trapline carries; ask for a bundle that has"
                            + " it (trapline bundle, where it was recorded)");
        }
        return object;
    }
}
