/* 256 probes at once, each on its own instruction, each hit once; then they go again. */
#include "probe_kit.h"

#define PROBES 256

SLEDS

static struct kprobe probes[PROBES];
static u32 hits;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    hits++;
    return 0;
}
OBSERVE_CALL(pre, "pre_handler:sled");

/* p00 to pff */
#define NAMED(high, low) OBSERVE_KPROBE(probes[0x##high##low], "p" #high #low);
#define NAMED_16(high)                                                                              \
    NAMED(high, 0) NAMED(high, 1) NAMED(high, 2) NAMED(high, 3) NAMED(high, 4) NAMED(high, 5)       \
    NAMED(high, 6) NAMED(high, 7) NAMED(high, 8) NAMED(high, 9) NAMED(high, a) NAMED(high, b)       \
    NAMED(high, c) NAMED(high, d) NAMED(high, e) NAMED(high, f)
NAMED_16(0) NAMED_16(1) NAMED_16(2) NAMED_16(3) NAMED_16(4) NAMED_16(5) NAMED_16(6) NAMED_16(7)
NAMED_16(8) NAMED_16(9) NAMED_16(a) NAMED_16(b) NAMED_16(c) NAMED_16(d) NAMED_16(e) NAMED_16(f)

int workload_init(void)
{
    for (u32 i = 0; i < PROBES; i++) {
        probes[i].addr = sled_insn(i);
        probes[i].pre_handler = pre;
        if (register_kprobe(&probes[i]))
            return 1;
    }
    return 0;
}

void workload_cpu(u32 cpu)
{
    u32 result = 0;
    for (u32 i = 0; i < ARRAY_SIZE(sleds); i++)
        asm volatile("call *%1" : "+a"(result) : "r"(sleds[i]) : "ecx", "edx", "memory", "cc");
    if (result != PROBES)
        note(NOTE_WARN, "wrong result", result);
}

int workload_exit(void)
{
    for (u32 i = 0; i < PROBES; i++)
        unregister_kprobe(&probes[i]);
    return hits != PROBES;
}
