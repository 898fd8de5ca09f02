package trapline.machine.alu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Flags against a plain reference that works in longs, one bit at a time. */
class FlagsTest {
    private static final int[] VALUES = {
        0,
        1,
        2,
        7,
        8,
        0xf,
        0x10,
        0x7e,
        0x7f,
        0x80,
        0x81,
        0xfe,
        0xff,
        0x100,
        0x7fff,
        0x8000,
        0x8001,
        0xffff,
        0x1_0000,
        0x7fff_ffff,
        0x8000_0000,
        0x8000_0001,
        0xffff_fffe,
        0xffff_ffff,
        0x1234_5678,
        0xa5a5_a5a5
    };

    private static int reference(long wide, long a, long b, int bits) {
        long mask = (1L << bits) - 1;
        long result = wide & mask;
        long sign = 1L << (bits - 1);
        int flags = (wide & (mask + 1)) != 0 ? Flags.CF : 0;
        flags |= Integer.bitCount((int) result & 0xff) % 2 == 0 ? Flags.PF : 0;
        flags |= ((a ^ b ^ result) & 0x10) != 0 ? Flags.AF : 0;
        flags |= result == 0 ? Flags.ZF : 0;
        return flags | ((result & sign) != 0 ? Flags.SF : 0);
    }

    private static int overflow(long signed, int bits) {
        long limit = 1L << (bits - 1);
        return signed < -limit || signed >= limit ? Flags.OF : 0;
    }

    private static long signed(long value, int bits) {
        return value << (64 - bits) >> (64 - bits);
    }

    @Test
    void additionAndSubtractionWithCarryInEverySize() {
        for (int size : new int[] {1, 2, 4}) {
            int bits = 8 * size;
            long mask = (1L << bits) - 1;
            for (int x : VALUES) {
                for (int y : VALUES) {
                    for (int carry = 0; carry <= 1; carry++) {
                        long a = x & mask;
                        long b = y & mask;
                        int sh = Alu.shiftOf(size);
                        long sum = signed(a, bits) + signed(b, bits) + carry;
                        assertThat(Alu.addFlags(x, y, x + y + carry, sh))
                                .as("%x + %x + %d, %d bits", a, b, carry, bits)
                                .isEqualTo(reference(a + b + carry, a, b, bits) | overflow(sum, bits));
                        long difference = signed(a, bits) - signed(b, bits) - carry;
                        assertThat(Alu.subFlags(x, y, x - y - carry, sh))
                                .as("%x - %x - %d, %d bits", a, b, carry, bits)
                                .isEqualTo(reference(a - b - carry, a, b, bits) | overflow(difference, bits));
                    }
                }
            }
        }
    }

    @Test
    void incrementAndDecrementAreAdditionsThatKeepCarry() {
        for (int size : new int[] {1, 2, 4}) {
            int sh = Alu.shiftOf(size);
            for (int x : VALUES) {
                assertThat(Alu.incFlags(x + 1, sh)).isEqualTo(Alu.addFlags(x, 1, x + 1, sh) & ~Flags.CF);
                assertThat(Alu.decFlags(x - 1, sh)).isEqualTo(Alu.subFlags(x, 1, x - 1, sh) & ~Flags.CF);
            }
        }
    }

    /** Rotates through carry, one bit at a time. */
    @Test
    void rotatesEqualRepeatedRotatesByOne() {
        for (int op : new int[] {Shifts.ROL, Shifts.ROR, Shifts.RCL, Shifts.RCR, Shifts.SHL, Shifts.SHR, Shifts.SAR}) {
            for (int size : new int[] {1, 2, 4}) {
                for (int x : VALUES) {
                    for (int count = 1; count < 32; count++) {
                        int value = x;
                        int eflags = Flags.CF;
                        for (int i = 0; i < count; i++) {
                            long one = Shifts.shift(op, value, 1, size, eflags);
                            value = Shifts.resultOf(one);
                            eflags = Shifts.eflagsOf(one);
                        }
                        long all = Shifts.shift(op, x, count, size, Flags.CF);
                        int mask = Shifts.mask(size);
                        assertThat(Shifts.resultOf(all) & mask)
                                .as("op %d of %x by %d, %d bytes", op, x, count, size)
                                .isEqualTo(value & mask);
                        assertThat(Shifts.eflagsOf(all) & Flags.CF).isEqualTo(eflags & Flags.CF);
                    }
                }
            }
        }
    }

    @Test
    void conditionsComeInPairs() {
        for (int eflags = 0; eflags < 0x1000; eflags++) {
            for (int condition = 0; condition < 16; condition += 2) {
                assertThat(Condition.holds(condition, eflags)).isNotEqualTo(Condition.holds(condition + 1, eflags));
            }
            boolean less = ((eflags & Flags.SF) != 0) != ((eflags & Flags.OF) != 0);
            assertThat(Condition.holds(12, eflags)).isEqualTo(less);
            assertThat(Condition.holds(14, eflags)).isEqualTo(less || (eflags & Flags.ZF) != 0);
        }
    }
}
