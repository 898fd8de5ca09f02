package trapline.events;

/**
 * One event, as a reused view: a reader fills the same object again and again, so a consumer copies what it keeps
 * ({@link #copy()}). Field indices are in {@link EventFields}.
 */
public final class Event {

    private EventKind kind = EventKind.LOST;
    private long step;
    private int cpu;
    private long ip;
    private long ordinal;
    private String text = "";
    private final long[] values = new long[EventKind.FIELDS_MAX];

    /**
     * Starts a new event; fields that are not set afterwards keep values of an earlier event, so a writer sets all
     * fields of the kind.
     *
     * @param kind kind
     * @param step instructions retired globally before it
     * @param cpu CPU number, from 0
     * @param ip address of the instruction at which it happened
     * @return this
     */
    public Event begin(EventKind kind, long step, int cpu, long ip) {
        this.kind = kind;
        this.step = step;
        this.cpu = cpu;
        this.ip = ip;
        this.text = "";
        return this;
    }

    /**
     * Sets a field.
     *
     * @param field index from {@link EventFields}
     * @param value value
     * @return this
     */
    public Event set(int field, long value) {
        values[field] = value;
        return this;
    }

    /**
     * Sets all fields, those that the kind does not have too.
     *
     * @param from {@link EventKind#FIELDS_MAX} values
     * @return this
     */
    public Event setAll(long[] from) {
        System.arraycopy(from, 0, values, 0, EventKind.FIELDS_MAX);
        return this;
    }

    /**
     * Sets the text; only kinds with {@link EventKind#hasText()} keep it.
     *
     * @param text any text
     * @return this
     */
    public Event text(String text) {
        this.text = text;
        return this;
    }

    /**
     * Sets the place in the stream.
     *
     * @param ordinal from 0
     * @return this
     */
    public Event ordinal(long ordinal) {
        this.ordinal = ordinal;
        return this;
    }

    /**
     * Turns an arithmetic EFLAGS write into another one of the same CPU; kind, cause and frame stay as {@link #begin} and
     * {@link #set} left them. Reading spends most of its time here.
     *
     * @param step instructions retired globally before it
     * @param ip address of the instruction
     * @param old EFLAGS before it
     * @param now EFLAGS after it
     * @param ordinal place in the stream
     */
    public void againFlags(long step, long ip, int old, int now, long ordinal) {
        this.step = step;
        this.ip = ip;
        this.ordinal = ordinal;
        values[EventFields.EflagsWrite.OLD] = old & 0xffffffffL;
        values[EventFields.EflagsWrite.NEW] = now & 0xffffffffL;
    }

    /**
     * Turns the event into another one of its kind; text and fields stay.
     *
     * @param step instructions retired globally before it
     * @param cpu CPU number, from 0
     * @param ip address of the instruction at which it happened
     * @param ordinal place in the stream
     */
    public void again(long step, int cpu, long ip, long ordinal) {
        this.step = step;
        this.cpu = cpu;
        this.ip = ip;
        this.ordinal = ordinal;
    }

    /** The kind. */
    public EventKind kind() {
        return kind;
    }

    /** Instructions retired globally before the event. */
    public long step() {
        return step;
    }

    /** CPU number, from 0. */
    public int cpu() {
        return cpu;
    }

    /** Address of the instruction at which the event happened. */
    public long ip() {
        return ip;
    }

    /** Place in the stream, from 0. */
    public long ordinal() {
        return ordinal;
    }

    /** Text of a kind that has one, else empty. */
    public String text() {
        return text;
    }

    /**
     * A field's value.
     *
     * @param field index from {@link EventFields}
     */
    public long value(int field) {
        return values[field];
    }

    /**
     * A field's low 32 bits.
     *
     * @param field index from {@link EventFields}
     */
    public int intValue(int field) {
        return (int) values[field];
    }

    /** A copy that stays as it is. */
    public Event copy() {
        Event copy = new Event().begin(kind, step, cpu, ip).text(text).ordinal(ordinal);
        System.arraycopy(values, 0, copy.values, 0, values.length);
        return copy;
    }

    /**
     * Whether kind, step, CPU, ip, text and the kind's fields are equal; the ordinal does not count.
     *
     * @param other another event
     */
    public boolean sameAs(Event other) {
        if (kind != other.kind || step != other.step || cpu != other.cpu || ip != other.ip) {
            return false;
        }
        for (int i = 0; i < kind.fields().size(); i++) {
            if (values[i] != other.values[i]) {
                return false;
            }
        }
        return text.equals(other.text);
    }

    /** A form for debugging and assertion messages; {@code EventText} makes the one for users. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(96)
                .append(step)
                .append(" cpu")
                .append(cpu)
                .append(' ')
                .append(Long.toHexString(ip))
                .append(' ')
                .append(kind.label());
        for (int i = 0; i < kind.fields().size(); i++) {
            Field field = kind.fields().get(i);
            out.append(' ').append(field.name()).append('=');
            switch (field.type()) {
                case LABEL -> out.append(field.labelOf(values[i]));
                case DECIMAL, VECTOR, OBSERVED -> out.append(values[i]);
                default -> out.append(Long.toHexString(values[i]));
            }
        }
        return text.isEmpty()
                ? out.toString()
                : out.append(" \"").append(text).append('"').toString();
    }
}
