package trapline.report;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.events.FieldType;
import trapline.events.FlagCause;
import trapline.events.Observed;
import trapline.events.StreamState;

/**
 * Packs the events of a window into columns. Arithmetic EFLAGS writes are left out; what they did shows in the flags
 * column of the next event.
 *
 * <pre>
 * column 0      kind                   5      arithmetic flags of the CPU after it
 *        1      CPU                    6      text (only of kinds that have one)
 *        2      events left out        7 ...  fields, kind by kind
 *        3      steps since the last
 *        4      eip, dictionary
 * </pre>
 *
 * Addresses, hexadecimal numbers and EFLAGS images are places in the page's {@link ValueDictionary}; decimal numbers are
 * differences to the last value of their column; the rest are plain.
 */
final class EventPacker implements EventConsumer {

    /** Columns before those of the fields. */
    static final int FIXED_COLUMNS = 7;

    /** More than a page can hold in any case: deflate makes a fifth to a tenth of it. */
    private static final int RAW_BYTES_MAX = 24 << 20;

    private static final EventKind[] KINDS = EventKind.values();

    private final ValueDictionary dictionary;
    private final StreamState state;
    private final StartData start;
    private final PackedColumn[] fixed = columns(FIXED_COLUMNS);
    private final PackedColumn[][] fields = new PackedColumn[KINDS.length][];
    private final long[][] last = new long[KINDS.length][EventKind.FIELDS_MAX];
    private long firstOrdinal = -1;
    private long nextOrdinal;
    private long lastStep;
    private int count;
    private int rawBytes;

    /**
     * @param dictionary of the run's page
     * @param state state before the first event; this packer moves it on
     * @param observed observation table
     */
    EventPacker(ValueDictionary dictionary, StreamState state, List<Observed> observed) {
        this.dictionary = dictionary;
        this.state = state;
        this.start = StartData.of(state, observed);
        this.lastStep = state.step();
        for (EventKind kind : KINDS) {
            fields[kind.code()] = columns(kind.fields().size());
        }
    }

    private static PackedColumn[] columns(int n) {
        return IntStream.range(0, n).mapToObj(i -> new PackedColumn()).toArray(PackedColumn[]::new);
    }

    /** Whether there is so much that going on is in vain. */
    boolean full() {
        return rawBytes > RAW_BYTES_MAX;
    }

    @Override
    public void accept(Event e) {
        if (!state.hasCpu(e.cpu()) || full()) {
            return;
        }
        if (firstOrdinal < 0) {
            firstOrdinal = e.ordinal();
            nextOrdinal = firstOrdinal;
        }
        if (e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) == FlagCause.ALU.code()) {
            state.applyFlags(e.cpu(), e.step(), e.intValue(EflagsWrite.NEW));
            return;
        }
        state.apply(e);
        int kind = e.kind().code();
        fixed[0].unsigned(kind);
        fixed[1].unsigned(e.cpu());
        fixed[2].unsigned(Math.max(0, e.ordinal() - nextOrdinal));
        fixed[3].signed(e.step() - lastStep);
        fixed[4].unsigned(dictionary.instruction(e.ip()));
        fixed[5].unsigned(arithmetic(state.eflags(e.cpu())));
        if (e.kind().hasText()) {
            fixed[6].text(e.text());
        }
        for (int i = 0; i < fields[kind].length; i++) {
            field(e.kind().fields().get(i), e.value(i), kind, i);
        }
        nextOrdinal = e.ordinal() + 1;
        lastStep = e.step();
        count++;
        rawBytes += 8 + fields[kind].length;
    }

    private void field(Field field, long value, int kind, int i) {
        PackedColumn column = fields[kind][i];
        switch (field.type()) {
            case ADDRESS -> column.unsigned(dictionary.address(value));
            case HEX, EFLAGS -> column.unsigned(dictionary.number(value));
            case DECIMAL -> {
                column.signed(value - last[kind][i]);
                last[kind][i] = value;
            }
            default -> column.unsigned(value);
        }
    }

    /** CF, PF, AF, ZF and SF in their places, OF in the place of bit 1. */
    private static int arithmetic(int eflags) {
        return (eflags & (Eflags.CF | Eflags.PF | Eflags.AF | Eflags.ZF | Eflags.SF))
                | ((eflags & Eflags.OF) != 0 ? 2 : 0);
    }

    /** How a field of that type is packed: by difference, as a place in the dictionary, or plain. */
    static String packing(FieldType type) {
        return switch (type) {
            case ADDRESS, HEX, EFLAGS -> "dictionary";
            case DECIMAL -> "delta";
            default -> "plain";
        };
    }

    /**
     * The window so far.
     *
     * @param endOrdinal ordinal behind its last event
     * @param endStep step up to which it is known that there are no others
     */
    RunData.Window window(long endOrdinal, long endStep) {
        List<Integer> sizes = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        append(fixed, sizes, out);
        for (PackedColumn[] ofKind : fields) {
            append(ofKind, sizes, out);
        }
        return new RunData.Window(
                firstOrdinal < 0 ? endOrdinal : firstOrdinal,
                endOrdinal,
                start.step(),
                Math.max(endStep, lastStep),
                count,
                start,
                sizes,
                PackedColumn.packed(out.toByteArray()));
    }

    private static void append(PackedColumn[] columns, List<Integer> sizes, ByteArrayOutputStream out) {
        for (PackedColumn column : columns) {
            sizes.add(column.size());
            column.writeTo(out);
        }
    }
}
