package trapline.journal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * Writes the events of one block. Arithmetic EFLAGS writes are most of a stream, and few readers ask for them; so they have
 * a column of their own, and in the other one a run of them is its length and the flags that it leaves:
 *
 * <pre>
 * payload = length in bytes of the arithmetic column (4 bytes), arithmetic column, column of the other events
 *
 * arithmetic column
 * 00ffffff                       eip and steps as {@link Prediction} expects
 * 01ffffff steps eip             eip and steps written out
 *
 * column of the other events
 * 00ssssss                       an event as {@link Succession} expects, s steps after the last event of this column;
 *                                63: steps less 63 follow
 * 10kkkkkk steps mask ...        any event: kind k
 * 11ffffff length                a run: so many events of the arithmetic column, and one more, of the CPU that runs
 *
 * ffffff   CF PF AF ZF SF OF after the (last) write, CF lowest; the other bits of EFLAGS are as before
 * length   varint
 * steps    varint: in the arithmetic column since its last event of this CPU, else since the last event of the column
 * eip      signed varint: from that of the last arithmetic write of this CPU
 * mask     varint: bit 0 CPU follows, bit 1 eip follows, bit 2+i field i follows; then these: CPU as varint, the others
 *          as signed varints of the difference from what {@link Succession} expects: eip, its keys, the other fields
 * text     for kinds with a text, at the end: varint index of the block's texts; an index equal to their number is
 *          followed by a new text: varint length, UTF-8
 * </pre>
 *
 * {@link EventDecoder} is the mirror; a test holds the two together.
 */
final class EventEncoder {

    static final int FORM_MASK = 0xc0;
    static final int FORM_EXPECTED = 0x00;
    static final int FORM_FLAGS = 0x40;
    static final int FORM_GENERAL = 0x80;
    static final int FORM_RUN = 0xc0;

    /** In the lower bits of an expected event: more steps than that. */
    static final int MORE_STEPS = 0x3f;

    /** Where the length of the arithmetic column is. */
    static final int COLUMN_LENGTH_BYTES = 4;

    static final int MASK_CPU = 1;
    static final int MASK_EIP = 2;
    static final int MASK_FIELDS_SHIFT = 2;

    /** Longer texts are cut; the guest's own notes are short. */
    static final int TEXT_BYTES_MAX = 4096;

    /** More than any event can take. */
    private static final int EVENT_BYTES_MAX = 192 + TEXT_BYTES_MAX;

    static final int BUFFER_BYTES = BlockLayout.PAYLOAD_LIMIT_BYTES + EVENT_BYTES_MAX;

    /** By {@link FlagBursts#status}: in the low half the six, in the high half {@link Prediction#condition}. */
    private static final long[] SIX_AND_CONDITION = new long[1 << Byte.SIZE];

    private static final int STATUS_MASK = SIX_AND_CONDITION.length - 1;

    static {
        for (int status = 0; status < SIX_AND_CONDITION.length; status++) {
            int six = six(FlagBursts.eflags(0, (byte) status));
            SIX_AND_CONDITION[status] = (long) Prediction.condition(six) << 32 | six;
        }
    }

    /** Form, steps and address of one that is not expected. */
    private static final int SURPRISE_BYTES_MAX = 12;

    private final Prediction prediction;
    private final Succession succession;
    private final StreamState state;
    private final Map<String, Integer> texts = new HashMap<>();
    private final Event flagsEvent = new Event();
    private final byte[] buffer;
    /** The arithmetic column, after its length. */
    private final ByteOutput out;
    /** The column of the other events. */
    private final ByteOutput others;

    private final long[] table;
    private final int payloadStart;
    private final long[] deltas = new long[EventKind.FIELDS_MAX];
    private long eipDelta;
    private int cpu;
    private int events;
    /** How many of the events are in the column of the others, in runs or each by itself. */
    private int eventsTold;

    private long othersStep;

    // What the short way needs of the running CPU, out of the arrays and objects where it belongs: sync() puts it back.
    private int position;
    private long step;
    private long flagsEip;
    private long flagsStep;
    private int flagsSlot;
    private int eflags;

    /**
     * Begins a block.
     *
     * @param state state at its start; moved on with each event
     * @param out where the payload goes: {@link #BUFFER_BYTES} of room from its length on
     * @param others room of its own for one of the columns: as much
     * @param prediction one that knows nothing
     * @param succession one that knows nothing
     */
    EventEncoder(StreamState state, ByteOutput out, ByteOutput others, Prediction prediction, Succession succession) {
        this.state = state;
        this.succession = succession;
        this.prediction = prediction;
        this.out = out;
        this.others = others;
        this.buffer = out.bytes;
        this.payloadStart = out.length;
        out.length += COLUMN_LENGTH_BYTES;
        others.length = 0;
        this.othersStep = state.step();
        this.table = prediction.table;
        this.cpu = state.runningCpu();
        fetch();
    }

    private void fetch() {
        position = out.length;
        step = state.step();
        flagsEip = prediction.flagsEip[cpu];
        flagsStep = prediction.flagsStep[cpu];
        flagsSlot = prediction.flagsSlot[cpu];
        eflags = state.eflags(cpu);
    }

    /** Moves the state past all events so far. */
    void sync() {
        out.length = position;
        prediction.flagsEip[cpu] = flagsEip;
        prediction.flagsStep[cpu] = flagsStep;
        prediction.flagsSlot[cpu] = flagsSlot;
        state.applyFlags(cpu, step, eflags);
    }

    /** Ends the block: moves the state past all events, and joins the columns to the payload. */
    void end() {
        sync();
        tellRun();
        BlockLayout.putInt(buffer, payloadStart, position - payloadStart - COLUMN_LENGTH_BYTES);
        System.arraycopy(others.bytes, 0, buffer, position, others.length);
        out.length = position + others.length;
    }

    /** Length of the payload so far. */
    private int payloadBytes() {
        return position - payloadStart + others.length;
    }

    int events() {
        return events;
    }

    /** Writes an arithmetic EFLAGS write; the old value is the state's. Allocates nothing. */
    void flags(int onCpu, long atStep, long eip, int now) {
        long steps = atStep - flagsStep;
        long word = Prediction.word(eip, steps);
        if (onCpu != cpu || word == 0 || ((eflags ^ now) & ~Eflags.STATUS) != 0) {
            flagsGeneral(onCpu, atStep, eip, now);
            return;
        }
        assert atStep >= step : "the clock runs backwards at step " + atStep;
        int six = six(now);
        if (table[flagsSlot] == word) {
            buffer[position++] = (byte) six;
        } else {
            table[flagsSlot] = word;
            position = surprise(position, six, steps, eip - flagsEip);
        }
        flagsSlot = Prediction.slot(eip, six);
        flagsEip = eip;
        flagsStep = atStep;
        step = atStep;
        eflags = now;
        events++;
    }

    /** Whether the block has reached a limit of the format. */
    boolean isFull() {
        return payloadBytes() >= BlockLayout.PAYLOAD_LIMIT_BYTES || events == BlockLayout.EVENTS_MAX;
    }

    /**
     * Writes bursts, up to the next start or the first burst that ends behind a position, does not surely go into the block,
     * is of another CPU, or needs the general form. Allocates nothing.
     */
    void flags(FlagBursts bursts, int until) {
        if (((bursts.control ^ eflags) & ~Eflags.STATUS) != 0) {
            return;
        }
        int eventsMax = Math.min(
                events + (BlockLayout.PAYLOAD_LIMIT_BYTES - payloadBytes()) / SURPRISE_BYTES_MAX - FlagBursts.COUNT_MAX,
                BlockLayout.EVENTS_MAX - FlagBursts.COUNT_MAX);
        int base = bursts.position;
        int b = bursts.burst;
        int end = bursts.nextStart();
        for (; b < end && events < eventsMax; b++) {
            int part = bursts.parts[b];
            int count = part & FlagBursts.COUNT_MAX;
            FlagSites sites = bursts.sites[part >>> FlagBursts.COUNT_BITS];
            if (sites.cpu != cpu || base + count > until) {
                break;
            }
            int writes = sites.among[count];
            if (writes > 0 && !burst(sites, writes, bursts.base + base, bursts.status, base)) {
                break;
            }
            base += count;
        }
        bursts.goTo(b, base);
    }

    /** Writes a burst that begins at a step; false, and nothing written, if that is too far from the last write. */
    private boolean burst(FlagSites sites, int writes, long atStep, byte[] status, int base) {
        long first = sites.packed[0];
        long steps = atStep + FlagSites.index(first) - flagsStep;
        if (steps >>> Prediction.STEPS_BITS != 0) {
            return false;
        }
        int k = 0;
        long word = FlagSites.word(first) | steps;
        while (true) {
            long six = SIX_AND_CONDITION[status[base + FlagSites.index(sites.packed[k])] & STATUS_MASK];
            if (table[flagsSlot] == word) {
                buffer[position++] = (byte) six;
            } else {
                table[flagsSlot] = word;
                position = surprise(position, (int) six, word & Prediction.STEPS_MASK, FlagSites.eip(word) - flagsEip);
            }
            flagsSlot = Prediction.slotOf(Prediction.hash(FlagSites.eip(word)), (int) (six >>> 32));
            k = expected(sites.packed, k + 1, writes, status, base);
            flagsEip = FlagSites.eip(sites.packed[k - 1]);
            if (k == writes) {
                break;
            }
            word = FlagSites.word(sites.packed[k]);
        }
        long last = sites.packed[writes - 1];
        flagsStep = atStep + FlagSites.index(last);
        step = flagsStep;
        eflags = FlagBursts.eflags(eflags & ~Eflags.STATUS, status[base + FlagSites.index(last)]);
        events += writes;
        return true;
    }

    /**
     * Writes as many as are what the table expects. This is the hot loop: no calls, and no more variables than registers.
     *
     * @return the first that is not
     */
    private int expected(long[] packed, int from, int writes, byte[] status, int base) {
        long[] words = table;
        byte[] bytes = buffer;
        int slot = flagsSlot;
        int at = position - from;
        int k = from;
        for (; k < writes; k++) {
            long site = packed[k];
            if (words[slot] != FlagSites.word(site)) {
                break;
            }
            long six = SIX_AND_CONDITION[status[base + FlagSites.index(site)] & STATUS_MASK];
            bytes[at + k] = (byte) six;
            slot = Prediction.slotOf(Prediction.hash(FlagSites.eip(site)), (int) (six >>> 32));
        }
        flagsSlot = slot;
        position = at + k;
        return k;
    }

    /** Writes steps and address out. */
    private int surprise(int at, int six, long steps, long eipDelta) {
        out.length = at;
        out.putByte(FORM_FLAGS | six);
        out.putVarint(steps);
        out.putSigned(eipDelta);
        return out.length;
    }

    private void flagsGeneral(int onCpu, long atStep, long eip, int now) {
        sync();
        general(flagsEvent
                .begin(EventKind.EFLAGS_WRITE, atStep, onCpu, eip)
                .set(EflagsWrite.OLD, state.eflags(onCpu) & 0xffffffffL)
                .set(EflagsWrite.NEW, now & 0xffffffffL)
                .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                .set(EflagsWrite.FRAME, 0));
    }

    /** Writes any event; an arithmetic EFLAGS write takes the short form where it can. */
    void put(Event event) {
        sync();
        if (isPlainFlags(event)) {
            flags(event.cpu(), event.step(), event.eip(), event.intValue(EflagsWrite.NEW));
        } else {
            general(event);
        }
    }

    private boolean isPlainFlags(Event event) {
        return Prediction.isArithmetic(event)
                && event.value(EflagsWrite.OLD) == (state.eflags(event.cpu()) & 0xffffffffL)
                && event.value(EflagsWrite.NEW) == (event.intValue(EflagsWrite.NEW) & 0xffffffffL);
    }

    private void general(Event event) {
        if (event.step() < state.step() || !state.hasCpu(event.cpu())) {
            throw new IllegalArgumentException("not a stream: " + event + " after step " + state.step());
        }
        tellRun();
        boolean expected = isExpected(event);
        Event view = succession.expected(event.cpu(), event.kind());
        long mask = correct(view, event) | (event.cpu() != cpu ? MASK_CPU : 0);
        if (expected && mask == 0) {
            putExpected(event);
        } else {
            putSurprise(event, mask);
        }
        view.text(event.text());
        if (Prediction.isArithmetic(event)) {
            prediction.learnFlags(event.cpu(), event.step(), event.eip());
        }
        succession.passed(event);
        state.apply(event);
        cpu = event.kind() == EventKind.SWITCH ? state.runningCpu() : event.cpu();
        events++;
        eventsTold = events;
        othersStep = event.step();
        fetch();
    }

    /** Whether an event of this kind, with this text, is expected. */
    private boolean isExpected(Event event) {
        Event expected = succession.expected(event.cpu());
        return expected != null
                && expected.kind() == event.kind()
                && (!event.kind().hasText() || expected.text().equals(event.text()));
    }

    /** Makes what was expected equal to the event; returns what it was wrong in, and leaves the differences. */
    private long correct(Event view, Event event) {
        int keys = Succession.keys(event.kind());
        eipDelta = event.eip() - view.eip();
        succession.happened(view, event.step(), event.cpu(), event.eip(), event.ordinal());
        long mask = correct(view, event, keys);
        succession.changed(view);
        mask |= correct(
                view, event, ~keys & (1 << Prediction.fields(event.kind().code())) - 1);
        return mask << MASK_FIELDS_SHIFT | (eipDelta != 0 ? MASK_EIP : 0);
    }

    private int correct(Event view, Event event, int fields) {
        int mask = 0;
        for (int rest = fields; rest != 0; rest &= rest - 1) {
            int field = Integer.numberOfTrailingZeros(rest);
            long delta = event.value(field) - view.value(field);
            if (delta != 0) {
                deltas[field] = delta;
                view.set(field, event.value(field));
                mask |= 1 << field;
            }
        }
        return mask;
    }

    private void putExpected(Event event) {
        long steps = event.step() - othersStep;
        if (steps < MORE_STEPS) {
            others.putByte(FORM_EXPECTED | (int) steps);
        } else {
            others.putByte(FORM_EXPECTED | MORE_STEPS);
            others.putVarint(steps - MORE_STEPS);
        }
    }

    private void putSurprise(Event event, long mask) {
        others.putByte(FORM_GENERAL | event.kind().code());
        others.putVarint(event.step() - othersStep);
        others.putVarint(mask);
        if ((mask & MASK_CPU) != 0) {
            others.putVarint(event.cpu());
        }
        if ((mask & MASK_EIP) != 0) {
            others.putSigned(eipDelta);
        }
        int fields = (int) (mask >>> MASK_FIELDS_SHIFT);
        int keys = Succession.keys(event.kind());
        putDeltas(fields & keys);
        putDeltas(fields & ~keys);
        if (event.kind().hasText()) {
            putText(event.text());
        }
    }

    private void putDeltas(int fields) {
        for (int rest = fields; rest != 0; rest &= rest - 1) {
            others.putSigned(deltas[Integer.numberOfTrailingZeros(rest)]);
        }
    }

    /** Tells of the arithmetic writes since the last event of the other kind. */
    private void tellRun() {
        if (events > eventsTold) {
            others.putByte(FORM_RUN | six(eflags));
            others.putVarint(events - eventsTold - 1);
            eventsTold = events;
        }
    }

    private void putText(String text) {
        Integer index = texts.get(text);
        if (index != null) {
            others.putVarint(index);
            return;
        }
        others.putVarint(texts.size());
        texts.put(text, texts.size());
        byte[] utf8 = cut(text).getBytes(StandardCharsets.UTF_8);
        others.putVarint(utf8.length);
        others.putBytes(utf8);
    }

    /** At most {@link #TEXT_BYTES_MAX} bytes of UTF-8, at three bytes for a UTF-16 unit at the worst. */
    private static String cut(String text) {
        int units = TEXT_BYTES_MAX / 3;
        if (text.length() <= units) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(units - 1)) ? units - 1 : units;
        return text.substring(0, end);
    }

    /** CF PF AF ZF SF OF (bits 0, 2, 4, 6, 7, 11 of EFLAGS) pushed together. */
    static int six(int eflags) {
        return (eflags & 1) | (eflags >>> 1 & 2) | (eflags >>> 2 & 4) | (eflags >>> 3 & 0x18) | (eflags >>> 6 & 0x20);
    }
}
