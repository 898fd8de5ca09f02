/*
 * The plain way to judge a trace, as a yardstick: events of 16 bytes in a mapped file, one status
 * automaton for each CPU, a test of TF, a histogram of the steps between traps.
 *
 *     gcc -O2 -o scan scan.c && ./scan FILE
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

struct event {
    uint32_t step_delta;
    uint32_t eip;
    uint32_t value; /* EFLAGS, or the new status */
    uint8_t kind;   /* 0 flags, 1 trap entry, 2 trap exit, 3 status */
    uint8_t cpu;
    uint16_t vector;
};

enum { CPUS = 64, STATES = 16, TF = 0x100 };

/* Bit s of allowed[t]: status s may follow status t. */
static const uint16_t allowed[STATES] = {
    [0] = 1 << 1 | 1 << 2 | 1 << 0,
    [1] = 1 << 2 | 1 << 4 | 1 << 0,
    [2] = 1 << 8 | 1 << 4 | 1 << 0 | 1 << 1,
    [4] = 1 << 1 | 1 << 2 | 1 << 8 | 1 << 0,
    [8] = 1 << 1 | 1 << 4 | 1 << 0,
};

int main(int argc, char **argv)
{
    int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return 2;
    const struct event *events = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (events == MAP_FAILED)
        return 2;

    uint64_t count = st.st_size / sizeof(struct event), step = 0, bad = 0, traced = 0;
    uint64_t entered[CPUS] = {0}, histogram[64] = {0};
    uint8_t status[CPUS] = {0};
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (uint64_t i = 0; i < count; i++) {
        const struct event *e = &events[i];
        unsigned cpu = e->cpu % CPUS;
        step += e->step_delta;
        switch (e->kind) {
        case 0:
            traced += (e->value & TF) != 0;
            break;
        case 1:
            entered[cpu] = step;
            break;
        case 2:
            histogram[63 - __builtin_clzll((step - entered[cpu]) | 1)]++;
            break;
        default:
            bad += !(allowed[status[cpu]] >> (e->value % STATES) & 1);
            status[cpu] = e->value % STATES;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9;
    uint64_t spans = 0;
    for (int i = 0; i < 64; i++)
        spans += histogram[i];
    printf("%llu events in %.3f s: %.1f M events/s (%llu bad, %llu traced, %llu spans)\n",
           (unsigned long long)count, seconds, count / seconds / 1e6, (unsigned long long)bad,
           (unsigned long long)traced, (unsigned long long)spans);
    return 0;
}
