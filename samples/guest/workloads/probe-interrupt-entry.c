/* A probe on the way into device interrupts, beside one in task context. */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);

static struct kprobe on_do_other = {.addr = (kprobe_opcode_t *)do_other};
OBSERVE_KPROBE(on_do_other, "on_do_other");

static u32 interrupts;

void workload_irq(struct pt_regs *regs, u32 vector)
{
    interrupts++;
}

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&on_do_other);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < 3; i++) {
        send_irq(cpu, 40);
        while (ACCESS_ONCE(interrupts) <= (u32)i)
            cpu_relax();
        probed();
    }
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&on_do_other);
    return !(p1_pre_hits == 3 && p1_post_hits == 3);
}
