/* CPU 1 registers and unregisters a probe over and over while CPU 0 pounds on its address. */
#include "probe_kit.h"

#define ROUNDS 12

u32 workload_cpus = 2;

TARGET(probed, "movl $1, %eax");

COUNTING_PRE(p1);
static struct kprobe p1;
OBSERVE_KPROBE(p1, "p1");

static u32 registering = 1;

static void register_and_unregister(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        p1 = (struct kprobe){.addr = probed_insn, .pre_handler = p1_pre};
        if (register_kprobe(&p1))
            note(NOTE_WARN, "not registered", i);
        for (int pause = 0; pause < 20 * i; pause++)
            cpu_relax();
        unregister_kprobe(&p1);
    }
    ACCESS_ONCE(registering) = 0;
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1) {
        register_and_unregister();
        return;
    }
    while (ACCESS_ONCE(registering)) {
        probed();
        schedule_point();
    }
}
