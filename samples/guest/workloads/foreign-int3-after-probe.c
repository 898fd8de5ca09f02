/* A probe without post handler, stepped; then a breakpoint of somebody else's (bug 58). */
#include "debugger.h"
#include "probe_kit.h"

TARGET(probed, "notl %eax"); /* of the group that is never boosted; changes no flag */
TARGET(foreign, "int3\n movl $2, %eax");

COUNTING_PRE_PROBE(p1, probed_insn);

int workload_init(void)
{
    debugger_attach();
    debugger_own(foreign_insn);
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    probed();
    foreign();
    probed();
    foreign();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    debugger_detach();
    return !(p1_pre_hits == 2 && debugger_hits == 2);
}
