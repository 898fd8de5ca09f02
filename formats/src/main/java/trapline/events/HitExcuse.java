package trapline.events;

/** Bits that say why a hit may leave something otherwise than its instruction does without a probe. */
public final class HitExcuse {

    /** A pre_handler returned non-zero: it has set up where the CPU goes on. */
    public static final int TAKEN_OVER = 1;
    /** A post_handler wrote this register. */
    public static final int HANDLER_WROTE = 2;
    /** An interrupt, another CPU or the scenario came in between, and the memory is not the hit's own stack. */
    public static final int OTHERS_RAN = 4;
    /** The step went through TF, and the instruction itself loaded it: the processor cannot tell the two apart. */
    public static final int STEP_USES_TF = 8;

    private HitExcuse() {}
}
