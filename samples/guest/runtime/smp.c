/* Starting CPUs with INIT and SIPI, waiting for them, grace periods. */
#include "smp.h"
#include "cpu.h"

#define TRAMPOLINE 0x8000
#define ICR_NMI 0x400
#define ICR_INIT 0x500
#define ICR_STARTUP 0x600
#define ICR_ASSERT 0x4000

__weak u32 workload_cpus = 1;

extern const u8 trampoline[], trampoline_end[];

static void send_ipi(u32 cpu, u32 command)
{
    lapic_write(LAPIC_ICR_HIGH, cpu << 24);
    lapic_write(LAPIC_ICR_LOW, command | ICR_ASSERT);
}

void send_nmi(u32 cpu)
{
    send_ipi(cpu, ICR_NMI);
}

void send_irq(u32 cpu, u32 vector)
{
    send_ipi(cpu, vector);
}

static noinline void wait_for_cpu_online(u32 cpu)
{
    while (!ACCESS_ONCE(per_cpu[cpu].online))
        cpu_relax();
}

void start_other_cpus(void)
{
    memcpy((void *)TRAMPOLINE, trampoline, trampoline_end - trampoline);
    for (u32 cpu = 1; cpu < workload_cpus; cpu++) {
        send_ipi(cpu, ICR_INIT);
        send_ipi(cpu, ICR_STARTUP | (TRAMPOLINE >> 12));
        wait_for_cpu_online(cpu);
    }
}

noinline void wait_for_cpus_done(void)
{
    sleep_begin();
    for (u32 cpu = 1; cpu < workload_cpus; cpu++)
        while (!ACCESS_ONCE(per_cpu[cpu].done))
            cpu_relax();
    sleep_end();
}

/* Until every other CPU has scheduled once: no handler that was running then is running now. */
noinline void synchronize_sched(void)
{
    sleep_begin();
    for (u32 cpu = 0; cpu < workload_cpus; cpu++) {
        struct percpu *other = &per_cpu[cpu];
        u32 before = ACCESS_ONCE(other->quiescent);
        if (other == this_cpu() || !ACCESS_ONCE(other->online))
            continue;
        while (ACCESS_ONCE(other->quiescent) == before && !ACCESS_ONCE(other->sleeping))
            cpu_relax();
    }
    sleep_end();
}
