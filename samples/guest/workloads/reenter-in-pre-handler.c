/* The pre-handler of p1 calls a function that carries p2: p2 is missed, p1 goes on (golden trace T4). */
#include "workload.h"

PROBED_CODE(probed, "    pushl $0x202\n"
                    "    popfl\n"
                    "    .globl probed_insn\n"
                    "probed_insn:\n"
                    "    movl $1, %eax\n"
                    "    ret");
PROBED_LABEL(probed_insn);

PROBED_CODE(helper, "    .globl helper_insn\n"
                    "helper_insn:\n"
                    "    movl $2, %eax\n"
                    "    ret");
PROBED_LABEL(helper_insn);

static u32 pre_hits, post_hits, helper_hits;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    pre_hits++;
    helper();
    return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    post_hits++;
}

static int helper_pre(struct kprobe *p, struct pt_regs *regs)
{
    helper_hits++;
    return 0;
}

static void helper_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    helper_hits++;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = pre, .post_handler = post};
static struct kprobe p2 = {.addr = helper_insn, .pre_handler = helper_pre, .post_handler = helper_post};

OBSERVE_KPROBE(p1, "p1");
OBSERVE_KPROBE(p2, "p2");
OBSERVE_CALL(pre, "pre_handler:p1");
OBSERVE_CALL(post, "post_handler:p1");
OBSERVE_CALL(helper_pre, "pre_handler:p2");
OBSERVE_CALL(helper_post, "post_handler:p2");

int workload_init(void)
{
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < 3; i++)
        probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    return !(pre_hits == 3 && post_hits == 3 && helper_hits == 0 && p1.nmissed == 0 && p2.nmissed == 3);
}
