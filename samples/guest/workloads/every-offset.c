/*
 * A probe on every offset of a function, one after the other: accepted at instruction boundaries
 * only, by kernels that look; older ones accept every one, so only boundaries are run.
 */
#include "probe_kit.h"

PROBED_CODE(function, "    pushl %ebx\n"
                      "    movl $0x12345678, %eax\n"
                      "    xorl %ebx, %ebx\n"
                      "    leal 8(%eax,%ebx,4), %ecx\n"
                      "    testl %ecx, %ecx\n"
                      "    jns 1f\n"
                      "    ud2\n"
                      "1:  pushfl\n"
                      "    popfl\n"
                      "    call 2f\n"
                      "    imull $3, %eax, %edx\n"
                      "    popl %ebx\n"
                      "    ret\n"
                      "2:  ret\n"
                      "    .globl function_after\n"
                      "function_after:");
PROBED_LABEL(function_after);

COUNTING_PRE(p);
static struct kprobe p;
OBSERVE_KPROBE(p, "p");

static u32 accepted, refused;

static void try_offset(u32 offset, int boundary)
{
    memset(&p, 0, sizeof p);
    p.symbol_name = "function";
    p.offset = offset;
    p.pre_handler = p_pre;
    if (register_kprobe(&p)) {
        refused++;
        if (boundary)
            note(NOTE_MARK, "refused at a boundary", offset);
        return;
    }
    accepted++;
    if (boundary)
        function();
    unregister_kprobe(&p);
}

void workload_cpu(u32 cpu)
{
    u32 size = (u32)function_after - (u32)function, next = 0;

    for (u32 offset = 0; offset < size; offset++) {
        int boundary = offset == next;
        if (boundary)
            next += insn_length((u8 *)function + offset);
        try_offset(offset, boundary);
    }
    note(NOTE_MARK, "offsets accepted", accepted);
    note(NOTE_MARK, "offsets refused", refused);
}

int workload_exit(void)
{
    function();
    return p_pre_hits == 0;
}
