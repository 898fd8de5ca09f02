/*
 * Everything a CPU has of its own. The observation table describes the fields with the stride of
 * this structure, so that element i of every per-CPU variable is CPU i's.
 */
#ifndef PERCPU_H
#define PERCPU_H

#define MAX_STACK_SIZE 64

struct kprobe;

/* One level only: what a second re-entry overwrites is lost (KPROBES: "not a stack"). */
struct prev_kprobe {
    struct kprobe *kp;
    u32 status;
    u32 old_eflags;
    u32 saved_eflags;
};

struct kprobe_ctlblk {
    u32 kprobe_status;
    u32 kprobe_old_eflags;
    u32 kprobe_saved_eflags;
    u32 *jprobe_saved_esp;
    struct pt_regs jprobe_saved_regs;
    u8 jprobes_stack[MAX_STACK_SIZE];
    struct prev_kprobe prev_kprobe;
};

struct percpu {
    struct percpu *self; /* %fs:0 */
    u32 cpu;
    u32 preempt_count;
    u32 thread_flags;
    u32 debugctl; /* stands for the debug-control MSR; bit 1 = step on branches */
    u32 dr6_copy;
    u32 signal; /* number of the signal pending for the task, 0 = none */
    struct kprobe *current_kprobe;
    struct kprobe *kprobe_instance;
    struct kprobe_ctlblk kprobe_ctlblk;
    u32 online;
    u32 quiescent; /* counts the moments at which this CPU held no reference to a probe */
    u32 sleeping;  /* in idle, user mode or a sleeping wait: quiescent all the time */
    u32 done;
    u32 nmi_count;
    u32 irq_count;
    u64 gdt[32];
    u32 tss[26];
    u32 user_return_esp; /* stack on which run_user waits for the end of the task */
};

extern struct percpu per_cpu[NR_CPUS];

static inline struct percpu *this_cpu(void)
{
    struct percpu *self;
    asm("movl %%fs:0, %0" : "=r"(self));
    return self;
}

#define __get_cpu_var(name) (this_cpu()->name)
#define smp_processor_id() (this_cpu()->cpu)

#endif
