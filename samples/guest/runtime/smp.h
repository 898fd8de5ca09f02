/* Other CPUs, moments of quiescence, locks. */
#ifndef SMP_H
#define SMP_H

#include "guest.h"

void start_other_cpus(void);
void wait_for_cpus_done(void);
/* CPUs a workload wants; 1 if it does not say. */
extern u32 workload_cpus;

/* This CPU holds no reference to anything under RCU right now. */
static inline void schedule_point(void)
{
    barrier();
    this_cpu()->quiescent++;
}

/* From begin to end this CPU may be thought of as having scheduled. */
static inline void sleep_begin(void)
{
    barrier();
    this_cpu()->sleeping = 1;
}

static inline void sleep_end(void)
{
    this_cpu()->sleeping = 0;
    barrier();
}

/* A mutex: who waits sleeps. */
struct mutex {
    u32 locked;
};

static inline u32 xchg(u32 *at, u32 value)
{
    asm volatile("xchgl %0, %1" : "+r"(value), "+m"(*at) : : "memory");
    return value;
}

static inline void mutex_lock(struct mutex *mutex)
{
    sleep_begin();
    while (xchg(&mutex->locked, 1))
        cpu_relax();
    sleep_end();
}

static inline void mutex_unlock(struct mutex *mutex)
{
    barrier();
    ACCESS_ONCE(mutex->locked) = 0;
}

/* A spin lock with interrupts off. */
static inline u32 spin_lock_irqsave(u32 *lock)
{
    u32 flags = local_irq_save();
    preempt_disable();
    while (xchg(lock, 1))
        cpu_relax();
    return flags;
}

static inline void spin_unlock_irqrestore(u32 *lock, u32 flags)
{
    barrier();
    ACCESS_ONCE(*lock) = 0;
    preempt_enable();
    local_irq_restore(flags);
}

void send_nmi(u32 cpu);
void send_irq(u32 cpu, u32 vector);

#endif
