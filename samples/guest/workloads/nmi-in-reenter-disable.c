/* As nmi-in-reenter, and CPU 1 disables all probes while the third one is being hit (row D11n). */
#include "probe_kit.h"

u32 workload_cpus = 2;

TARGET(probed, "movl $1, %eax");
HELPER(first_helper, "movl $2, %eax");
HELPER(second_helper, "movl $3, %eax");

COUNTING_POST(p1);

static int p1_pre(struct kprobe *p, struct pt_regs *regs)
{
    first_helper();
    return 0;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre, .post_handler = p1_post};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_pre, "pre_handler:p1");

COUNTING_PROBE(p2, first_helper_insn);
COUNTING_PROBE(p3, second_helper_insn);

void workload_nmi(struct pt_regs *regs)
{
    if (smp_processor_id() != 0)
        return;
    second_helper();
}

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2) || register_kprobe(&p3);
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1)
        disable_all_kprobes();
    else
        probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    unregister_kprobe(&p3);
    return 0;
}
