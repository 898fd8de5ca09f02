package trapline.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import trapline.checks.CheckResult;
import trapline.checks.Verdict;
import trapline.source.qemu.Probe;

/**
 * Logs that were cut, spliced, mixed with others and filled with other things: what is missing is said, nothing fails that
 * did not, and nothing passes where anything is missing.
 */
class MutatedLogsTest {

    private static final String MODERN = "k61-amd64-smp1";
    private static final String CLASSIC = "k51046-i386-db-smp1";
    private static final int COUNT = Integer.getInteger("trapline.qemu.mutations", 150);

    /** A small part of a log with hits of every kind. */
    private static final int LENGTH = 220_000;

    @Test
    void neitherPassNorFailIsFalse() throws IOException {
        long seed = Long.getLong("trapline.seed", 18);
        byte[] modern = part(MODERN);
        byte[] classic = part(CLASSIC);
        Captures.Result whole = Captures.judge(modern, MODERN);
        int lossy = 0;
        for (int i = 0; i < COUNT; i++) {
            Random random = new Random(seed + i);
            byte[] mutated = mutate(modern, classic, random);
            Captures.Result result = Captures.judge(mutated, MODERN);
            String context = "seed " + (seed + i);
            lossy += result.summary().gaps() > 0 ? 1 : 0;
            assertThat(result.checks()).as(context).noneMatch(check -> check.verdict() == Verdict.FAIL);
            boolean passes = result.checks().stream().anyMatch(check -> check.verdict() == Verdict.PASS);
            assertThat(passes && result.summary().gaps() > 0).as(context).isFalse();
            if (result.summary().gaps() == 0) {
                assertThat(isBeginning(result, whole)).as(context).isTrue();
            }
        }
        assertThat(lossy).as("mutations that cost records").isGreaterThan(COUNT / 2);
    }

    private static byte[] part(String name) {
        return Arrays.copyOf(Captures.log(name), LENGTH);
    }

    /** A log without a gap is the whole one or its beginning: no probe was hit more often. */
    private static boolean isBeginning(Captures.Result result, Captures.Result whole) {
        List<Probe> probes = result.summary().probes();
        for (int i = 0; i < probes.size(); i++) {
            Probe all = whole.summary().probes().get(i);
            if (probes.get(i).hits() > all.hits() || probes.get(i).missed() > all.missed()) {
                return false;
            }
        }
        List<CheckResult> checks = result.checks();
        return result.summary().traps() <= whole.summary().traps()
                && checks.size() == whole.checks().size();
    }

    private static byte[] mutate(byte[] log, byte[] other, Random random) {
        int from = random.nextInt(log.length);
        int to = from + random.nextInt(Math.min(20_000, log.length - from) + 1);
        return switch (random.nextInt(9)) {
            case 0 -> Arrays.copyOf(log, from);
            case 1 -> Arrays.copyOfRange(log, from, log.length);
            case 2 -> join(head(log, from), tail(log, to));
            case 3 -> join(head(log, to), tail(log, from));
            case 4 -> join(head(log, from), Arrays.copyOfRange(other, from, to), tail(log, from));
            case 5 -> join(head(log, from), noise(random), tail(log, random.nextBoolean() ? from : to));
            case 6 -> mixed(log, other, random);
            case 7 -> join(head(log, from), new byte[random.nextInt(300_000)], tail(log, to));
            default -> swapped(log, from, to, random);
        };
    }

    private static byte[] head(byte[] log, int to) {
        return Arrays.copyOf(log, to);
    }

    private static byte[] tail(byte[] log, int from) {
        return Arrays.copyOfRange(log, from, log.length);
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(5000)];
        random.nextBytes(noise);
        return noise;
    }

    /** Two logs written into one file, line by line. */
    private static byte[] mixed(byte[] log, byte[] other, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int a = 0;
        int b = 0;
        while (a < log.length || b < other.length) {
            boolean first = b >= other.length || (a < log.length && random.nextInt(4) > 0);
            byte[] from = first ? log : other;
            int begin = first ? a : b;
            int end = begin;
            while (end < from.length && from[end] != '\n') {
                end++;
            }
            end = Math.min(end + 1, from.length);
            out.write(from, begin, end - begin);
            a = first ? end : a;
            b = first ? b : end;
        }
        return out.toByteArray();
    }

    private static byte[] swapped(byte[] log, int from, int to, Random random) {
        int middle = from + (to > from ? random.nextInt(to - from) : 0);
        return join(
                head(log, from),
                Arrays.copyOfRange(log, middle, to),
                Arrays.copyOfRange(log, from, middle),
                tail(log, to));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
