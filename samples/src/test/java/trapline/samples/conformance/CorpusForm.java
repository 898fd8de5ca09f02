package trapline.samples.conformance;

import java.util.List;

/**
 * The cases of one opcode form.
 *
 * @param table the table's name
 * @param name e.g. {@code lock add m32,r32}
 * @param encoding e.g. {@code f0 01 /r}
 * @param firstLine line number of the first case in the unpacked table, counted from 1
 * @param lines the cases
 */
record CorpusForm(String table, String name, String encoding, int firstLine, List<String> lines) {

    /** The mnemonic without prefixes. */
    String mnemonic() {
        String[] words = name.split("[ ,]", -1);
        boolean prefixed = words[0].equals("lock") || words[0].startsWith("rep");
        return words[prefixed ? 1 : 0];
    }

    /** Operand size in bits, as the first operand's name says; 32 if it says nothing. */
    int operandBits() {
        String operands = name.substring(name.indexOf(mnemonic()) + mnemonic().length());
        String first = operands.split(",", -1)[0];
        return first.endsWith("8") ? 8 : first.endsWith("16") ? 16 : 32;
    }
}
