package trapline.machine.device;

import trapline.machine.bus.ByteDevice;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/**
 * The two 8259A interrupt controllers of a PC (Intel 8259A data sheet), the second at line 2 of the first, with the registers
 * that make lines level-triggered.
 */
public final class Pic extends ByteDevice implements InterruptController {
    private static final int FIRST = 0x20;
    private static final int SECOND = 0xa0;
    private static final int LEVELS = 0x4d0;
    private static final int CASCADE = 2;

    private final Chip first = new Chip();
    private final Chip second = new Chip();
    private final IrqLine changed;

    /**
     * Two controllers that ask for nothing.
     *
     * @param changed is driven with whether they ask for an interrupt
     */
    public Pic(IrqLine changed) {
        this.changed = changed;
    }

    /** Gives it its ports. */
    public void register(trapline.machine.bus.IoSpace io) {
        io.register(FIRST, 2, this);
        io.register(SECOND, 2, this);
        io.register(LEVELS, 2, this);
    }

    /** The wire of an interrupt request, 0–15. */
    public IrqLine line(int number) {
        return active -> {
            (number < 8 ? first : second).drive(number & 7, active);
            update();
        };
    }

    private void update() {
        first.drive(CASCADE, second.highest() >= 0);
        changed.set(isRequesting());
    }

    @Override
    public boolean isRequesting() {
        return first.highest() >= 0;
    }

    @Override
    public int acknowledge() {
        int line = first.take();
        int vector = first.base + line;
        if (line == CASCADE) {
            vector = second.base + second.take();
        }
        update();
        return vector;
    }

    @Override
    protected int in(int port) {
        return switch (port) {
            case FIRST -> first.read();
            case FIRST + 1 -> first.mask;
            case SECOND -> second.read();
            case SECOND + 1 -> second.mask;
            case LEVELS -> first.level;
            default -> second.level;
        };
    }

    @Override
    protected void out(int port, int value) {
        switch (port) {
            case FIRST -> first.command(value);
            case FIRST + 1 -> first.data(value);
            case SECOND -> second.command(value);
            case SECOND + 1 -> second.data(value);
            case LEVELS -> first.level = value & 0xf8;
            default -> second.level = value & 0xde;
        }
        update();
    }

    @Override
    public void save(StateWriter out) {
        first.save(out);
        second.save(out);
    }

    @Override
    public void load(StateReader in) {
        first.load(in);
        second.load(in);
        changed.set(isRequesting());
    }

    /** One 8259A. */
    private static final class Chip {
        private static final int INIT = 0x10;
        private static final int INIT_WORD_4 = 1;
        private static final int READ = 8;
        private static final int SPURIOUS = 7;

        private int requested;
        private int inService;
        private int mask;
        private int level;
        private int wires;
        private int base;
        private int rotated;
        private int initWord;
        private boolean needsWord4;
        private boolean readsInService;
        private boolean endsItself;
        private boolean special;

        void drive(int line, boolean active) {
            int bit = 1 << line;
            boolean was = (wires & bit) != 0;
            wires = active ? wires | bit : wires & ~bit;
            if ((level & bit) != 0) {
                requested = active ? requested | bit : requested & ~bit;
            } else if (active && !was) {
                requested |= bit;
            } else if (!active) {
                requested &= ~bit;
            }
        }

        private int priority(int bits) {
            for (int i = 0; i < 8; i++) {
                if (((bits >>> ((i + rotated) & 7)) & 1) != 0) {
                    return i;
                }
            }
            return 8;
        }

        /** The line to be served next, or -1. */
        int highest() {
            int wanted = priority(requested & ~mask);
            int busy = priority(special ? inService & ~mask : inService);
            return wanted < busy ? (wanted + rotated) & 7 : -1;
        }

        int take() {
            int line = highest();
            if (line < 0) {
                return SPURIOUS;
            }
            if ((level & (1 << line)) == 0) {
                requested &= ~(1 << line);
            }
            if (!endsItself) {
                inService |= 1 << line;
            }
            return line;
        }

        int read() {
            return readsInService ? inService : requested;
        }

        void command(int value) {
            if ((value & INIT) != 0) {
                initWord = 2;
                needsWord4 = (value & INIT_WORD_4) != 0;
                requested = 0;
                inService = 0;
                mask = 0;
                rotated = 0;
                special = false;
                readsInService = false;
                endsItself = false;
            } else if ((value & READ) != 0) {
                readsInService = (value & 2) != 0 ? (value & 1) != 0 : readsInService;
                special = (value & 0x40) != 0 ? (value & 0x20) != 0 : special;
            } else {
                endOfInterrupt(value);
            }
        }

        private void endOfInterrupt(int value) {
            boolean specific = (value & 0x40) != 0;
            boolean end = (value & 0x20) != 0;
            boolean rotate = (value & 0x80) != 0;
            int line = specific ? value & 7 : (priority(inService) + rotated) & 7;
            if (end && (specific || inService != 0)) {
                inService &= ~(1 << line);
            }
            if (rotate && (end || specific)) {
                rotated = (line + 1) & 7;
            }
        }

        void data(int value) {
            switch (initWord) {
                case 2 -> {
                    base = value & 0xf8;
                    initWord = 3;
                }
                case 3 -> initWord = needsWord4 ? 4 : 0;
                case 4 -> {
                    endsItself = (value & 2) != 0;
                    initWord = 0;
                }
                default -> mask = value;
            }
        }

        void save(StateWriter out) {
            out.ints(requested, inService, mask, level, wires, base, rotated, initWord);
            out.bool(needsWord4).bool(readsInService).bool(endsItself).bool(special);
        }

        void load(StateReader in) {
            int[] values = in.ints();
            requested = values[0];
            inService = values[1];
            mask = values[2];
            level = values[3];
            wires = values[4];
            base = values[5];
            rotated = values[6];
            initWord = values[7];
            needsWord4 = in.bool();
            readsInService = in.bool();
            endsItself = in.bool();
            special = in.bool();
        }
    }
}
