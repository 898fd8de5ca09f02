package trapline.machine.device;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import trapline.machine.bus.AlarmClock;
import trapline.machine.bus.ByteDevice;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;

/**
 * The MC146818 clock with its 128 bytes of CMOS memory. Its time is that of the scenario plus the machine's; setting it moves
 * nothing, and it makes no interrupts.
 */
public final class Rtc extends ByteDevice {
    /** Its first port. */
    public static final int BASE = 0x70;

    private static final int STATUS_A = 10;
    private static final int STATUS_B = 11;
    private static final int STATUS_D = 13;
    private static final int CENTURY = 0x32;
    private static final int BINARY = 4;
    private static final int HOURS_24 = 2;

    private final AlarmClock clock;
    private final long clockHertz;
    private final long startSeconds;
    private final byte[] memory = new byte[128];
    private int index;

    /**
     * A clock.
     *
     * @param clockHertz how many instructions of the machine are a second
     * @param startSeconds seconds since 1970 at the machine's time 0
     * @param ramBytes what firmware would have found
     */
    public Rtc(AlarmClock clock, long clockHertz, long startSeconds, int ramBytes) {
        this.clock = clock;
        this.clockHertz = clockHertz;
        this.startSeconds = startSeconds;
        memory[STATUS_A] = 0x26;
        memory[STATUS_B] = HOURS_24;
        memory[STATUS_D] = (byte) 0x80;
        word(0x15, 640);
        int extendedKib = Math.min(0xffff, (ramBytes >> 10) - 1024);
        word(0x17, extendedKib);
        word(0x30, extendedKib);
        word(0x34, Math.max(0, ramBytes - (16 << 20)) >> 16);
    }

    private void word(int at, int value) {
        memory[at] = (byte) value;
        memory[at + 1] = (byte) (value >>> 8);
    }

    @Override
    protected int in(int port) {
        if (port == BASE) {
            return 0xff;
        }
        LocalDateTime now = LocalDateTime.ofEpochSecond(startSeconds + clock.now() / clockHertz, 0, ZoneOffset.UTC);
        return switch (index) {
            case 0 -> coded(now.getSecond());
            case 2 -> coded(now.getMinute());
            case 4 -> hours(now.getHour());
            case 6 -> coded(now.getDayOfWeek().getValue() % 7 + 1);
            case 7 -> coded(now.getDayOfMonth());
            case 8 -> coded(now.getMonthValue());
            case 9 -> coded(now.getYear() % 100);
            case CENTURY -> coded(now.getYear() / 100);
            default -> memory[index] & 0xff;
        };
    }

    private int hours(int hour) {
        if ((memory[STATUS_B] & HOURS_24) != 0) {
            return coded(hour);
        }
        return coded((hour + 11) % 12 + 1) | (hour >= 12 ? 0x80 : 0);
    }

    private int coded(int value) {
        return (memory[STATUS_B] & BINARY) != 0 ? value : ((value / 10) << 4) | (value % 10);
    }

    @Override
    protected void out(int port, int value) {
        if (port == BASE) {
            index = value & 0x7f;
        } else if (index != 12 && index != STATUS_D) {
            memory[index] = (byte) value;
        }
    }

    @Override
    public void save(StateWriter out) {
        out.i32(index).bytes(memory, memory.length);
    }

    @Override
    public void load(StateReader in) {
        index = in.i32();
        System.arraycopy(in.bytes(), 0, memory, 0, memory.length);
    }
}
