/* The generic layer: the table of probes, registration, arming (kernel/kprobes.c, 2.6.24). */
#include "kprobes.h"
#include "aggregate.h"
#include "flow.h"
#include "smp.h"

#define KPROBE_HASH_BITS 6
#define KPROBE_TABLE_SIZE (1 << KPROBE_HASH_BITS)

static struct kprobe *kprobe_table[KPROBE_TABLE_SIZE];
static struct mutex kprobe_mutex;
static u32 kprobes_enabled = 1;

/* The kernel's multiplicative hash for pointers: a prime near the golden ratio of 2^32. */
static u32 hash_ptr(const void *addr)
{
    return ((u32)addr * 0x9e370001u) >> (32 - KPROBE_HASH_BITS);
}

/* Looked up without a lock and without asking whether the probe is armed. */
struct kprobe *__kprobes get_kprobe(void *addr)
{
    for (struct kprobe *p = ACCESS_ONCE(kprobe_table[hash_ptr(addr)]); p; p = ACCESS_ONCE(p->hash_next))
        if (p->addr == addr)
            return p;
    asm volatile(".globl get_kprobe_not_found\nget_kprobe_not_found:"); /* a place for schedules to switch at */
    return NULL;
}

/* The counts of an aggregate are its children's; its own stays 0. */
void __kprobes kprobes_inc_nmissed_count(struct kprobe *p)
{
    if (!is_aggregate(p)) {
        p->nmissed++;
        return;
    }
    for (struct kprobe *child = p->children; child; child = child->next)
        child->nmissed++;
}

noinline void hash_add(struct kprobe *p)
{
    struct kprobe **head = &kprobe_table[hash_ptr(p->addr)];
    p->hash_next = *head;
    barrier();
    *head = p;
}

/* The removed probe keeps its link: a reader that stands on it still finds the way on. */
noinline void hash_del(struct kprobe *p)
{
    struct kprobe **link = &kprobe_table[hash_ptr(p->addr)];
    while (*link != p)
        link = &(*link)->hash_next;
    ACCESS_ONCE(*link) = p->hash_next;
}

noinline void arch_arm_kprobe(struct kprobe *p)
{
    const u8 breakpoint = BREAKPOINT_INSTRUCTION;
    text_poke(p->addr, &breakpoint, 1);
}

noinline void arch_disarm_kprobe(struct kprobe *p)
{
    text_poke(p->addr, &p->opcode, 1);
}

/* The table of observations serves as the table of symbols: probed text has a name there. */
static kprobe_opcode_t *lookup_symbol(const char *name)
{
    for (const struct observation *o = __start_trapline; o < __stop_trapline; o++) {
        const char *a = o->name, *b = name;
        while (*a && *a == *b)
            a++, b++;
        if (o->kind == OBSERVE_TEXT && *a == *b)
            return (kprobe_opcode_t *)o->address;
    }
    return NULL;
}

/* Exactly one of symbol and address names the place. */
static int resolve_address(struct kprobe *p)
{
    if (p->symbol_name) {
        if (p->addr)
            return -EINVAL;
        p->addr = lookup_symbol(p->symbol_name);
    }
    if (!p->addr)
        return -EINVAL;
    p->addr += p->offset;
    p->symbol_name = NULL;
    p->offset = 0;
    return arch_check_address(p);
}

/* Hash first, then arm: whoever sees the breakpoint finds the probe. */
static int register_first(struct kprobe *p)
{
    int error = arch_prepare_kprobe(p);

    if (error)
        return error;
    hash_add(p);
    if (kprobes_enabled)
        arch_arm_kprobe(p);
    return 0;
}

int register_kprobe(struct kprobe *p)
{
    struct kprobe *old;
    int error = resolve_address(p);

    if (error)
        return error;
    p->nmissed = 0;
    p->children = p->next = NULL;
    mutex_lock(&kprobe_mutex);
    old = get_kprobe(p->addr);
    error = old ? register_aggr_kprobe(old, p) : register_first(p);
    mutex_unlock(&kprobe_mutex);
    return error;
}

/* Disarm first, then unhash: the other order would leave a breakpoint that nobody owns. */
static void take_away(struct kprobe *p)
{
    if (kprobes_enabled)
        arch_disarm_kprobe(p);
    hash_del(p);
}

/* After the grace period nobody uses the probe, its aggregate or (unless boosted) its slot. */
void unregister_kprobe(struct kprobe *p)
{
    struct kprobe *hashed;
    int last;

    mutex_lock(&kprobe_mutex);
    hashed = get_kprobe(p->addr);
    if (!hashed || (hashed != p && !is_child(hashed, p))) {
        mutex_unlock(&kprobe_mutex);
        return;
    }
    last = hashed == p || (hashed->children == p && !p->next);
    if (last)
        take_away(hashed);
    else
        remove_child(hashed, p);
    mutex_unlock(&kprobe_mutex);

    synchronize_sched();

    mutex_lock(&kprobe_mutex);
    if (last && hashed != p)
        free_aggregate(hashed);
    if (last)
        arch_remove_kprobe(p); /* with the child's own copy of "boostable" */
    else
        drop_handlers_of(hashed, p);
    mutex_unlock(&kprobe_mutex);
}

static void for_each_hashed(void (*action)(struct kprobe *))
{
    for (u32 i = 0; i < KPROBE_TABLE_SIZE; i++)
        for (struct kprobe *p = kprobe_table[i]; p; p = p->hash_next)
            action(p);
}

/* The probes stay in the hash, and so a trap already taken still finds them. */
void disable_all_kprobes(void)
{
    mutex_lock(&kprobe_mutex);
    if (kprobes_enabled) {
        kprobes_enabled = 0;
        for_each_hashed(arch_disarm_kprobe);
        mutex_unlock(&kprobe_mutex);
        synchronize_sched();
        return;
    }
    mutex_unlock(&kprobe_mutex);
}

void enable_all_kprobes(void)
{
    mutex_lock(&kprobe_mutex);
    if (!kprobes_enabled) {
        for_each_hashed(arch_arm_kprobe);
        kprobes_enabled = 1;
    }
    mutex_unlock(&kprobe_mutex);
}

/* #GP in a slot or handler. Later kernels only ask if this CPU is stable, and do not make it so. */
static int __kprobes notify_gpf(struct die_args *args)
{
    int result = 0;

    if (kernel_traits.gpf_only_if_not_preemptible) {
        if (!this_cpu()->preempt_count && (args->regs->eflags & IF_MASK))
            return 0;
        return kprobe_running() && kprobe_fault_handler(args->regs, args->trapnr);
    }
    preempt_disable();
    if (kprobe_running() && kprobe_fault_handler(args->regs, args->trapnr))
        result = 1;
    preempt_enable();
    return result;
}

/* Traps from user mode are none of kprobes' business (V34). */
static int __kprobes kprobe_exceptions_notify(struct notifier_block *self, unsigned long val, void *data)
{
    struct die_args *args = data;
    int taken = 0;

    if (user_mode_vm(args->regs))
        return NOTIFY_DONE;
    switch (val) {
    case DIE_INT3:
        taken = kprobe_handler(args->regs);
        break;
    case DIE_DEBUG:
        taken = post_kprobe_handler(args->regs);
        break;
    case DIE_GPF:
        taken = notify_gpf(args);
        break;
    }
    return taken ? NOTIFY_STOP : NOTIFY_DONE;
}

static struct notifier_block kprobe_exceptions_nb = {
    .notifier_call = kprobe_exceptions_notify,
    .priority = 0x7fffffff,
};

void init_kprobes(void)
{
    register_die_notifier(&kprobe_exceptions_nb);
}
