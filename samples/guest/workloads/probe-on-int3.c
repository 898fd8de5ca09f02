/*
 * A probe on an instruction that is itself an int3 of somebody else's (golden trace T8). The
 * debugger that owns the int3 lets the program go on after it, so that the damage can be seen:
 * an ordinary probe hit afterwards.
 */
#include "workload.h"

PROBED_CODE(probed, "    pushl $0x202\n"
                    "    popfl\n"
                    "    .globl probed_insn\n"
                    "probed_insn:\n"
                    "    int3\n"
                    "    movl $1, %eax\n"
                    "    ret");
PROBED_LABEL(probed_insn);

PROBED_CODE(later, "    pushl $0x202\n"
                   "    popfl\n"
                   "    .globl later_insn\n"
                   "later_insn:\n"
                   "    movl $2, %eax\n"
                   "    ret");
PROBED_LABEL(later_insn);

static u32 pre_hits, post_hits, later_hits, debugger_hits;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    pre_hits++;
    return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    post_hits++;
}

static int later_pre(struct kprobe *p, struct pt_regs *regs)
{
    later_hits++;
    return 0;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = pre, .post_handler = post};
static struct kprobe p2 = {.addr = later_insn, .pre_handler = later_pre};

OBSERVE_KPROBE(p1, "p1");
OBSERVE_KPROBE(p2, "p2");
OBSERVE_CALL(pre, "pre_handler:p1");
OBSERVE_CALL(post, "post_handler:p1");
OBSERVE_CALL(later_pre, "pre_handler:p2");

static int debugger(struct notifier_block *self, unsigned long val, void *data)
{
    struct die_args *args = data;

    if (val != DIE_INT3 || args->regs->eip != (u32)probed_insn + 1)
        return NOTIFY_DONE;
    debugger_hits++;
    return NOTIFY_STOP;
}

static struct notifier_block debugger_nb = {.notifier_call = debugger};

int workload_init(void)
{
    register_die_notifier(&debugger_nb);
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    probed();
    note(NOTE_MARK, "after the probed int3", 0);
    later();
    later();
}

int workload_exit(void)
{
    unregister_kprobe(&p2);
    unregister_kprobe(&p1);
    unregister_die_notifier(&debugger_nb);
    return !(pre_hits == 1 && debugger_hits == 1);
}
