/* The generic layer: the table of probes, registration, arming (kernel/kprobes.c, 2.6.24). */
#include "kprobes.h"
#include "flow.h"

#define KPROBE_HASH_BITS 6
#define KPROBE_TABLE_SIZE (1 << KPROBE_HASH_BITS)

static struct kprobe *kprobe_table[KPROBE_TABLE_SIZE];

extern const u8 __start_kprobes_text[] __weak;
extern const u8 __stop_kprobes_text[] __weak;

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
    return NULL;
}

void __kprobes kprobes_inc_nmissed_count(struct kprobe *p)
{
    p->nmissed++;
}

static int in_kprobes_text(const void *addr)
{
    return (const u8 *)addr >= __start_kprobes_text && (const u8 *)addr < __stop_kprobes_text;
}

static void hash_add(struct kprobe *p)
{
    struct kprobe **head = &kprobe_table[hash_ptr(p->addr)];
    p->hash_next = *head;
    barrier();
    *head = p;
}

/* The removed probe keeps its link: a reader that stands on it still finds the way on. */
static void hash_del(struct kprobe *p)
{
    struct kprobe **link = &kprobe_table[hash_ptr(p->addr)];
    while (*link != p)
        link = &(*link)->hash_next;
    *link = p->hash_next;
}

static void arch_arm_kprobe(struct kprobe *p)
{
    const u8 breakpoint = BREAKPOINT_INSTRUCTION;
    text_poke(p->addr, &breakpoint, 1);
}

static void arch_disarm_kprobe(struct kprobe *p)
{
    text_poke(p->addr, &p->opcode, 1);
}

/* Hash first, then arm: whoever sees the breakpoint finds the probe. */
int register_kprobe(struct kprobe *p)
{
    int error;

    p->addr += p->offset;
    p->offset = 0;
    if (!p->addr || in_kprobes_text(p->addr))
        return -EINVAL;
    p->nmissed = 0;
    error = arch_prepare_kprobe(p);
    if (error)
        return error;
    hash_add(p);
    arch_arm_kprobe(p);
    return 0;
}

/* Disarm first, then unhash: the other order would leave a breakpoint that nobody owns. */
void unregister_kprobe(struct kprobe *p)
{
    if (get_kprobe(p->addr) != p)
        return;
    arch_disarm_kprobe(p);
    hash_del(p);
    arch_remove_kprobe(p);
}

/* Traps from user mode are none of kprobes' business (V34). */
static int __kprobes kprobe_exceptions_notify(struct notifier_block *self, unsigned long val, void *data)
{
    struct die_args *args = data;
    int result = NOTIFY_DONE;

    if (user_mode_vm(args->regs))
        return NOTIFY_DONE;
    switch (val) {
    case DIE_INT3:
        if (kprobe_handler(args->regs))
            result = NOTIFY_STOP;
        break;
    case DIE_DEBUG:
        if (post_kprobe_handler(args->regs))
            result = NOTIFY_STOP;
        break;
    case DIE_GPF:
        preempt_disable(); /* kprobe_running() needs a CPU that stays */
        if (kprobe_running() && kprobe_fault_handler(args->regs, args->trapnr))
            result = NOTIFY_STOP;
        preempt_enable();
        break;
    }
    return result;
}

static struct notifier_block kprobe_exceptions_nb = {
    .notifier_call = kprobe_exceptions_notify,
    .priority = 0x7fffffff,
};

void init_kprobes(void)
{
    register_die_notifier(&kprobe_exceptions_nb);
}

OBSERVE_PERCPU_AS(OBSERVE_STATUS, kprobe_ctlblk.kprobe_status, "kprobe_status");
OBSERVE_PERCPU_AS(OBSERVE_CURRENT, current_kprobe, "current_kprobe");
OBSERVE_PERCPU(kprobe_ctlblk.kprobe_old_eflags, "kprobe_old_eflags");
OBSERVE_PERCPU(kprobe_ctlblk.kprobe_saved_eflags, "kprobe_saved_eflags");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.kp, "prev_kprobe.kp");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.status, "prev_kprobe.status");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.old_eflags, "prev_kprobe.old_eflags");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.saved_eflags, "prev_kprobe.saved_eflags");
OBSERVE_PERCPU(preempt_count, "preempt_count");
OBSERVE_PERCPU(thread_flags, "thread_info.flags");
OBSERVE_CALL(kprobe_handler, "kprobe_handler");
OBSERVE_CALL(post_kprobe_handler, "post_kprobe_handler");
OBSERVE_CALL(kprobe_fault_handler, "kprobe_fault_handler");
OBSERVE_CALL(get_kprobe, "get_kprobe");
OBSERVE_CALL(prepare_singlestep, "prepare_singlestep");
OBSERVE_CALL(resume_execution, "resume_execution");
