/* Aggregates (kernel/kprobes.c, 2.6.24): they have handlers that call their children's. */
#include "aggregate.h"
#include "flow.h"

#define AGGREGATES 8

static struct kprobe aggregates[AGGREGATES];

static int __kprobes aggr_pre_handler(struct kprobe *p, struct pt_regs *regs)
{
    for (struct kprobe *child = p->children; child; child = child->next) {
        if (!child->pre_handler)
            continue;
        __get_cpu_var(kprobe_instance) = child;
        if (child->pre_handler(child, regs))
            return 1; /* the instance stays: its break_handler will be asked */
        __get_cpu_var(kprobe_instance) = NULL;
    }
    return 0;
}

static void __kprobes aggr_post_handler(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
    for (struct kprobe *child = p->children; child; child = child->next) {
        if (!child->post_handler)
            continue;
        __get_cpu_var(kprobe_instance) = child;
        child->post_handler(child, regs, flags);
        __get_cpu_var(kprobe_instance) = NULL;
    }
}

/* Only the child whose handler faulted is asked. */
static int __kprobes aggr_fault_handler(struct kprobe *p, struct pt_regs *regs, int trapnr)
{
    struct kprobe *child = __get_cpu_var(kprobe_instance);

    return child && child->fault_handler && child->fault_handler(child, regs, trapnr);
}

static int __kprobes aggr_break_handler(struct kprobe *p, struct pt_regs *regs)
{
    struct kprobe *child = __get_cpu_var(kprobe_instance);
    int result = child && child->break_handler && child->break_handler(child, regs);

    __get_cpu_var(kprobe_instance) = NULL;
    return result;
}

int is_aggregate(struct kprobe *p)
{
    return p->pre_handler == aggr_pre_handler;
}

int is_child(struct kprobe *aggregate, struct kprobe *p)
{
    if (!is_aggregate(aggregate))
        return 0;
    for (struct kprobe *child = aggregate->children; child; child = child->next)
        if (child == p)
            return 1;
    return 0;
}

static void copy_kprobe(struct kprobe *from, struct kprobe *to)
{
    to->opcode = from->opcode;
    to->ainsn = from->ainsn;
}

/* At most one jprobe, and it is the last: its handler does not come back to the others. */
static int add_child(struct kprobe *aggregate, struct kprobe *p)
{
    struct kprobe **link = &aggregate->children;

    if (p->break_handler) {
        if (aggregate->break_handler)
            return -EEXIST;
        while (*link)
            link = &(*link)->next;
        aggregate->break_handler = aggr_break_handler;
    }
    if (p->post_handler)
        aggregate->post_handler = aggr_post_handler;
    p->next = *link;
    barrier();
    *link = p;
    return 0;
}

static struct kprobe *new_aggregate(struct kprobe *p)
{
    for (u32 i = 0; i < AGGREGATES; i++) {
        struct kprobe *aggregate = &aggregates[i];
        if (aggregate->addr)
            continue;
        memset(aggregate, 0, sizeof *aggregate);
        copy_kprobe(p, aggregate);
        aggregate->addr = p->addr;
        aggregate->pre_handler = aggr_pre_handler;
        aggregate->fault_handler = aggr_fault_handler;
        return aggregate;
    }
    return NULL;
}

/* Readers must find one of the two at any time; adding in front before removing gives them that. */
static void replace_in_hash(struct kprobe *old, struct kprobe *new)
{
    if (kernel_traits.aggregate_unhashes_first) {
        hash_del(old);
        hash_add(new);
    } else {
        hash_add(new);
        hash_del(old);
    }
}

int register_aggr_kprobe(struct kprobe *old, struct kprobe *p)
{
    struct kprobe *aggregate;

    if (is_aggregate(old)) {
        copy_kprobe(old, p);
        return add_child(old, p);
    }
    if (old->break_handler && p->break_handler)
        return -EEXIST;
    aggregate = new_aggregate(old);
    if (!aggregate)
        return -ENOMEM;
    add_child(aggregate, old);
    copy_kprobe(aggregate, p);
    add_child(aggregate, p);
    replace_in_hash(old, aggregate);
    return 0;
}

/* The child keeps its link: a handler loop that stands on it goes on. */
void remove_child(struct kprobe *aggregate, struct kprobe *child)
{
    struct kprobe **link = &aggregate->children;
    while (*link != child)
        link = &(*link)->next;
    *link = child->next;
}

void drop_handlers_of(struct kprobe *aggregate, struct kprobe *child)
{
    if (child->break_handler)
        aggregate->break_handler = NULL;
    for (struct kprobe *other = aggregate->children; other; other = other->next)
        if (other->post_handler)
            return;
    aggregate->post_handler = NULL;
}

void free_aggregate(struct kprobe *aggregate)
{
    aggregate->addr = NULL;
    aggregate->children = NULL;
}

OBSERVE(&aggregates[0], sizeof aggregates[0], OBSERVE_PROBE, "aggregate0", 0, 1);
OBSERVE(&aggregates[1], sizeof aggregates[1], OBSERVE_PROBE, "aggregate1", 0, 1);
OBSERVE(&aggregates[2], sizeof aggregates[2], OBSERVE_PROBE, "aggregate2", 0, 1);
OBSERVE(&aggregates[3], sizeof aggregates[3], OBSERVE_PROBE, "aggregate3", 0, 1);
OBSERVE_CALL(aggr_pre_handler, "pre_handler:aggregate");
OBSERVE_CALL(aggr_post_handler, "post_handler:aggregate");
OBSERVE_CALL(aggr_fault_handler, "fault_handler:aggregate");
OBSERVE_CALL(aggr_break_handler, "break_handler:aggregate");
