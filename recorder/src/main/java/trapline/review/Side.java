package trapline.review;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import trapline.guest.GuestException;
import trapline.recording.GuestBuild;
import trapline.recording.GuestCompiler;
import trapline.scenario.Catalogue;

/**
 * One of the two handlers.
 *
 * @param name the flow's
 * @param given what {@code --flow} takes to get it: a name of the catalogue, or a file
 * @param run the same, but compiled already
 * @param source its C; empty where only the object is at hand
 * @param compiler that made the object, as it names itself; empty if the object does not say
 */
public record Side(String name, String given, String run, String source, String compiler) {

    private static final Pattern COMPILER = Pattern.compile("GCC: \\([^)\\x00]{0,80}\\) ([0-9.]{1,20})");

    /**
     * A flow of the catalogue.
     *
     * @throws IllegalArgumentException if there is none of that name: one line
     */
    public static Side ofCatalogue(String name) {
        byte[] object = Catalogue.find("guest/flows/" + name + ".o");
        byte[] source = Catalogue.find("guest/flows/" + name + ".c");
        if (object == null) {
            throw new IllegalArgumentException(
                    name + ": no such file, and no flow of that name in the catalogue" + " (trapline flows lists it)");
        }
        String text = source == null ? "" : new String(source, StandardCharsets.UTF_8);
        return new Side(name, name, name, text, compiler(object));
    }

    /**
     * A file of the user's: C, or an object.
     *
     * @param scratch where the object of C is put
     */
    public static Side ofFile(Path file, Path scratch) throws IOException, GuestException, GuestCompiler.Refused {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.[co]$", "");
        if (!file.toString().endsWith(".c")) {
            byte[] object = Files.readAllBytes(file);
            return new Side(name, file.toString(), file.toString(), "", compiler(object));
        }
        byte[] object = GuestBuild.compiled(file);
        Path compiled = Files.createTempDirectory(scratch, "flow").resolve(name + ".o");
        Files.write(compiled, object);
        return new Side(name, file.toString(), compiled.toString(), Files.readString(file), compiler(object));
    }

    /** Whether the catalogue has it, so that a recipe can name it. */
    public boolean isOfCatalogue() {
        return name.equals(given);
    }

    private static String compiler(byte[] object) {
        Matcher said = COMPILER.matcher(new String(object, StandardCharsets.ISO_8859_1));
        return said.find() ? "gcc " + said.group(1) : "";
    }
}
