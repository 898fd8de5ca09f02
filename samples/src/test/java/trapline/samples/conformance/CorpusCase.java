package trapline.samples.conformance;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** One line of an instruction table: what the case starts from and what the hardware made of it. */
final class CorpusCase {
    final byte[] code;
    final BoxState before = BoxState.base();
    final List<Patch> patches = new ArrayList<>();

    /** Vector of the trap that ended the case; {@link Vectors#DB} for the single-step trap after the instruction. */
    int vector = Vectors.DB;

    int error;
    int cr2;
    int steps = 1;
    final BoxState after;
    final List<Patch> changes = new ArrayList<>();

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not in the notation
     */
    CorpusCase(String line) {
        String[] tokens = line.split(" ", -1);
        code = HexFormat.of().parseHex(tokens[0]);
        int i = 1;
        for (; !tokens[i].equals("|"); i++) {
            if (tokens[i].startsWith("at=")) {
                before.eip = value(tokens[i]);
            } else {
                state(tokens[i], before, patches);
            }
        }
        after = before.copy();
        i++;
        if (i < tokens.length && Vectors.parse(tokens[i]) >= 0) {
            vector = Vectors.parse(tokens[i++]);
        } else {
            after.eip += code.length;
        }
        for (; i < tokens.length; i++) {
            if (tokens[i].startsWith("error=")) {
                error = value(tokens[i]);
            } else if (tokens[i].startsWith("cr2=")) {
                cr2 = value(tokens[i]);
            } else if (tokens[i].startsWith("steps=")) {
                steps = Integer.parseInt(tokens[i].substring(6));
            } else {
                state(tokens[i], after, changes);
            }
        }
    }

    private static int value(String token) {
        return Integer.parseUnsignedInt(token.substring(token.indexOf('=') + 1), 16);
    }

    private static void state(String token, BoxState state, List<Patch> memory) {
        if (token.startsWith("[")) {
            memory.add(Patch.parse(token));
        } else if (!state.set(token.substring(0, Math.max(token.indexOf('='), 0)), value(token))) {
            throw new IllegalArgumentException("not in the notation: " + token);
        }
    }
}
