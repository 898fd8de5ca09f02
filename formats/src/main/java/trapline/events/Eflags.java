package trapline.events;

/** The bits of EFLAGS (Intel SDM vol. 1 §3.4.3) and their names. */
public final class Eflags {

    public static final int CF = 1 << 0;
    /** Bit 1 reads as one always. */
    public static final int FIXED = 1 << 1;

    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int TF = 1 << 8;
    public static final int IF = 1 << 9;
    public static final int DF = 1 << 10;
    public static final int OF = 1 << 11;
    public static final int IOPL = 3 << 12;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int VM = 1 << 17;
    public static final int AC = 1 << 18;

    /** The six flags that arithmetic writes. */
    public static final int STATUS = CF | PF | AF | ZF | SF | OF;

    private static final String[] NAMES = {
        "CF", "", "PF", "", "AF", "", "ZF", "SF", "TF", "IF", "DF", "OF", "IOPL0", "IOPL1", "NT", "", "RF", "VM", "AC",
        "VIF", "VIP", "ID"
    };

    private Eflags() {}

    /**
     * Names of the set flags, most significant last, separated by spaces.
     *
     * @param eflags an EFLAGS image
     * @return such as {@code ZF IF}; empty if none is set
     */
    public static String names(long eflags) {
        StringBuilder out = new StringBuilder();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((eflags >>> bit & 1) != 0 && !NAMES[bit].isEmpty()) {
                out.append(out.length() == 0 ? "" : " ").append(NAMES[bit]);
            }
        }
        return out.toString();
    }
}
