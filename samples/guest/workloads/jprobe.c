/* A jumper probe: its handler gets the function's arguments and may spoil the stack (golden trace T5). */
#include "probe_kit.h"

/* Arguments on the stack, as C calls without regparm; the probe is on the first instruction. */
PROBED_CODE(sum, "    movl 4(%esp), %eax\n"
                 "    addl 8(%esp), %eax\n"
                 "    ret");

static u32 call_sum(u32 a, u32 b)
{
    u32 result, scratch_edx, scratch_ecx;
    asm volatile("pushl %4\n pushl %3\n pushl $0x202\n popfl\n call sum\n addl $8, %%esp"
                 : "=a"(result), "=d"(scratch_edx), "=c"(scratch_ecx)
                 : "r"(a), "r"(b)
                 : "memory", "cc");
    return result;
}

static u32 seen_a, seen_b;
static u32 registered = 1;

static __attribute__((regparm(0))) void entry(u32 a, u32 b)
{
    seen_a = a;
    seen_b = b;
    ACCESS_ONCE(a) = 1000; /* must not reach the probed function */
    ACCESS_ONCE(b) = 1000;
    jprobe_return();
}

static struct jprobe jp = {.kp = {.addr = (kprobe_opcode_t *)sum}, .entry = entry};
OBSERVE_KPROBE(jp.kp, "jp");
OBSERVE_CALL(entry, "jprobe_handler:jp");

int workload_init(void)
{
    if (register_jprobe(&jp)) {
        note(NOTE_MARK, "this kernel has no jprobes", 0);
        registered = 0;
    }
    return 0;
}

void workload_cpu(u32 cpu)
{
    for (u32 i = 0; i < 3; i++)
        if (call_sum(40 + i, 2) != 42 + i || (registered && (seen_a != 40 + i || seen_b != 2)))
            note(NOTE_WARN, "jprobe: arguments or result wrong", i);
}

int workload_exit(void)
{
    unregister_jprobe(&jp);
    return call_sum(1, 2) != 3;
}
