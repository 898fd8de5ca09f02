package trapline.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A check that keeps anything of a stream says what of it matters later: streams are judged in parts. */
class MemoryTest {

    private static boolean keepsAnything(Class<?> check) {
        return Arrays.stream(check.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .anyMatch(field -> !Modifier.isFinal(field.getModifiers())
                        || !(field.getType().isPrimitive() || field.getType().isEnum()));
    }

    private static boolean hasOwnMemory(Class<?> check) {
        return Arrays.stream(check.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals("memory"));
    }

    @Test
    void everyCheckThatKeepsAnythingHasAMemory() {
        List<Class<?>> keeping = Checks.all().stream()
                .<Class<?>>map(Check::getClass)
                .filter(MemoryTest::keepsAnything)
                .toList();
        assertThat(keeping).hasSizeGreaterThan(10).allMatch(MemoryTest::hasOwnMemory);
        assertThat(keepsAnything(FlagRestored.class)).isFalse();
    }

    @Test
    void whatIsRecalledIsRemembered() {
        for (Check check : Checks.all()) {
            Object memory = Objects.requireNonNull(check.memory(), check.info().id());
            check.recall(memory);
            assertThat(check.memory()).as(check.info().id()).isEqualTo(memory);
            assertThat(check.certain()).as(check.info().id()).isTrue();
        }
    }
}
