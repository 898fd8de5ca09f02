package trapline.codec;

import trapline.block.BlockLayout;
import trapline.block.ByteOutput;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.StreamState;

/**
 * Writes the events of one block. Arithmetic EFLAGS writes are most of a stream, and few readers ask for them; so they have
 * a column of their own, and in {@linkplain OtherColumn the other one} a run of them is its length and the flags that it
 * leaves:
 *
 * <pre>
 * payload = length in bytes of the arithmetic column (4 bytes), arithmetic column, other column
 *
 * 00ffffff                       arithmetic write, eip and steps as {@link Prediction} expects
 * 01ffffff steps eip             the same, eip and steps written out
 *
 * ffffff   CF PF AF ZF SF OF after the write, CF lowest; the other bits of EFLAGS are as before
 * steps    varint: since the last arithmetic write of this CPU
 * eip      signed varint: from that of the last arithmetic write of this CPU
 * </pre>
 *
 * {@link EventDecoder} is the mirror; a test holds the two together.
 */
public final class EventEncoder {

    public static final int FORM_MASK = 0xc0;
    static final int FORM_EXPECTED = 0x00;
    static final int FORM_FLAGS = 0x40;

    /** Where the length of the arithmetic column is. */
    public static final int COLUMN_LENGTH_BYTES = 4;

    public static final int BUFFER_BYTES = BlockLayout.PAYLOAD_LIMIT_BYTES + OtherColumn.EVENT_BYTES_MAX;

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
    private final StreamState state;
    private final Event flagsEvent = new Event();
    private final byte[] buffer;
    /** The arithmetic column, after its length. */
    private final ByteOutput out;

    private final OtherColumn others;
    private final long[] table;
    private final int payloadStart;
    private int cpu;
    private int events;
    /** How many of the events are in the column of the others, in runs or each by itself. */
    private int eventsTold;

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
     * @param prediction one that knows nothing
     * @param others the other column, empty
     */
    public EventEncoder(StreamState state, ByteOutput out, Prediction prediction, OtherColumn others) {
        this.state = state;
        this.prediction = prediction;
        this.out = out;
        this.others = others;
        this.buffer = out.bytes;
        this.payloadStart = out.length;
        out.length += COLUMN_LENGTH_BYTES;
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
    public void sync() {
        out.length = position;
        prediction.flagsEip[cpu] = flagsEip;
        prediction.flagsStep[cpu] = flagsStep;
        prediction.flagsSlot[cpu] = flagsSlot;
        state.applyFlags(cpu, step, eflags);
    }

    /** Ends the block: moves the state past all events, and joins the columns to the payload. */
    public void end() {
        sync();
        others.end(run());
        BlockLayout.putInt(buffer, payloadStart, position - payloadStart - COLUMN_LENGTH_BYTES);
        out.length = position;
        others.appendTo(out);
    }

    /** Length of the payload so far. */
    private int payloadBytes() {
        return position - payloadStart + others.length();
    }

    public int events() {
        return events;
    }

    /** Writes an arithmetic EFLAGS write; the old value is the state's. Allocates nothing. */
    public void flags(int onCpu, long atStep, long eip, int now) {
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
    public boolean isFull() {
        return payloadBytes() >= BlockLayout.PAYLOAD_LIMIT_BYTES || events == BlockLayout.EVENTS_MAX;
    }

    /**
     * Writes bursts, up to the next start or the first burst that ends behind a position, does not surely go into the block,
     * is of another CPU, or needs the general form. Allocates nothing.
     */
    public void flags(FlagBursts bursts, int until) {
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
    public void put(Event event) {
        sync();
        if (isPlainFlags(event)) {
            flags(event.cpu(), event.step(), event.ip(), event.intValue(EflagsWrite.NEW));
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
        others.put(run(), event, cpu);
        if (Prediction.isArithmetic(event)) {
            prediction.learnFlags(event.cpu(), event.step(), event.ip());
        }
        state.apply(event);
        cpu = event.kind() == EventKind.SWITCH ? state.runningCpu() : event.cpu();
        events++;
        eventsTold = events;
        fetch();
    }

    /** The arithmetic writes since the last event of the other column. */
    private int run() {
        int count = events - eventsTold;
        return count == 0 ? 0 : Succession.run(count, six(eflags));
    }

    /** CF PF AF ZF SF OF (bits 0, 2, 4, 6, 7, 11 of EFLAGS) pushed together. */
    static int six(int eflags) {
        return (eflags & 1) | (eflags >>> 1 & 2) | (eflags >>> 2 & 4) | (eflags >>> 3 & 0x18) | (eflags >>> 6 & 0x20);
    }
}
