package trapline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Holds what a map of the JDK holds. */
class AddressMapTest {

    @Test
    void sameAsAMap() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<Long, Integer> expected = new HashMap<>();
            AddressMap map = new AddressMap();
            AddressMap copy = map.copy();
            for (int i = 0; i < 5000; i++) {
                long address =
                        random.nextBoolean() ? random.nextInt(3000) - 9 : random.nextLong() << random.nextInt(64);
                int value = 1 + random.nextInt(1000);
                map.put(address, value);
                expected.put(address, value);
                assertThat(map.get(address)).as("seed %d", seed).isEqualTo(value);
            }
            Map<Long, Integer> held = new HashMap<>();
            map.forEach(held::put);
            assertThat(held).as("seed %d", seed).isEqualTo(expected);
            assertThat(map.size()).isEqualTo(expected.size());
            assertThat(map.copy().get(-5)).isEqualTo(expected.getOrDefault(-5L, 0));
            assertThat(copy.size()).isZero();
        }
    }
}
