package trapline.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Types that need each other can only be understood together, so there are few of them in any package. */
class CyclesTest {
    private static final int CYCLE_MAX = 8;

    @Test
    void noPackageIsOneKnotOfTypes() {
        Map<String, Map<String, Set<String>>> arrows = new TreeMap<>();
        for (JavaClass type : Ours.CLASSES) {
            Map<String, Set<String>> inPackage = arrows.computeIfAbsent(type.getPackageName(), p -> new TreeMap<>());
            Set<String> targets = inPackage.computeIfAbsent(outermost(type), t -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().equals(type.getPackageName())) {
                    targets.add(outermost(target));
                }
            }
        }
        assertThat(arrows).hasSizeGreaterThan(10);
        assertThat(arrows)
                .allSatisfy((name, types) -> assertThat(new Cycles(types).largest())
                        .as("types of %s that need each other", name)
                        .hasSizeLessThanOrEqualTo(CYCLE_MAX));
    }

    @Test
    void aCycleIsFound() {
        Map<String, Set<String>> types = Map.of(
                "a", Set.of("b"), "b", Set.of("c", "d"), "c", Set.of("a"), "d", Set.of("e"), "e", Set.of("d", "f"));

        assertThat(new Cycles(types).largest()).containsExactlyInAnyOrder("a", "b", "c");
    }

    private static String outermost(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        int inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }

    /** Strongly connected components (Tarjan 1972). */
    private static final class Cycles {
        private final Map<String, Set<String>> arrows;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();
        private List<String> largest = List.of();

        Cycles(Map<String, Set<String>> arrows) {
            this.arrows = arrows;
        }

        List<String> largest() {
            for (String type : arrows.keySet()) {
                if (!numbers.containsKey(type)) {
                    visit(type);
                }
            }
            return largest;
        }

        private void visit(String type) {
            int number = numbers.size();
            numbers.put(type, number);
            lowest.put(type, number);
            open.push(type);
            for (String next : arrows.getOrDefault(type, Set.of())) {
                if (!numbers.containsKey(next)) {
                    visit(next);
                    lowest.merge(type, lowest.get(next), Math::min);
                } else if (open.contains(next)) {
                    lowest.merge(type, numbers.get(next), Math::min);
                }
            }
            if (lowest.get(type) == number) {
                close(type);
            }
        }

        private void close(String type) {
            List<String> cycle = new ArrayList<>();
            String member = "";
            while (!member.equals(type)) {
                member = open.pop();
                cycle.add(member);
            }
            if (cycle.size() > largest.size()) {
                largest = cycle;
            }
        }
    }
}
