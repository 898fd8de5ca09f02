package trapline.machine.i386;

/**
 * Thrown by an instruction that cannot complete, to be delivered as a trap. Each CPU owns one and throws it again and
 * again: no stack trace, no allocation.
 */
final class Fault extends RuntimeException {
    static final int DE = 0;
    static final int DB = 1;
    static final int NMI = 2;
    static final int BP = 3;
    static final int OF = 4;
    static final int BR = 5;
    static final int UD = 6;
    static final int NM = 7;
    static final int DF = 8;
    static final int TS = 10;
    static final int NP = 11;
    static final int SS = 12;
    static final int GP = 13;
    static final int PF = 14;
    static final int AC = 17;

    /** No vector: the instruction is to be executed again, alone. */
    static final int ALONE = -2;

    /** {@link #errorCode} of a vector that pushes none. */
    static final int NO_CODE = -1;

    int vector;
    int errorCode;
    boolean injected;

    Fault() {
        super(null, null, false, false);
    }

    Fault with(int newVector, int newErrorCode) {
        vector = newVector;
        errorCode = newErrorCode;
        injected = false;
        return this;
    }
}
