/*
 * A pre handler runs into p2, and before p2's stepped instruction an NMI arrives that runs into p3:
 * a third probe while there is room to save one (row D11).
 */
#include "probe_kit.h"

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
    second_helper();
}

int workload_init(void)
{
    if (register_kprobe(&p1))
        return 1;
    if (register_kprobe(&p2) || register_kprobe(&p3))
        note(NOTE_MARK, "the kernel refuses probes in NMI code", 0);
    return 0;
}

void workload_cpu(u32 cpu)
{
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    unregister_kprobe(&p3);
    return 0;
}
