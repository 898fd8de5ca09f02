/* 256 probes at once, each on its own instruction, each hit once; then they go again. */
#include "probe_kit.h"

#define PROBES 256

PROBED_CODE(sled, "    .rept 256\n"
                  "    incl %eax\n"
                  "    .endr\n"
                  "    ret");

static struct kprobe probes[PROBES];
static u32 hits;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    hits++;
    return 0;
}
OBSERVE_CALL(pre, "pre_handler:sled");

int workload_init(void)
{
    for (u32 i = 0; i < PROBES; i++) {
        probes[i].addr = (u8 *)sled + i;
        probes[i].pre_handler = pre;
        if (register_kprobe(&probes[i]))
            return 1;
    }
    return 0;
}

void workload_cpu(u32 cpu)
{
    u32 result = 0;
    asm volatile("call sled" : "+a"(result) : : "ecx", "edx", "memory", "cc");
    if (result != PROBES)
        note(NOTE_WARN, "wrong result", result);
}

int workload_exit(void)
{
    for (u32 i = 0; i < PROBES; i++)
        unregister_kprobe(&probes[i]);
    return hits != PROBES;
}
