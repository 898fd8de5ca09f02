package trapline.machine.device;

import trapline.machine.bus.AlarmClock;
import trapline.machine.bus.ByteDevice;
import trapline.machine.bus.IoSpace;
import trapline.machine.bus.IrqLine;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/**
 * The 8254 timer: channel 0 makes interrupts, channel 2 is the speaker's, whose gate and output are in port 0x61 (Intel 8254
 * data sheet). Counts in binary only.
 */
public final class Pit extends ByteDevice {
    /** Its rate on every PC. */
    public static final long HERTZ = 1_193_182;

    private static final int BASE = 0x40;
    private static final int COMMAND = 0x43;
    private static final int SPEAKER = 0x61;
    private static final int REFRESH_TICKS = 18;

    private final AlarmClock clock;
    private final Frequency frequency;
    private final IrqLine irq;
    private final int alarm;
    private final Channel[] channels = {new Channel(), new Channel(), new Channel()};
    private int speaker;

    /**
     * A timer whose channels stand still.
     *
     * @param clockHertz how many instructions of the machine are a second
     * @param irq of channel 0
     */
    public Pit(AlarmClock clock, long clockHertz, IrqLine irq) {
        this.clock = clock;
        this.frequency = new Frequency(HERTZ, clockHertz);
        this.irq = irq;
        this.alarm = clock.add(this::expired);
        channels[2].gate = false;
    }

    /** Gives it its ports. */
    public void register(IoSpace io) {
        io.register(BASE, 4, this);
        io.register(SPEAKER, 1, this);
    }

    private long now() {
        return frequency.ticks(clock.now());
    }

    private void expired(long time) {
        irq.set(false);
        irq.set(true);
        Channel channel = channels[0];
        long ticks = frequency.ticks(time);
        if (channel.isPeriodic()) {
            setAlarm(channel, ticks);
        }
    }

    private void setAlarm(Channel channel, long after) {
        long next = channel.nextExpiry(after);
        clock.set(alarm, next == AlarmClock.NEVER ? next : frequency.time(next));
    }

    @Override
    protected int in(int port) {
        if (port == SPEAKER) {
            boolean refresh = ((now() / REFRESH_TICKS) & 1) != 0;
            return speaker | (refresh ? 0x10 : 0) | (channels[2].output(now()) ? 0x20 : 0);
        }
        return port == COMMAND ? 0xff : channels[port - BASE].read(now());
    }

    @Override
    protected void out(int port, int value) {
        if (port == SPEAKER) {
            speaker = value & 3;
            channels[2].setGate((value & 1) != 0, now());
        } else if (port == COMMAND) {
            command(value);
        } else if (channels[port - BASE].write(value, now()) && port == BASE) {
            setIrq0();
        }
    }

    private void setIrq0() {
        irq.set(channels[0].output(now()));
        setAlarm(channels[0], now());
    }

    private void command(int value) {
        int number = value >>> 6;
        if (number == 3) {
            for (int i = 0; i < 3; i++) {
                if ((value & (2 << i)) != 0) {
                    channels[i].latch((value & 0x20) == 0, (value & 0x10) == 0, now());
                }
            }
        } else if ((value & 0x30) == 0) {
            channels[number].latch(true, false, now());
        } else {
            channels[number].setMode(value);
            if (number == 0) {
                setIrq0();
            }
        }
    }

    @Override
    public void save(StateWriter out) {
        out.i32(speaker);
        for (Channel channel : channels) {
            channel.save(out);
        }
    }

    @Override
    public void load(StateReader in) {
        speaker = in.i32();
        for (Channel channel : channels) {
            channel.load(in);
        }
    }

    /** One counter. Its time is in ticks; what it holds follows from when it started. */
    private static final class Channel {
        private static final int ONE_SHOT = 0;
        private static final int RATE = 2;
        private static final int SQUARE = 3;

        private int control;
        private int mode;
        private int reload = 0x1_0000;
        /** When it was loaded, or -1: not yet since the mode was set. */
        private long start = -1;

        private boolean gate = true;
        /** How many ticks had passed when the gate was closed. */
        private long paused;

        private int writtenLow;
        private boolean writesHigh;
        private boolean readsHigh;
        private int latched = -1;
        private int latchedStatus = -1;

        boolean isPeriodic() {
            return mode == RATE || mode == SQUARE;
        }

        void setMode(int value) {
            control = value & 0x3f;
            int newMode = (value >>> 1) & 7;
            mode = newMode > 5 ? newMode & 3 : newMode;
            start = -1;
            writesHigh = false;
            readsHigh = false;
            latched = -1;
            latchedStatus = -1;
        }

        void setGate(boolean open, long now) {
            if (open && !gate && start >= 0) {
                boolean restarts = mode != ONE_SHOT && mode != 4;
                start = restarts ? now : now - paused;
            } else if (!open && gate) {
                paused = elapsed(now);
            }
            gate = open;
        }

        private long elapsed(long now) {
            return start < 0 ? 0 : gate ? now - start : paused;
        }

        /** When the output rises next, or NEVER. */
        long nextExpiry(long after) {
            if (start < 0 || !gate) {
                return AlarmClock.NEVER;
            }
            if (isPeriodic()) {
                return start + ((after - start) / reload + 1) * reload;
            }
            return start + reload > after ? start + reload : AlarmClock.NEVER;
        }

        boolean output(long now) {
            if (start < 0) {
                return mode != ONE_SHOT;
            }
            long elapsed = elapsed(now);
            return switch (mode) {
                case ONE_SHOT, 1 -> elapsed >= reload;
                case SQUARE -> elapsed % reload < (reload + 1) / 2;
                case RATE -> elapsed % reload != reload - 1;
                default -> elapsed != reload;
            };
        }

        private int count(long now) {
            long elapsed = elapsed(now);
            if (mode == SQUARE) {
                return (int) (reload - 2 * elapsed % reload) & 0xfffe;
            }
            return (int) (isPeriodic() ? reload - elapsed % reload : reload - elapsed) & 0xffff;
        }

        void latch(boolean wantsCount, boolean wantsStatus, long now) {
            if (wantsCount && latched < 0) {
                latched = count(now);
            }
            if (wantsStatus && latchedStatus < 0) {
                latchedStatus = control | (output(now) ? 0x80 : 0) | (start < 0 ? 0x40 : 0);
            }
        }

        int read(long now) {
            if (latchedStatus >= 0) {
                int result = latchedStatus;
                latchedStatus = -1;
                return result;
            }
            int access = (control >>> 4) & 3;
            int value = latched >= 0 ? latched : count(now);
            boolean high = access == 2 || (access == 3 && readsHigh);
            boolean more = access == 3 && !readsHigh;
            readsHigh = more;
            if (!more) {
                latched = -1;
            }
            return high ? value >>> 8 : value & 0xff;
        }

        /** Writes a byte of the count; whether it is loaded now. */
        boolean write(int value, long now) {
            int access = (control >>> 4) & 3;
            if (access == 3 && !writesHigh) {
                writtenLow = value;
                writesHigh = true;
                return false;
            }
            int whole = access == 1 ? value : access == 2 ? value << 8 : writtenLow | (value << 8);
            writesHigh = false;
            reload = whole == 0 ? 0x1_0000 : whole;
            start = now;
            paused = 0;
            return true;
        }

        void save(StateWriter out) {
            out.ints(control, mode, reload, writtenLow, latched, latchedStatus);
            out.i64(start).i64(paused);
            out.bool(gate).bool(writesHigh).bool(readsHigh);
        }

        void load(StateReader in) {
            int[] values = in.ints();
            control = values[0];
            mode = values[1];
            reload = values[2];
            writtenLow = values[3];
            latched = values[4];
            latchedStatus = values[5];
            start = in.i64();
            paused = in.i64();
            gate = in.bool();
            writesHigh = in.bool();
            readsHigh = in.bool();
        }
    }
}
