/*
 * Lazily mapped kernel memory, touched by a pre handler and then by a probed instruction. Copying the
 * page-table entry is nobody's fault; a kernel that asks kprobes first makes it one (bug 41).
 */
#include "mm.h"
#include "probe_kit.h"

PROBED_CODE(read_lazy, "    movl lazy, %ecx\n"
                       "    pushl $0x202\n"
                       "    popfl\n"
                       "    .globl read_lazy_insn\n"
                       "read_lazy_insn:\n"
                       "    movl (%ecx), %eax\n"
                       "    ret");
PROBED_LABEL(read_lazy_insn);
TARGET(probed, "movl $1, %eax");

u32 *lazy;
static u32 handler_faults;

static int p1_pre(struct kprobe *p, struct pt_regs *regs)
{
    ACCESS_ONCE(*lazy)++;
    return 0;
}

/* Not asked for what the kernel repairs by itself. */
static int p1_fault(struct kprobe *p, struct pt_regs *regs, int trapnr)
{
    handler_faults++;
    return 0;
}

static struct kprobe p1 = {.addr = probed_insn, .pre_handler = p1_pre, .fault_handler = p1_fault};
OBSERVE_KPROBE(p1, "p1");
OBSERVE_CALL(p1_pre, "pre_handler:p1");
OBSERVE_CALL(p1_fault, "fault_handler:p1");

COUNTING_PROBE(p2, read_lazy_insn);

int workload_init(void)
{
    lazy = mm_vmalloc_page(0);
    return register_kprobe(&p1) || register_kprobe(&p2);
}

void workload_cpu(u32 cpu)
{
    probed();
    mm_evict(lazy);
    note(NOTE_MARK, "the same memory, touched by a probed instruction", 0);
    read_lazy();
}

int workload_exit(void)
{
    unregister_kprobe(&p1);
    unregister_kprobe(&p2);
    if (handler_faults || p2_pre_hits != 1)
        note(NOTE_MARK, "kprobes meddled with a lazy mapping", handler_faults);
    return 0;
}
