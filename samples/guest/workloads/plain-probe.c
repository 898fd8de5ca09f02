/* One probe with a pre and a post handler on a move: the plain life of a hit (golden trace T1). */
#include "workload.h"

PROBED_CODE(probed, "    pushl $0x202\n"
                    "    popfl\n" /* no arithmetic flag set, IF = 1: the trap pushes 0x202 */
                    "    .globl probed_insn\n"
                    "probed_insn:\n"
                    "    movl $1, %eax\n"
                    "    ret");
PROBED_LABEL(probed_insn);

static u32 pre_hits, post_hits;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    pre_hits++;
    return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    post_hits++;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = pre, .post_handler = post};

OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(pre, "pre_handler:p1");
OBSERVE_CALL(post, "post_handler:p1");

int workload_init(void)
{
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < 3; i++)
        probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    probed();
    return !(pre_hits == 3 && post_hits == 3);
}
