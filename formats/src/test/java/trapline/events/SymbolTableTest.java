package trapline.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which symbol an address belongs to. */
class SymbolTableTest {
    private static final SymbolTable TABLE = new SymbolTable(
            List.of(new Symbol("sized", 0x1000, 0x10), new Symbol("label", 0x2000, 0), new Symbol("last", 0x3000, 0)));

    @Test
    void aSymbolHoldsWhatItsSizeSays() {
        assertThat(TABLE.describe(0x0fff)).isEqualTo("0xfff");
        assertThat(TABLE.describe(0x1000)).isEqualTo("sized");
        assertThat(TABLE.describe(0x100f)).isEqualTo("sized+0xf");
        assertThat(TABLE.describe(0x1010)).isEqualTo("0x1010");
    }

    @Test
    void oneWithoutSizeReachesToTheNextButNotEverywhere() {
        assertThat(TABLE.describe(0x2fff)).isEqualTo("label+0xfff");
        assertThat(TABLE.describe(0x3010)).isEqualTo("last+0x10");
        assertThat(TABLE.describe(0x8000_0000L)).isEqualTo("0x80000000");
    }
}
