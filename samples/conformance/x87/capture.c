/*
 * Captures what the processor's x87 does: operands of every class, all roundings and three precisions, exceptions masked.
 *
 *     gcc -O0 -o capture capture.c && ./capture | gzip -9n > results.txt.gz
 *
 * A line: operation, control word, ST(0) and ST(1) before, ST(0) after, each as sign-exponent and significand, and the
 * exception and condition bits of the status word, all hexadecimal but the operation.
 */
#include <stdint.h>
#include <stdio.h>

#define CASES 9600

struct __attribute__((packed)) real80 {
    uint64_t significand;
    uint16_t exponent;
};

static uint64_t state = 88172645463325252ull;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static struct real80 pick(void)
{
    const uint64_t integer = 1ull << 63;
    struct real80 x;

    switch (next() % 12) {
    case 0: x.significand = 0; x.exponent = 0; break;
    case 1: x.significand = integer; x.exponent = 0x7fff; break;
    case 2: x.significand = next() | 3ull << 62; x.exponent = 0x7fff; break;
    case 3: x.significand = (next() & ~(1ull << 62)) | integer; x.exponent = 0x7fff; break;
    case 4: x.significand = next() >> (1 + next() % 60); x.exponent = 0; break;
    case 5: x.significand = next() | integer; x.exponent = 1 + next() % 70; break;
    case 6: x.significand = next() | integer; x.exponent = 0x7ffe - next() % 70; break;
    case 7: x.significand = (next() & (~0ull << (next() % 64))) | integer; x.exponent = 0x3fff - 40 + next() % 80; break;
    case 8: x.significand = next() & ~integer; x.exponent = next() & 0x7fff; break;
    default: x.significand = next() | integer; x.exponent = 0x3fff - 70 + next() % 140; break;
    }
    x.exponent |= (next() & 1) << 15;
    return x;
}

#define RUN(instruction)                                                                           \
    asm volatile("fninit\n fldcw %2\n fldt %4\n fldt %3\n" instruction "\n fstpt %0\n fnstsw %1\n" \
                 "fninit\n"                                                                        \
                 : "=m"(result), "=m"(status)                                                      \
                 : "m"(control), "m"(a), "m"(b))

int main(void)
{
    static const uint16_t controls[] = {0x37f, 0x77f, 0xb7f, 0xf7f, 0x7f, 0x27f, 0x67f, 0xe7f};

    for (int i = 0; i < CASES; i++) {
        struct real80 a = pick(), b = pick(), result;
        uint16_t control = controls[next() % 8], status;
        int operation = i % 12;

        switch (operation) {
        case 0: RUN("fadd %%st(1),%%st"); break;
        case 1: RUN("fmul %%st(1),%%st"); break;
        case 2: RUN("fsub %%st(1),%%st"); break;
        case 3: RUN("fdiv %%st(1),%%st"); break;
        case 4: RUN("fsqrt"); break;
        case 5: RUN("fprem"); break;
        case 6: RUN("fprem1"); break;
        case 7: RUN("fscale"); break;
        case 8: RUN("frndint"); break;
        case 9: RUN("fcom %%st(1)"); break;
        case 10: RUN("fsubr %%st(1),%%st"); break;
        default: RUN("fxtract"); break;
        }
        printf("%d %x %x %llx %x %llx %x %llx %x\n", operation, control, a.exponent,
               (unsigned long long)a.significand, b.exponent, (unsigned long long)b.significand, result.exponent,
               (unsigned long long)result.significand, status & 0x477f);
    }
    return 0;
}
