package trapline.checks.kprobes;

import java.util.ArrayList;
import java.util.List;

/** Names of the registers in a mask as events have it: general ones by their number in instructions, then segments. */
final class RegisterNames {

    private static final List<String> NAMES =
            List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "ds", "es", "fs");

    private RegisterNames() {}

    static String names(long mask) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if ((mask >>> i & 1) != 0) {
                names.add(NAMES.get(i));
            }
        }
        return String.join(", ", names);
    }
}
