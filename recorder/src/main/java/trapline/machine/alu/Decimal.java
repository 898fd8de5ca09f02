package trapline.machine.alu;

import static trapline.machine.alu.Flags.AF;
import static trapline.machine.alu.Flags.CF;

/** BCD adjustments (Intel SDM vol. 2, DAA, DAS, AAA, AAS): AX and EFLAGS in, AX (low half) and EFLAGS (high half) out. */
public final class Decimal {
    private Decimal() {}

    /** DAA: AX and EFLAGS, packed. */
    public static long daa(int ax, int eflags) {
        int al = ax & 0xff;
        boolean af = (al & 0xf) > 9 || (eflags & AF) != 0;
        boolean cf = al > 0x99 || (eflags & CF) != 0;
        int result = (al + (af ? 6 : 0) + (cf ? 0x60 : 0)) & 0xff;
        return adjusted(ax, result, eflags, af, cf, ~al & result);
    }

    /** DAS: AX and EFLAGS, packed. */
    public static long das(int ax, int eflags) {
        int al = ax & 0xff;
        boolean af = (al & 0xf) > 9 || (eflags & AF) != 0;
        boolean high = al > 0x99 || (eflags & CF) != 0;
        boolean cf = high || (af && al < 6);
        int result = (al - (af ? 6 : 0) - (high ? 0x60 : 0)) & 0xff;
        return adjusted(ax, result, eflags, af, cf, al & ~result);
    }

    private static long adjusted(int ax, int al, int eflags, boolean af, boolean cf, int overflow) {
        int of = (overflow & 0x80) != 0 ? Flags.OF : 0;
        int flags = Alu.szp(al, 24) | (af ? AF : 0) | (cf ? CF : 0) | of;
        return Shifts.pack((ax & 0xff00) | al, (eflags & ~Flags.STATUS) | flags);
    }

    /** AAA: AX and EFLAGS, packed. */
    public static long aaa(int ax, int eflags) {
        boolean adjust = needsAscii(ax, eflags);
        int change = adjust ? 0x106 : 0;
        int sum = ax + change;
        return ascii(sum, Alu.addFlags(ax, change, sum, 16), adjust, eflags);
    }

    /** AAS: AX and EFLAGS, packed. */
    public static long aas(int ax, int eflags) {
        boolean adjust = needsAscii(ax, eflags);
        int change = adjust ? 0x106 : 0;
        int difference = ax - change;
        return ascii(difference, Alu.subFlags(ax, change, difference, 16), adjust, eflags);
    }

    private static boolean needsAscii(int ax, int eflags) {
        return (ax & 0xf) > 9 || (eflags & AF) != 0;
    }

    /** PF, ZF, SF and OF, undefined by the manual, are those of the 16-bit addition or subtraction. */
    private static long ascii(int sum, int flags16, boolean adjust, int eflags) {
        int flags = (flags16 & ~(AF | CF)) | (adjust ? AF | CF : 0);
        return Shifts.pack(sum & 0xff0f, (eflags & ~Flags.STATUS) | flags);
    }
}
