/*
 * What a workload may define; each has a default that does nothing. A workload is what a kernel
 * module would be: it registers probes, runs the code they sit on, and takes them away.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "kprobes.h"
#include "smp.h"

/* Runs first, on CPU 0. Non-zero ends the run with exit code 1. */
int workload_init(void);
/* Runs on every CPU, on all of them at once. */
void workload_cpu(u32 cpu);
/* Runs last, on CPU 0, when all CPUs are done. Non-zero: the run's exit code is 1. */
int workload_exit(void);
/* What the workload does in an NMI, in a device interrupt, and on a signal to its user task. */
void workload_nmi(struct pt_regs *regs);
void workload_irq(struct pt_regs *regs, u32 vector);
void workload_signal(struct pt_regs *regs, u32 signal);
/* What else happens while a page is brought in (interrupts on, asleep); a system call but exit. */
void workload_page_fault(struct pt_regs *regs, u32 address);
void workload_system_call(struct pt_regs *regs);
/* How many CPUs the workload wants. */
extern u32 workload_cpus;

#endif
