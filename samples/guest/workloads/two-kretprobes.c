/* Two return probes on one function: one hijacked return serves both, each handler runs once. */
#include "probe_kit.h"

PROBED_CODE(twice, "    addl %eax, %eax\n"
                   "    ret");

static u32 first_returns, second_returns;

static int first_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    first_returns += regs->eax == 42;
    return 0;
}

static int second_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    second_returns += regs->eax == 42;
    return 0;
}

static struct kretprobe first = {.kp = {.addr = (kprobe_opcode_t *)twice}, .handler = first_return};
static struct kretprobe second = {.kp = {.addr = (kprobe_opcode_t *)twice}, .handler = second_return};
OBSERVE_KPROBE(first.kp, "first");
OBSERVE_KPROBE(second.kp, "second");
OBSERVE_CALL(first_return, "return_handler:first");
OBSERVE_CALL(second_return, "return_handler:second");

int workload_init(void)
{
    return register_kretprobe(&first) || register_kretprobe(&second);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < 3; i++) {
        u32 result = 21;
        asm volatile("call twice" : "+a"(result) : : "ecx", "edx", "memory", "cc");
        if (result != 42)
            note(NOTE_WARN, "wrong result", result);
    }
}

int workload_exit(void)
{
    unregister_kretprobe(&first);
    unregister_kretprobe(&second);
    return !(first_returns == 3 && second_returns == 3);
}
