package trapline.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import trapline.machine.x87.X87;

/** The x87's arithmetic against what a processor did: {@code samples/conformance/x87/capture.c} made the table. */
class X87TableTest {
    private static final Path TABLE = Path.of("conformance/x87/results.txt.gz");
    private static final int STATUS = 0x477f;

    @Test
    void arithmeticIsThatOfHardware() throws IOException {
        int cases = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(TABLE)), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                String expected = words[6] + " " + words[7] + " " + words[8];
                assertThat(result(words)).as(line).isEqualTo(expected);
                cases++;
            }
        }
        assertThat(cases).isEqualTo(9600);
    }

    private static String result(String[] words) {
        X87 unit = new X87();
        unit.init();
        unit.setControl(hex(words[1]));
        load(unit, words[4], words[5]);
        load(unit, words[2], words[3]);
        execute(unit, Integer.parseInt(words[0]));
        String value = String.format("%x %x", unit.signExponent(0), unit.significand(0));
        unit.store(X87.Format.EXTENDED);
        return String.format("%s %x", value, unit.status() & STATUS);
    }

    private static int hex(String text) {
        return Integer.parseInt(text, 16);
    }

    private static void load(X87 unit, String signExponent, String significand) {
        unit.load(X87.Format.EXTENDED, Long.parseUnsignedLong(significand, 16), hex(signExponent));
    }

    private static void execute(X87 unit, int operation) {
        switch (operation) {
            case 0 -> unit.arithmetic(0, 0, 1, false);
            case 1 -> unit.arithmetic(1, 0, 1, false);
            case 2 -> unit.arithmetic(4, 0, 1, false);
            case 3 -> unit.arithmetic(6, 0, 1, false);
            case 4 -> unit.squareRoot();
            case 5 -> unit.remainder(false);
            case 6 -> unit.remainder(true);
            case 7 -> unit.scale();
            case 8 -> unit.toIntegral();
            case 9 -> unit.compare(1, false, 0);
            case 10 -> unit.arithmetic(5, 0, 1, false);
            default -> unit.extract();
        }
    }
}
