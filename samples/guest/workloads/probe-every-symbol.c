/* A probe on every symbol the kernel knows; those on the road to the hook are refused. */
#include "probe_kit.h"

#define PROBES 16

TARGET(first, "movl $1, %eax");
TARGET(second, "movl $2, %eax");
TARGET(third, "movl $3, %eax");

static struct kprobe probes[PROBES];
static u32 used, hits;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    hits++;
    return 0;
}
OBSERVE_CALL(pre, "pre_handler:symbol");

#define NAMED(n) OBSERVE_KPROBE(probes[0x##n], "p" #n);
NAMED(0) NAMED(1) NAMED(2) NAMED(3) NAMED(4) NAMED(5) NAMED(6) NAMED(7)
NAMED(8) NAMED(9) NAMED(a) NAMED(b) NAMED(c) NAMED(d) NAMED(e) NAMED(f)

/* The runtime's own functions are known by their records, too. */
int workload_init(void)
{
    u32 refused = 0;

    for (const struct observation *o = __start_trapline; o < __stop_trapline && used < PROBES; o++) {
        struct kprobe *p = &probes[used];
        if (o->kind != OBSERVE_TEXT && o->kind != OBSERVE_FUNCTION)
            continue;
        if (o->address >= (const void *)per_cpu || o->size > 1000)
            continue;
        *p = (struct kprobe){.addr = (kprobe_opcode_t *)o->address, .pre_handler = pre};
        if (register_kprobe(p))
            refused++;
        else
            used++;
    }
    note(NOTE_MARK, "symbols refused", refused);
    return used == 0;
}

void workload_cpu(u32 cpu)
{
    first();
    second();
    third();
}

int workload_exit(void)
{
    for (u32 i = 0; i < used; i++)
        unregister_kprobe(&probes[i]);
    return hits < 3;
}
