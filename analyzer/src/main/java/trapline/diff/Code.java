package trapline.diff;

import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import trapline.journal.Journal;

/** The guest's code, where it can be had: what stands at an address, for people. */
@FunctionalInterface
public interface Code {

    /** No code, for who does not ask for any. */
    Code NONE = none("no code was asked for");

    /**
     * The instruction at an address and its source line.
     *
     * @param address linear address of an instruction
     * @return such as {@code cmpb $0xcc,(%ebx); jne ... [linux-2.6.24.c:37]}; empty where nothing is known
     */
    String at(long address);

    /**
     * The source line of an instruction.
     *
     * @param address linear address of an instruction
     * @return such as {@code linux-2.6.24.c:37}; empty where nothing is known
     */
    default String source(long address) {
        return "";
    }

    /**
     * The instructions of a stretch, as linked: what a guest writes over them while it runs is not in there.
     *
     * @param from linear address of an instruction
     * @param end linear address behind the last one
     * @return in order, without gaps; empty where nothing is known
     */
    default List<Instruction> listing(long from, long end) {
        return List.of();
    }

    /** Finds the code of a journal's guest. */
    @FunctionalInterface
    interface Finder {
        /** The code of an open journal's guest; {@link #none} where it cannot be had. */
        Code of(Journal journal);

        /** The source lines of a journal's guest; the code is looked for when the first line is asked for. */
        default LongFunction<String> sources(Journal journal) {
            return new LongFunction<>() {
                private @Nullable Code code;

                @Override
                public synchronized String apply(long address) {
                    Code found = code;
                    if (found == null) {
                        found = of(journal);
                        code = found;
                    }
                    return found.source(address);
                }
            };
        }
    }

    /** Why there is no code, in a sentence; empty where there is. */
    default String absence() {
        return "";
    }

    /**
     * An instruction.
     *
     * @param address linear address
     * @param length in bytes
     * @param text mnemonic and operands, AT&amp;T syntax
     * @param source file and line, such as {@code linux-2.6.24.c:37}; empty where unknown
     */
    record Instruction(long address, int length, String text, String source) {}

    /**
     * No code.
     *
     * @param absence why, in a sentence
     */
    static Code none(String absence) {
        return new Code() {
            @Override
            public String at(long address) {
                return "";
            }

            @Override
            public String absence() {
                return absence;
            }
        };
    }
}
