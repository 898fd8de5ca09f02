/* Return probes, the kind whose trampoline carries no probe (kernel/kprobes.c, 2.6.24). */
#include "flow.h"
#include "smp.h"

#define INSTANCES 64
#define DEFAULT_MAXACTIVE 4

static struct kretprobe_instance instances[INSTANCES];
static struct kretprobe_instance *task_instances[NR_CPUS]; /* a CPU runs one task here */
static u32 kretprobe_lock;

extern u8 kretprobe_trampoline[];

static struct kretprobe_instance *allocate_instance(void)
{
    for (u32 i = 0; i < INSTANCES; i++)
        if (!instances[i].allocated) {
            instances[i].allocated = 1;
            return &instances[i];
        }
    return NULL;
}

static void unlink_used(struct kretprobe_instance *ri)
{
    struct kretprobe_instance **link = &ri->rp->used_instances;
    while (*link != ri)
        link = &(*link)->next;
    *link = ri->next;
}

/* The instance goes back to its probe, or to nobody if that is gone. */
static void recycle_instance(struct kretprobe_instance *ri)
{
    task_instances[ri->task] = ri->task_next;
    ri->task_next = NULL;
    if (!ri->rp) {
        ri->allocated = 0;
        return;
    }
    unlink_used(ri);
    ri->next = ri->rp->free_instances;
    ri->rp->free_instances = ri;
}

static void hijack_return_address(struct kretprobe *rp, struct kretprobe_instance *ri, struct pt_regs *regs)
{
    u32 *tos = &regs->esp;

    rp->free_instances = ri->next;
    ri->next = rp->used_instances;
    rp->used_instances = ri;
    ri->task = smp_processor_id();
    ri->task_next = task_instances[ri->task];
    task_instances[ri->task] = ri;
    ri->ret_addr = *tos;
    *tos = (u32)kretprobe_trampoline;
}

static int __kprobes pre_handler_kretprobe(struct kprobe *p, struct pt_regs *regs)
{
    struct kretprobe *rp = container_of(p, struct kretprobe, kp);
    u32 flags = spin_lock_irqsave(&kretprobe_lock);
    struct kretprobe_instance *ri = rp->free_instances;

    if (!ri)
        rp->nmissed++;
    else if (!(kernel_traits.kretprobe_entry_handler && rp->entry_handler && rp->entry_handler(ri, regs)))
        hijack_return_address(rp, ri, regs);
    spin_unlock_irqrestore(&kretprobe_lock, flags);
    return 0;
}

/* The handler runs as if its probe were hit; what was current before is not kept. */
static void __kprobes call_handler(struct kretprobe_instance *ri, struct pt_regs *regs)
{
    __get_cpu_var(current_kprobe) = &ri->rp->kp;
    get_kprobe_ctlblk()->kprobe_status = KPROBE_HIT_ACTIVE;
    ri->rp->handler(ri, regs);
    __get_cpu_var(current_kprobe) = NULL;
}

/* Returns the true return address. Several instances may share one hijacked return. */
u32 __kprobes trampoline_handler(struct pt_regs *regs)
{
    u32 flags = spin_lock_irqsave(&kretprobe_lock);
    u32 trampoline = (u32)kretprobe_trampoline;
    u32 ret_addr = trampoline;

    regs->xcs = __KERNEL_CS;
    regs->eip = trampoline;
    regs->orig_eax = 0xffffffff;
    while (ret_addr == trampoline) {
        struct kretprobe_instance *ri = task_instances[smp_processor_id()];
        BUG_ON(!ri);
        if (ri->rp && ri->rp->handler)
            call_handler(ri, regs);
        ret_addr = ri->ret_addr;
        recycle_instance(ri);
    }
    spin_unlock_irqrestore(&kretprobe_lock, flags);
    return ret_addr;
}

int register_kretprobe(struct kretprobe *rp)
{
    rp->kp.pre_handler = pre_handler_kretprobe;
    rp->kp.post_handler = NULL;
    rp->kp.fault_handler = NULL;
    rp->kp.break_handler = NULL;
    if (rp->maxactive <= 0)
        rp->maxactive = DEFAULT_MAXACTIVE;
    rp->nmissed = 0;
    rp->free_instances = rp->used_instances = NULL;
    for (int i = 0; i < rp->maxactive; i++) {
        struct kretprobe_instance *ri = allocate_instance();
        if (!ri)
            return -ENOMEM;
        ri->rp = rp;
        ri->next = rp->free_instances;
        rp->free_instances = ri;
    }
    return register_kprobe(&rp->kp);
}

/* Instances in use outlive their probe: the hijacked return still has to find its way. */
void unregister_kretprobe(struct kretprobe *rp)
{
    u32 flags;

    unregister_kprobe(&rp->kp);
    flags = spin_lock_irqsave(&kretprobe_lock);
    for (struct kretprobe_instance *ri = rp->used_instances; ri; ri = ri->next)
        ri->rp = NULL;
    for (struct kretprobe_instance *ri = rp->free_instances; ri; ri = ri->next)
        ri->rp = NULL, ri->allocated = 0;
    spin_unlock_irqrestore(&kretprobe_lock, flags);
}

/* The task of this CPU ends: nobody will return through its instances. */
void kprobe_flush_task(void)
{
    u32 flags = spin_lock_irqsave(&kretprobe_lock);
    while (task_instances[smp_processor_id()])
        recycle_instance(task_instances[smp_processor_id()]);
    spin_unlock_irqrestore(&kretprobe_lock, flags);
}

OBSERVE_CALL(pre_handler_kretprobe, "pre_handler:kretprobe");
