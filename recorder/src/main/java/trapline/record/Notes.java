package trapline.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import trapline.events.Event;
import trapline.events.EventKind;
import trapline.machine.FlagLog;

/**
 * What the machine's thread noted of a part of a recording: EFLAGS by instruction, and the other events between them. A
 * {@link Batch} is a copy of it for the thread that codes.
 */
final class Notes {

    private static final int WORDS = 1 << 13;

    /** Longest event: position, kind and CPU; step; eip; fields. */
    private static final int EVENT_WORDS_MAX = 3 + EventKind.FIELDS_MAX;

    static final int POSITION_SHIFT = 32;
    static final int CPU_SHIFT = 8;

    final FlagLog flags = new FlagLog();
    /**
     * Events: position in the log, CPU and kind in one; step; eip; the kind's fields. Texts apart.
     */
    long[] words = new long[WORDS];

    int wordCount;
    final List<String> texts = new ArrayList<>();

    /** Adds an event that happened when the log had a position. */
    void add(Event happened, int position) {
        if (words.length - wordCount < EVENT_WORDS_MAX) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        EventKind kind = happened.kind();
        int at = wordCount;
        words[at++] = (long) position << POSITION_SHIFT | (long) happened.cpu() << CPU_SHIFT | kind.code();
        words[at++] = happened.step();
        words[at++] = happened.eip();
        happened.copyValues(words, at);
        at += kind.fieldCount();
        wordCount = at;
        if (kind.hasText()) {
            texts.add(happened.text());
        }
        if (at >= WORDS - EVENT_WORDS_MAX) {
            flags.handOver();
        }
    }

    void clear() {
        flags.clear();
        wordCount = 0;
        texts.clear();
    }
}
