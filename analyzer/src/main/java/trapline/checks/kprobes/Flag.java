package trapline.checks.kprobes;

import trapline.events.Eflags;

/** The two flags that kprobes change for a step. */
enum Flag {
    TF(Eflags.TF),
    IF(Eflags.IF);

    private final long mask;

    Flag(long mask) {
        this.mask = mask;
    }

    boolean in(long eflags) {
        return (eflags & mask) != 0;
    }

    int bit(long eflags) {
        return in(eflags) ? 1 : 0;
    }
}
