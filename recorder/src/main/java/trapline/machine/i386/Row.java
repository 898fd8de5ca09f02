package trapline.machine.i386;

/** One row of the {@link InstructionTable}: an opcode, how it is written, and what it does. */
final class Row {
    /** Makes an executable instruction from decoded fields. */
    interface Factory {
        Instruction create(Decoded d);
    }

    /** Operands that are not encoded in ModRM though their names begin as if. */
    private static final java.util.Set<String> FIXED = java.util.Set.of("ES", "CS", "SS", "DS", "FS", "GS", "CL", "DX");

    /** What the table has no row for. */
    static final Row NONE = new Row("", "(bad)", "", "", d -> new Unsupported(d, "unknown opcode"));

    /** Opcode bytes and extension, e.g. {@code 0f ba /4}. */
    final String opcode;
    /** AT&amp;T mnemonic; a trailing {@code ?} takes a size suffix when no register operand tells the size. */
    final String mnemonic;
    /** Operands, destination first, in the notation of the opcode map (Intel SDM vol. 2 appendix A). */
    final String[] operands;

    final Factory factory;
    final boolean writesStatus;
    final boolean endsBlock;
    final boolean isReturn;
    final boolean isAlone;
    final boolean isLockable;
    final boolean hasModRm;
    /** MOV to and from CRn, DRn: the operand is a register whatever ModRM.mod says. */
    final boolean ignoresMod;

    /** 0: from the operand-size attribute; else fixed. */
    final int fixedSize;

    /**
     * A row.
     *
     * @param properties words: {@code alu} (writes the status flags every time), {@code end} (ends a strip, as everything
     *     must that writes other flags), {@code ret}, {@code alone}, {@code lock} (may be locked), {@code modrm} (has a
     *     ModRM byte though no operand needs it)
     */
    Row(String opcode, String mnemonic, String operands, String properties, Factory factory) {
        this.opcode = opcode;
        this.mnemonic = mnemonic;
        this.operands = operands.isEmpty() ? new String[0] : operands.split(",", -1);
        this.factory = factory;
        boolean arithmetic = false;
        boolean end = false;
        boolean ret = false;
        boolean alone = false;
        boolean lockable = false;
        boolean modRm = opcode.contains("/") || needsModRm(this.operands);
        for (String word : properties.split(" ", -1)) {
            switch (word) {
                case "" -> {}
                case "alu" -> arithmetic = true;
                case "end" -> end = true;
                case "ret" -> {
                    end = true;
                    ret = true;
                }
                case "alone" -> alone = true;
                case "lock" -> lockable = true;
                case "modrm" -> modRm = true;
                default -> throw new IllegalArgumentException("row " + opcode + ": " + word);
            }
        }
        writesStatus = arithmetic;
        endsBlock = end;
        isReturn = ret;
        isAlone = alone;
        isLockable = lockable;
        hasModRm = modRm;
        ignoresMod = operands.contains("Rd");
        fixedSize = fixedSize(this.operands);
    }

    private static boolean needsModRm(String[] operands) {
        for (String operand : operands) {
            String plain = operand.startsWith("*") ? operand.substring(1) : operand;
            if ("EGMRCDS".indexOf(plain.charAt(0)) >= 0 && !FIXED.contains(plain)) {
                return true;
            }
        }
        return false;
    }

    /** The size of the first operand; of the second if the first is a port. */
    private static int fixedSize(String[] operands) {
        if (operands.length == 0) {
            return 0;
        }
        boolean port = operands[0].equals("DX") || (operands[0].equals("Ib") && operands.length == 2);
        return sizeOf(operands[port ? 1 : 0]);
    }

    /** 1, 2 or 4 if the operand has that size whatever the prefixes, else 0. */
    static int sizeOf(String operand) {
        if (operand.equals("AL")) {
            return 1;
        }
        if (FIXED.contains(operand)) {
            return 0;
        }
        return switch (operand.length() == 2 ? operand.charAt(1) : ' ') {
            case 'b' -> operand.charAt(0) == 'I' || operand.charAt(0) == 'J' ? 0 : 1;
            case 'w' -> operand.charAt(0) == 'I' ? 0 : 2;
            case 'd' -> 4;
            default -> 0;
        };
    }

    boolean needsMemory() {
        for (String operand : operands) {
            if (operand.startsWith("M") || operand.startsWith("*M")) {
                return true;
            }
        }
        return false;
    }
}
