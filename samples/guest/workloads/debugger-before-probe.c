/*
 * A debugger's breakpoint is in place when the probe is registered: the probe takes the int3 for the
 * instruction, and disarming writes it back after the debugger has gone (defect 10 of the baseline).
 */
#include "debugger.h"
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");

COUNTING_PROBE(p1, probed_insn);

int workload_init(void)
{
    debugger_attach();
    debugger_plant(probed_insn);
    if (register_kprobe(&p1))
        note(NOTE_MARK, "the kernel refuses a probe on an int3", 0);
    debugger_remove(probed_insn);
    return 0;
}

void workload_cpu(u32 cpu)
{
    unregister_kprobe(&p1);
    probed(); /* a stray int3, if the probe wrote it back */
}
