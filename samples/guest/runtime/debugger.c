/* See debugger.h. Its text changes go past kprobes, as those of any other debugger. */
#include "debugger.h"
#include "kprobes.h"

#define BREAKPOINTS 4

static struct breakpoint {
    u8 *addr;
    u8 original; /* the byte under a planted breakpoint */
    u8 planted;
} breakpoints[BREAKPOINTS];

static struct breakpoint *stepping[NR_CPUS];

u32 debugger_hits;

static struct breakpoint *find(const void *addr)
{
    for (u32 i = 0; i < BREAKPOINTS; i++)
        if (breakpoints[i].addr == addr)
            return &breakpoints[i];
    return NULL;
}

static int hit(struct pt_regs *regs)
{
    struct breakpoint *breakpoint = find((void *)(regs->eip - 1));

    if (!breakpoint)
        return NOTIFY_DONE;
    debugger_hits++;
    if (breakpoint->planted) {
        text_poke(breakpoint->addr, &breakpoint->original, 1);
        stepping[smp_processor_id()] = breakpoint;
        regs->eip--;
        regs->eflags |= TF_MASK;
    }
    return NOTIFY_STOP;
}

static int stepped(struct pt_regs *regs)
{
    const u8 int3 = BREAKPOINT_INSTRUCTION;
    struct breakpoint *breakpoint = stepping[smp_processor_id()];

    if (!breakpoint)
        return NOTIFY_DONE;
    stepping[smp_processor_id()] = NULL;
    if (breakpoint->planted)
        text_poke(breakpoint->addr, &int3, 1);
    regs->eflags &= ~TF_MASK;
    return NOTIFY_STOP;
}

static int debugger_notify(struct notifier_block *self, unsigned long val, void *data)
{
    struct die_args *args = data;

    if (user_mode_vm(args->regs))
        return NOTIFY_DONE;
    if (val == DIE_INT3)
        return hit(args->regs);
    if (val == DIE_DEBUG)
        return stepped(args->regs);
    return NOTIFY_DONE;
}

static struct notifier_block debugger_nb = {.notifier_call = debugger_notify};

void debugger_attach(void)
{
    register_die_notifier(&debugger_nb);
}

void debugger_detach(void)
{
    unregister_die_notifier(&debugger_nb);
}

void debugger_own(void *addr)
{
    find(NULL)->addr = addr;
}

void debugger_plant(void *addr)
{
    const u8 int3 = BREAKPOINT_INSTRUCTION;
    struct breakpoint *breakpoint = find(NULL);

    breakpoint->addr = addr;
    breakpoint->original = *(u8 *)addr;
    breakpoint->planted = 1;
    text_poke(addr, &int3, 1);
}

void debugger_remove(void *addr)
{
    struct breakpoint *breakpoint = find(addr);

    if (!breakpoint)
        return;
    if (breakpoint->planted)
        text_poke(addr, &breakpoint->original, 1);
    breakpoint->planted = 0;
    breakpoint->addr = NULL;
}
