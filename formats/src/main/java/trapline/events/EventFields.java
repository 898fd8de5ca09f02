package trapline.events;

/** Indices of the fields of each kind, for {@link Event#value(int)}. {@link EventKind} describes them. */
public final class EventFields {

    private EventFields() {}

    /** {@link EventKind#TRAP_ENTRY}. */
    public static final class TrapEntry {
        public static final int VECTOR = 0;
        public static final int ERROR = 1;
        public static final int CS = 2;
        public static final int IP = 3;
        public static final int EFLAGS = 4;
        public static final int ESP = 5;
        public static final int ADDRESS = 6;
        public static final int DR6 = 7;
        public static final int ORIGIN = 8;
        public static final int FRAME = 9;

        private TrapEntry() {}
    }

    /** {@link EventKind#TRAP_EXIT}. */
    public static final class TrapExit {
        public static final int IP = 0;
        public static final int CS = 1;
        public static final int EFLAGS = 2;
        public static final int ESP = 3;
        public static final int FRAME = 4;

        private TrapExit() {}
    }

    /** {@link EventKind#EFLAGS_WRITE}. */
    public static final class EflagsWrite {
        public static final int OLD = 0;
        public static final int NEW = 1;
        public static final int CAUSE = 2;
        public static final int FRAME = 3;

        private EflagsWrite() {}
    }

    /** {@link EventKind#KPROBE_STATUS}, {@link EventKind#CURRENT_KPROBE} and {@link EventKind#WATCH}. */
    public static final class Variable {
        public static final int VARIABLE = 0;
        public static final int ELEMENT = 1;
        public static final int OLD = 2;
        public static final int NEW = 3;

        private Variable() {}
    }

    /** {@link EventKind#CALL_ENTRY}. */
    public static final class CallEntry {
        public static final int FUNCTION = 0;
        public static final int ARG0 = 1;
        public static final int ARG1 = 2;
        public static final int ARG2 = 3;
        public static final int RETURN = 4;

        private CallEntry() {}
    }

    /** {@link EventKind#CALL_EXIT}. */
    public static final class CallExit {
        public static final int FUNCTION = 0;
        public static final int RESULT = 1;

        private CallExit() {}
    }

    /** {@link EventKind#TEXT_READ}. */
    public static final class TextRead {
        public static final int ADDRESS = 0;
        public static final int SIZE = 1;
        public static final int VALUE = 2;
        public static final int BY = 3;

        private TextRead() {}
    }

    /** {@link EventKind#TEXT_WRITE}. */
    public static final class TextWrite {
        public static final int ADDRESS = 0;
        public static final int SIZE = 1;
        public static final int OLD = 2;
        public static final int NEW = 3;
        public static final int BY = 4;

        private TextWrite() {}
    }

    /** {@link EventKind#SWITCH}. */
    public static final class Switch {
        public static final int TO = 0;
        public static final int REASON = 1;

        private Switch() {}
    }

    /** {@link EventKind#INJECT}. */
    public static final class Inject {
        public static final int WHAT = 0;
        public static final int TARGET = 1;
        public static final int NUMBER = 2;
        public static final int VALUE = 3;

        private Inject() {}
    }

    /** {@link EventKind#MARK}, {@link EventKind#WARN}, {@link EventKind#BUG} and {@link EventKind#DIE}. */
    public static final class Note {
        public static final int VALUE = 0;

        private Note() {}
    }

    /** {@link EventKind#HALT}. */
    public static final class Halt {
        public static final int REASON = 0;
        public static final int CODE = 1;

        private Halt() {}
    }

    /** {@link EventKind#HIT_END}. */
    public static final class HitEnd {
        public static final int ADDRESS = 0;
        public static final int HOW = 1;
        public static final int PROBE = 2;
        public static final int FRAME = 3;
        public static final int DIFFERENCES = 4;
        public static final int EXCUSES = 5;

        private HitEnd() {}
    }

    /** {@link EventKind#HIT_DIFFERENCE}. */
    public static final class HitDifference {
        public static final int WHAT = 0;
        public static final int AT = 1;
        public static final int EXPECTED = 2;
        public static final int FOUND = 3;
        public static final int ADDRESS = 4;
        public static final int PROBE = 5;
        public static final int FRAME = 6;
        public static final int EXCUSES = 7;

        private HitDifference() {}
    }

    /** {@link EventKind#SHOWN}. */
    public static final class Shown {
        public static final int FUNCTION = 0;
        public static final int LEAVING = 1;
        public static final int IMAGE = 2;
        public static final int FRAME = 3;
        public static final int IP = 4;
        public static final int EFLAGS = 5;
        public static final int DIFFERS = 6;
        public static final int SEGMENTS = 7;

        private Shown() {}
    }

    /** {@link EventKind#SLOT_RUN}. */
    public static final class SlotRun {
        public static final int SLOTS = 0;

        private SlotRun() {}
    }

    /** {@link EventKind#STACK_WRITE}. */
    public static final class StackWrite {
        public static final int ADDRESS = 0;
        public static final int SIZE = 1;
        public static final int OLD = 2;
        public static final int NEW = 3;
        public static final int FRAME = 4;

        private StackWrite() {}
    }

    /** {@link EventKind#LOST}. */
    public static final class Lost {
        public static final int COUNT = 0;
        public static final int UNTIL = 1;

        private Lost() {}
    }

    /** {@link EventKind#REGISTERS}, in the encoding order of x86; {@link EventKind#REGISTERS64} goes on with r8. */
    public static final class Registers {
        public static final int AX = 0;
        public static final int SP = 4;
        public static final int COUNT = 8;

        private Registers() {}
    }
}
