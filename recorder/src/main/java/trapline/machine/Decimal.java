package trapline.machine;

import static trapline.machine.Flags.AF;
import static trapline.machine.Flags.CF;

/** BCD adjustments (Intel SDM vol. 2, DAA, DAS, AAA, AAS): AX and EFLAGS in, AX (low half) and EFLAGS (high half) out. */
final class Decimal {
    private Decimal() {}

    static long daa(int ax, int eflags) {
        int al = ax & 0xff;
        boolean af = (al & 0xf) > 9 || (eflags & AF) != 0;
        boolean cf = al > 0x99 || (eflags & CF) != 0;
        int result = (al + (af ? 6 : 0) + (cf ? 0x60 : 0)) & 0xff;
        return adjusted(ax, result, eflags, af, cf);
    }

    static long das(int ax, int eflags) {
        int al = ax & 0xff;
        boolean af = (al & 0xf) > 9 || (eflags & AF) != 0;
        boolean high = al > 0x99 || (eflags & CF) != 0;
        boolean cf = high || (af && al < 6);
        int result = (al - (af ? 6 : 0) - (high ? 0x60 : 0)) & 0xff;
        return adjusted(ax, result, eflags, af, cf);
    }

    private static long adjusted(int ax, int al, int eflags, boolean af, boolean cf) {
        int flags = Alu.szp(al, 24) | (af ? AF : 0) | (cf ? CF : 0);
        return Shifts.pack((ax & 0xff00) | al, (eflags & ~Flags.STATUS) | flags);
    }

    static long aaa(int ax, int eflags) {
        return ascii(ax, eflags, 0x106);
    }

    static long aas(int ax, int eflags) {
        return ascii(ax, eflags, -0x106);
    }

    private static long ascii(int ax, int eflags, int step) {
        boolean adjust = (ax & 0xf) > 9 || (eflags & AF) != 0;
        int result = (adjust ? ax + step : ax) & 0xff0f;
        int flags = Alu.szp(result, 24) | (adjust ? AF | CF : 0);
        return Shifts.pack(result, (eflags & ~Flags.STATUS) | flags);
    }
}
