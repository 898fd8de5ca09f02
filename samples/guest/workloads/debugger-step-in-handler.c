/*
 * A debugger's breakpoint inside a pre handler: to go over it the debugger single-steps, and its #DB
 * arrives while a probe is current. The probe's own step it is not.
 */
#include "debugger.h"
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");
HELPER(debugged, "movl $2, %eax");

COUNTING_POST(p1);

static int p1_pre(struct kprobe *p, struct pt_regs *regs)
{
    debugged();
    return 0;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre, .post_handler = p1_post};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_pre, "pre_handler:p1");

int workload_init(void)
{
    debugger_attach();
    debugger_plant(debugged_insn);
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    debugged();
    note(NOTE_MARK, "the same breakpoint inside a pre handler", 0);
    probed();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    debugger_remove(debugged_insn);
    debugger_detach();
    return debugger_hits != 2;
}
