/*
 * A return probe with data from entry to return, as the kernel's sample does it: the time of a call
 * here in bytes moved. More calls at once than instances: the rest is missed and counted.
 */
#include "probe_kit.h"

#define DEPTH 6

/* EAX = how deep: calls itself until 0. */
PROBED_CODE(nested, "    testl %eax, %eax\n"
                    "    jz 1f\n"
                    "    decl %eax\n"
                    "    call nested\n"
                    "    incl %eax\n"
                    "1:  ret");

static u32 returns, entries, results_wrong;

static int on_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    entries++;
    ri->data = regs->eax;
    return 0;
}

/* What goes in comes out. A kernel without entry handlers leaves the data at 0. */
static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    returns++;
    if (entries && ri->data != regs->eax)
        results_wrong++;
    return 0;
}

static struct kretprobe rp = {
    .kp = {.addr = (kprobe_opcode_t *)nested},
    .handler = on_return,
    .entry_handler = on_entry,
    .maxactive = 4,
};
OBSERVE_KPROBE(rp.kp, "rp");
OBSERVE_GLOBAL(rp.nmissed, "kretprobe.nmissed:rp");
OBSERVE_CALL(on_entry, "entry_handler:rp");
OBSERVE_CALL(on_return, "return_handler:rp");

int workload_init(void)
{
    return register_kretprobe(&rp);
}

void workload_cpu(u32 cpu)
{
    u32 result = DEPTH;
    asm volatile("call nested" : "+a"(result) : : "ecx", "edx", "memory", "cc");
    if (result != DEPTH)
        note(NOTE_WARN, "wrong result", result);
}

int workload_exit(void)
{
    unregister_kretprobe(&rp);
    return !(returns == 4 && rp.nmissed == DEPTH + 1 - 4 && results_wrong == 0);
}
