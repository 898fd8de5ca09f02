package trapline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The README's picture of the tree shows the packages that there are and who may use whom: all that a package uses stands
 * on its left, or in a module above; rooms of one package that use each other stand side by side. {@code -Dupdate.expected=true} draws it again, and the review happens in the diff.
 */
class TreeTest {

    private static final Path README = Path.of("../README.md");
    private static final String BEGIN = "<!-- the tree, drawn by TreeTest -->\n";
    private static final String END = "<!-- end of the tree -->\n";
    private static final String INDENT = "    ";
    private static final int NAME_COLUMNS = 11;
    private static final int COLUMNS_MAX = 116;
    private static final String ROOT = "trapline.";

    /** For each package of ours those that its classes use, without itself. */
    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : Ours.CLASSES) {
            Set<String> used = uses.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(arrow -> arrow.getTargetClass().getBaseComponentType().getPackageName())
                    .filter(name -> name.startsWith(ROOT) && !name.equals(type.getPackageName()))
                    .forEach(used::add);
        }
        return uses;
    }

    private static boolean isIn(String name, String... module) {
        return Arrays.stream(module).map(p -> p.replace("..", "")).anyMatch(p -> (name + ".").startsWith(p + "."));
    }

    /** Packages in groups: each uses only packages of the groups before its own, or of modules above. */
    private static List<Set<String>> groups(Map<String, Set<String>> uses, Set<String> module) {
        List<Set<String>> groups = new ArrayList<>();
        Set<String> left = new TreeSet<>(module);
        while (!left.isEmpty()) {
            Set<String> group = left.stream()
                    .filter(name -> uses.getOrDefault(name, Set.of()).stream().noneMatch(left::contains))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (group.isEmpty()) {
                group.addAll(rooms(uses, left));
            }
            assertThat(group).as("these use each other in a circle: %s", left).isNotEmpty();
            groups.add(group);
            left.removeAll(group);
        }
        return groups;
    }

    /** The rooms of one package that use each other, and of what is left nothing else. */
    private static Set<String> rooms(Map<String, Set<String>> uses, Set<String> left) {
        for (String top : left) {
            Set<String> rooms =
                    left.stream().filter(name -> isIn(name, top)).collect(Collectors.toCollection(TreeSet::new));
            boolean closed = rooms.stream()
                    .flatMap(room -> uses.getOrDefault(room, Set.of()).stream())
                    .noneMatch(used -> left.contains(used) && !rooms.contains(used));
            if (rooms.size() > 1 && closed) {
                return rooms;
            }
        }
        return Set.of();
    }

    private static void draw(String module, List<Set<String>> groups, StringBuilder out) {
        StringBuilder line = new StringBuilder(INDENT + module + " ".repeat(NAME_COLUMNS - module.length()));
        for (int i = 0; i < groups.size(); i++) {
            for (String name : groups.get(i)) {
                String arrow = i > 0 && name.equals(groups.get(i).iterator().next()) ? "◄ " : "";
                String word = arrow + name.substring(ROOT.length());
                if (line.length() + word.length() > COLUMNS_MAX) {
                    out.append(line.toString().stripTrailing()).append('\n');
                    line = new StringBuilder(INDENT + " ".repeat(NAME_COLUMNS));
                }
                line.append(word).append(' ');
            }
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static String picture() {
        Map<String, Set<String>> uses = uses();
        Map<String, String[]> modules = new TreeMap<>(Map.of("1formats/", Ours.FORMATS));
        modules.put("2analyzer/", Ours.ANALYZER);
        modules.put("3recorder/", Ours.RECORDER);
        StringBuilder out = new StringBuilder("\n");
        modules.forEach((module, packages) -> {
            Set<String> names =
                    uses.keySet().stream().filter(name -> isIn(name, packages)).collect(Collectors.toSet());
            draw(module.substring(1), groups(uses, names), out);
        });
        return out.append('\n').toString();
    }

    @Test
    void thePictureInTheReadmeIsTheTree() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(end).as("the README has a place for the tree").isGreaterThanOrEqualTo(begin);
        if (Boolean.getBoolean("update.expected")) {
            Files.writeString(README, readme.substring(0, begin) + picture() + readme.substring(end));
        }
        readme = Files.readString(README);
        assertThat(readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END)))
                .as("the tree in the README; -Dupdate.expected=true draws it again")
                .isEqualTo(picture());
    }
}
