package trapline.machine;

import static trapline.machine.Flags.CF;
import static trapline.machine.Flags.OF;

/** Flags of multiplication and division; products and quotients are plain Java arithmetic. */
final class Multiply {
    private Multiply() {}

    /**
     * EFLAGS after MUL or IMUL: CF and OF say whether the high half matters. SF, ZF, AF and PF are undefined by the
     * manual; current AMD processors leave them alone.
     */
    static int eflags(int eflags, boolean highMatters) {
        return (eflags & ~(CF | OF)) | (highMatters ? CF | OF : 0);
    }

    /** EFLAGS after DIV or IDIV, all undefined by the manual: AF set, PF, ZF and SF cleared, CF and OF left alone. */
    static int eflagsOfDivision(int eflags) {
        return (eflags & ~(Flags.PF | Flags.ZF | Flags.SF)) | Flags.AF;
    }
}
