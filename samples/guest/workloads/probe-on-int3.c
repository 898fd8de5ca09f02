/*
 * A probe on an instruction that is itself an int3 of a debugger's (golden trace T8). The debugger
 * lets the program go on behind it, so that the damage can be seen: an ordinary probe hit afterwards.
 */
#include "debugger.h"
#include "probe_kit.h"

TARGET(probed, "int3\n movl $1, %eax");
TARGET(later, "movl $2, %eax");

COUNTING_PROBE(p1, probed_insn);
COUNTING_PRE_PROBE(p2, later_insn);

/* A scenario that wants the int3 alone sets this to 0. */
u32 later_rounds = 2;

int workload_init(void)
{
    debugger_attach();
    debugger_own(probed_insn);
    if (register_kprobe(&p1))
        note(NOTE_MARK, "the kernel refuses a probe on an int3", 0);
    return register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    probed();
    note(NOTE_MARK, "after the probed int3", 0);
    for (u32 i = 0; i < later_rounds; i++)
        later();
}

int workload_exit(void)
{
    unregister_kprobe(&p2);
    unregister_kprobe(&p1);
    debugger_detach();
    return debugger_hits != 1;
}
