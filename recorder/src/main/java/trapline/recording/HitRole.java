package trapline.recording;

import java.util.List;
import trapline.events.Observed;

/** What a row of the observation table means to {@link HitWatch}. */
enum HitRole {
    STATUS,
    CURRENT,
    GET_KPROBE,
    PRE_HANDLER,
    POST_HANDLER,
    /** Code that may be probed. */
    TEXT,
    OTHER;

    /** The roles of all rows. */
    static HitRole[] of(List<Observed> rows) {
        return rows.stream().map(HitRole::of).toArray(HitRole[]::new);
    }

    private static HitRole of(Observed row) {
        return switch (row.kind()) {
            case STATUS -> STATUS;
            case CURRENT -> CURRENT;
            case TEXT -> row.name().equals("insn_slots") ? OTHER : TEXT;
            case FUNCTION -> function(row.name());
            case WATCH, PROBE -> OTHER;
        };
    }

    private static HitRole function(String name) {
        if (name.startsWith("pre_handler:")) {
            return PRE_HANDLER;
        }
        if (name.startsWith("post_handler:")) {
            return POST_HANDLER;
        }
        return name.equals("get_kprobe") ? GET_KPROBE : OTHER;
    }
}
