package trapline.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import trapline.events.Symbol;
import trapline.events.SymbolTable;
import trapline.guest.GuestException;

/**
 * The symbols that a kernel has in itself (CONFIG_KALLSYMS): names as sequences of 256 tokens, and addresses. The tables have no
 * header and their order changed over time, so they are found by what they look like.
 *
 * <pre>
 *   num_syms   u32
 *   names      num_syms times: length (two bytes if its high bit is set), token numbers; the first character is the type
 *   markers    u32 for each 256 names: where they start
 *   order      three bytes each, since 6.2 and in later 6.1
 *   tokens     256 strings, each ending in 0; those of the digits and letters are themselves
 *   index      u16 for each token
 *   addresses  u32 each, before num_syms or (since 6.2) behind index; either absolute, or offsets with relative_base behind
 * </pre>
 */
public final class Kallsyms {
    private static final int TOKENS = 256;
    private static final int NAMES_PER_MARKER = 256;
    /** No 256 names take more. */
    private static final int NAMES_BYTES_MAX = NAMES_PER_MARKER * 128;

    private static final int SYMBOLS_MAX = 4_000_000;
    private static final byte[] DIGITS = digits();

    private final ByteBuffer in;
    private final String[] tokens = new String[TOKENS];
    private int tokensAt;
    private int indexAt;
    private int markersAt;
    private int namesAt;
    private int count;

    private Kallsyms(byte[] image) {
        in = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] digits() {
        byte[] result = new byte[20];
        for (int i = 0; i < 10; i++) {
            result[2 * i] = (byte) ('0' + i);
        }
        return result;
    }

    /**
     * Finds the symbols of a kernel.
     *
     * @param elf the unpacked kernel
     * @throws GuestException if it has no such tables
     */
    public static SymbolTable read(byte[] elf) throws GuestException {
        Kallsyms tables = new Kallsyms(elf);
        if (!tables.findTokens() || !tables.findNames()) {
            throw new GuestException(
                    "the kernel has no kallsyms tables that are known here; give --symbols System.map");
        }
        List<String> names = tables.names();
        int[] addresses = tables.addresses(names);
        List<Symbol> symbols = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            boolean isPlace =
                    addresses[i] < 0 && "tTdDbBrRwWvV".indexOf(names.get(i).charAt(0)) >= 0;
            if (isPlace) {
                symbols.add(new Symbol(names.get(i).substring(1), addresses[i] & 0xffff_ffffL, 0));
            }
        }
        return SymbolFile.sized(symbols);
    }

    private static int align(int at) {
        return (at + 3) & ~3;
    }

    private boolean findTokens() {
        for (int at = find(DIGITS, 0); at >= 0; at = find(DIGITS, at + 1)) {
            int start = back(at, '0');
            if (start >= 0 && readTokens(start)) {
                return true;
            }
        }
        return false;
    }

    private int find(byte[] wanted, int from) {
        byte[] all = in.array();
        for (int at = from; at <= all.length - wanted.length; at++) {
            int i = 0;
            while (i < wanted.length && all[at + i] == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    /** Where the first of {@code strings} strings begins that end before {@code at}. */
    private int back(int at, int strings) {
        int start = at;
        for (int left = strings; left > 0; left--) {
            int end = start - 1;
            if (end < 0 || in.get(end) != 0) {
                return -1;
            }
            start = end;
            while (start > 0 && in.get(start - 1) != 0 && end - start < 128) {
                start--;
            }
            if (start == end) {
                return -1;
            }
        }
        return start;
    }

    /** Takes the tokens if the table of their places follows them. */
    private boolean readTokens(int start) {
        int[] places = new int[TOKENS];
        int at = start;
        for (int i = 0; i < TOKENS; i++) {
            places[i] = at - start;
            int end = at;
            while (end < in.capacity() && in.get(end) != 0) {
                end++;
            }
            tokens[i] = new String(in.array(), at, end - at, StandardCharsets.ISO_8859_1);
            at = end + 1;
        }
        for (int index = align(at); index < align(at) + 16 && index + 2 * TOKENS <= in.capacity(); index += 4) {
            int i = 0;
            while (i < TOKENS && (in.getShort(index + 2 * i) & 0xffff) == places[i]) {
                i++;
            }
            if (i == TOKENS) {
                tokensAt = start;
                indexAt = index;
                return true;
            }
        }
        return false;
    }

    /** Markers ascend from 0, somewhere before the tokens; the names end before them, and their number stands before those. */
    private boolean findNames() {
        int first = Math.max(4, tokensAt - 4 * SYMBOLS_MAX);
        for (int at = (tokensAt & ~3) - 8; at > first; at -= 4) {
            if (in.getInt(at) == 0) {
                int length = markers(at);
                if (length > 2 && (namesEndAt(at, length) || namesEndAt(at, length - 1))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How many values from {@code at} on could be markers; the last can be the first bytes of what follows. */
    private int markers(int at) {
        int length = 1;
        while (at + 4 * length + 4 <= tokensAt) {
            long step = (in.getInt(at + 4 * length) & 0xffff_ffffL) - in.getInt(at + 4 * length - 4);
            if (step < 2L * NAMES_PER_MARKER || step > NAMES_BYTES_MAX) {
                break;
            }
            length++;
        }
        return length;
    }

    private boolean namesEndAt(int markers, int length) {
        int last = in.getInt(markers + 4 * (length - 1));
        for (int names = (markers - last) & ~3; names > 4 && markers - last - names < NAMES_BYTES_MAX; names -= 4) {
            int number = in.getInt(names - 4);
            boolean fits = number > 0 && number <= SYMBOLS_MAX && (number - 1) / NAMES_PER_MARKER + 1 == length;
            if (fits && skip(names, NAMES_PER_MARKER) == names + in.getInt(markers + 4)) {
                markersAt = markers;
                namesAt = names;
                count = number;
                return skip(names + last, number - (length - 1) * NAMES_PER_MARKER) <= markers;
            }
        }
        return false;
    }

    private int length(int at) {
        int first = in.get(at) & 0xff;
        return (first & 0x80) == 0 ? first : (first & 0x7f) | ((in.get(at + 1) & 0xff) << 7);
    }

    private int after(int at) {
        return at + ((in.get(at) & 0x80) == 0 ? 1 : 2) + length(at);
    }

    private int skip(int from, int names) {
        int at = from;
        for (int i = 0; i < names && at < tokensAt - 1; i++) {
            at = after(at);
        }
        return at;
    }

    private List<String> names() {
        List<String> result = new ArrayList<>(count);
        int at = namesAt;
        for (int i = 0; i < count && at < markersAt; i++) {
            int end = after(at);
            StringBuilder name = new StringBuilder();
            for (int k = end - length(at); k < end; k++) {
                name.append(tokens[in.get(k) & 0xff]);
            }
            result.add(name.toString());
            at = end;
        }
        return result;
    }

    private int[] addresses(List<String> names) throws GuestException {
        int size = names.size();
        int before = namesAt - 4;
        int behind = align(indexAt + 2 * TOKENS);
        for (int slack = 0; slack <= 32; slack += 4) {
            int[][] candidates = {
                absolute(before - slack - 4 * size, size),
                relative(before - slack - 4 - 4 * size, before - slack - 4, size),
                relative(behind + slack, behind + slack + 4 * size, size),
                relative(behind + slack, align(behind + slack + 4 * size) + 4, size)
            };
            for (int[] candidate : candidates) {
                if (isPlausible(candidate, names)) {
                    return candidate;
                }
            }
        }
        throw new GuestException(
                "the kernel's kallsyms have no addresses that are known here; give --symbols System.map");
    }

    private int[] absolute(int at, int size) {
        if (at < 0 || at + 4 * size > in.capacity()) {
            return new int[0];
        }
        int[] result = new int[size];
        for (int i = 0; i < size; i++) {
            result[i] = in.getInt(at + 4 * i);
        }
        return result;
    }

    private int[] relative(int at, int baseAt, int size) {
        int[] result = absolute(at, size);
        if (baseAt < 0 || baseAt + 4 > in.capacity()) {
            return new int[0];
        }
        int base = in.getInt(baseAt);
        for (int i = 0; i < result.length; i++) {
            result[i] += base;
        }
        return result;
    }

    /** Addresses ascend, and the kernel's text is where the upper half begins. */
    private static boolean isPlausible(int[] addresses, List<String> names) {
        if (addresses.length == 0) {
            return false;
        }
        int descents = 0;
        for (int i = 1; i < addresses.length; i++) {
            descents += Integer.compareUnsigned(addresses[i], addresses[i - 1]) < 0 ? 1 : 0;
        }
        int text = names.indexOf("T_text") >= 0 ? names.indexOf("T_text") : names.indexOf("T_stext");
        return descents < 4 && text >= 0 && addresses[text] < 0 && (addresses[text] & 0xfff) == 0;
    }
}
