/*
 * What the kernel's own smoke test asks: pre and post handlers both run and the second sees what the
 * first did; a jprobe gets its argument; a return probe sees the result; two targets at once; a probe
 * can be used again once its address is cleared; handlers are not preemptible.
 */
#include "probe_kit.h"

PROBED_CODE(twice, "    leal (%eax,%eax), %eax\n"
                   "    ret");
PROBED_CODE(thrice, "    leal (%eax,%eax,2), %eax\n"
                    "    ret");

static u32 call_with(void (*function)(void), u32 argument)
{
    u32 result = argument;
    asm volatile("call *%1" : "+a"(result) : "r"(function) : "ecx", "edx", "memory", "cc");
    return result;
}

static u32 pre_value, post_value, jprobe_value, return_value, entry_value, preemptible_handlers;

static void check_preemptible(void)
{
    preemptible_handlers += this_cpu()->preempt_count == 0;
}

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    check_preemptible();
    pre_value = regs->eax;
    return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    check_preemptible();
    post_value = pre_value == 21 ? 1 : 0;
}

static int pre2(struct kprobe *p, struct pt_regs *regs)
{
    check_preemptible();
    return 0;
}

static void post2(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    check_preemptible();
}

static void entry(u32 argument)
{
    jprobe_value = argument;
    jprobe_return();
}

static int on_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    entry_value = regs->eax;
    return 0;
}

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    return_value = regs->eax;
    return 0;
}

static struct kprobe p1 = {.addr = (kprobe_opcode_t *)twice, .pre_handler = pre, .post_handler = post};
static struct kprobe p2 = {.addr = (kprobe_opcode_t *)thrice, .pre_handler = pre2, .post_handler = post2};
static struct jprobe jp = {.kp = {.addr = (kprobe_opcode_t *)twice}, .entry = entry};
static struct kretprobe rp = {.kp = {.addr = (kprobe_opcode_t *)twice}, .handler = on_return, .entry_handler = on_entry};

OBSERVE_KPROBE(p1, "p1");
OBSERVE_KPROBE(p2, "p2");
OBSERVE_KPROBE(jp.kp, "jp");
OBSERVE_KPROBE(rp.kp, "rp");
OBSERVE_CALL(pre, "pre_handler:p1");
OBSERVE_CALL(post, "post_handler:p1");
OBSERVE_CALL(pre2, "pre_handler:p2");
OBSERVE_CALL(post2, "post_handler:p2");
OBSERVE_CALL(entry, "jprobe_handler:jp");
OBSERVE_CALL(on_return, "return_handler:rp");

static int test_kprobes(void)
{
    int failures = register_kprobe(&p1) || register_kprobe(&p2);

    failures += call_with(twice, 21) != 42 || call_with(thrice, 7) != 21;
    failures += pre_value != 21 || post_value != 1;
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    p1.addr = (kprobe_opcode_t *)thrice; /* used again, elsewhere */
    failures += register_kprobe(&p1) || call_with(thrice, 21) != 63;
    unregister_kprobe(&p1);
    return failures;
}

static int test_jprobe(void)
{
    int failures;

    if (register_jprobe(&jp))
        return 0; /* a kernel without jprobes */
    failures = call_with(twice, 21) != 42 || jprobe_value != 21;
    unregister_jprobe(&jp);
    return failures;
}

static int test_kretprobe(void)
{
    int failures = register_kretprobe(&rp) || call_with(twice, 21) != 42 || return_value != 42 || rp.nmissed;

    unregister_kretprobe(&rp);
    return failures;
}

void workload_cpu(u32 cpu)
{
    if (test_kprobes())
        note(NOTE_WARN, "kprobe test failed", 0);
    if (test_jprobe())
        note(NOTE_WARN, "jprobe test failed", 0);
    if (test_kretprobe())
        note(NOTE_WARN, "kretprobe test failed", 0);
}

int workload_exit(void)
{
    return preemptible_handlers != 0;
}
