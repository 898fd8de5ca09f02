package trapline.machine.tape;

import java.util.Arrays;

/**
 * The calls of observed functions that have not returned on one CPU: function, return address, ESP at entry, and where the
 * register image is that it was given (0: none).
 */
final class CallStack {
    private static final int FIELDS = 4;

    private int[] fields = new int[16 * FIELDS];
    private int depth;

    /** Enters a function; false if this call is on top already (its first instruction runs again after a fault). */
    boolean enter(int function, int returnAddress, int esp, int image) {
        while (depth > 0 && Integer.compareUnsigned(fields[top() + 2], esp) < 0) {
            depth--;
        }
        if (depth > 0 && is(function, returnAddress, esp)) {
            return false;
        }
        if (depth * FIELDS == fields.length) {
            fields = Arrays.copyOf(fields, 2 * fields.length);
        }
        depth++;
        fields[top()] = function;
        fields[top() + 1] = returnAddress;
        fields[top() + 2] = esp;
        fields[top() + 3] = image;
        return true;
    }

    private boolean is(int function, int returnAddress, int esp) {
        return fields[top()] == function && fields[top() + 1] == returnAddress && fields[top() + 2] == esp;
    }

    private int top() {
        return (depth - 1) * FIELDS;
    }

    /**
     * The function left by a return to {@code eip} that put ESP at {@code esp}, or -1; to be asked until it says -1. Calls
     * that the stack pointer has passed without a return to their caller are dropped.
     */
    int leave(int eip, int esp) {
        while (depth > 0 && Integer.compareUnsigned(fields[top() + 2], esp) < 0) {
            int at = top();
            depth--;
            if (fields[at + 1] == eip) {
                return fields[at];
            }
        }
        return -1;
    }

    /** Where the register image is that the function left last was given; 0 if it was given none. */
    int imageLeft() {
        return fields[depth * FIELDS + 3];
    }

    int[] copy() {
        return Arrays.copyOf(fields, depth * FIELDS);
    }

    void restore(int[] state) {
        depth = state.length / FIELDS;
        fields = Arrays.copyOf(state, Math.max(1, depth) * FIELDS);
    }
}
