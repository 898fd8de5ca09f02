/* A return probe on an allocator that its own handler uses as well: the inner call is not seen. */
#include "probe_kit.h"

/* A bump allocator: EAX = size in, address out. */
u32 heap_next;
static u8 heap[256];
PROBED_CODE(allocate, "    movl heap_next, %ecx\n"
                      "    addl %ecx, %eax\n"
                      "    movl %eax, heap_next\n"
                      "    movl %ecx, %eax\n"
                      "    ret");

static u32 call_allocate(u32 size)
{
    u32 result = size;
    asm volatile("call allocate" : "+a"(result) : : "ecx", "edx", "memory", "cc");
    return result;
}

static u32 returns;

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    returns++;
    call_allocate(4); /* a probe of its own is current: missed */
    return 0;
}

static struct kretprobe rp = {.kp = {.addr = (kprobe_opcode_t *)allocate}, .handler = on_return};
OBSERVE_KPROBE(rp.kp, "rp");
OBSERVE_CALL(on_return, "return_handler:rp");

int workload_init(void)
{
    heap_next = (u32)heap;
    return register_kretprobe(&rp);
}

void workload_cpu(u32 cpu)
{
    for (int i = 0; i < 3; i++)
        call_allocate(16);
}

int workload_exit(void)
{
    u32 missed = rp.kp.nmissed;

    unregister_kretprobe(&rp);
    return !(returns == 3 && missed == 3 && heap_next - (u32)heap == 3 * (16 + 4));
}
