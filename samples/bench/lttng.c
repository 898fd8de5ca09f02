/*
 * Events of 16 bytes through LTTng-UST, as a yardstick: JournalBench compiles and runs it. Prints their number and
 * nanoseconds.
 *
 *     gcc -O2 -I. -o lttng lttng.c -llttng-ust -ldl && ./lttng.sh ./lttng 2000000
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng-event.h"

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint64_t start = now();
    for (uint64_t i = 0; i < count; i++)
        lttng_ust_tracepoint(trapline, event, i << 6 | (i & 63), 0x100000 + i % 12 * 3);
    printf("%llu %llu\n", (unsigned long long)count, (unsigned long long)(now() - start));
    return 0;
}
