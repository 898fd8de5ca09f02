package trapline.machine.alu;

import static trapline.machine.alu.Flags.CF;
import static trapline.machine.alu.Flags.OF;

/** Flags of multiplication and division; products and quotients are plain Java arithmetic. */
public final class Multiply {
    private Multiply() {}

    /**
     * EFLAGS after MUL or IMUL: CF and OF say whether the high half matters. SF, ZF, AF and PF are undefined by the
     * manual; current AMD processors leave them alone.
     */
    public static int eflags(int eflags, boolean highMatters) {
        return (eflags & ~(CF | OF)) | (highMatters ? CF | OF : 0);
    }

    /** EFLAGS after DIV or IDIV, all undefined by the manual: AF set, PF, ZF and SF cleared, CF and OF left alone. */
    public static int eflagsOfDivision(int eflags) {
        return (eflags & ~(Flags.PF | Flags.ZF | Flags.SF)) | Flags.AF;
    }
}
