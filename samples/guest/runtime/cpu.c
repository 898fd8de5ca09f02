/* Descriptor tables, paging, and the way from reset to the workload. */
#include "cpu.h"
#include "kprobes.h"
#include "mm.h"
#include "smp.h"
#include "workload.h"

#define INTERRUPT_GATE 0x8e00
#define TRAP_GATE 0x8f00
#define GATE_DPL3 0x6000
#define SYSTEM_CALL_VECTOR 128

struct percpu per_cpu[NR_CPUS];
u32 kernel_page_table[1024] __attribute__((aligned(4096)));
u32 page_directory[1024] __attribute__((aligned(4096)));
static u32 lapic_page_table[1024] __attribute__((aligned(4096)));
static u64 idt[SYSTEM_CALL_VECTOR + 1];

struct descriptor_pointer {
    u16 limit;
    const void *base;
} __attribute__((packed));

static u64 descriptor(u32 base, u32 limit, u32 access, u32 flags)
{
    u32 low = (base << 16) | (limit & 0xffff);
    u32 high = (base & 0xff000000) | (flags << 20) | (limit & 0xf0000) | (access << 8) | ((base >> 16) & 0xff);
    return ((u64)high << 32) | low;
}

static void fill_gdt(struct percpu *cpu)
{
    memset(cpu->tss, 0, sizeof cpu->tss);
    cpu->tss[1] = (u32)boot_stack + (cpu->cpu + 1) * THREAD_SIZE; /* esp0 */
    cpu->tss[2] = __KERNEL_DS;
    cpu->tss[25] = sizeof cpu->tss << 16; /* no I/O bitmap */
    cpu->gdt[__KERNEL_CS / 8] = descriptor(0, 0xfffff, 0x9b, 0xc);
    cpu->gdt[__KERNEL_DS / 8] = descriptor(0, 0xfffff, 0x93, 0xc);
    cpu->gdt[__USER_CS / 8] = descriptor(0, 0xfffff, 0xfb, 0xc);
    cpu->gdt[__USER_DS / 8] = descriptor(0, 0xfffff, 0xf3, 0xc);
    cpu->gdt[__KERNEL_TSS / 8] = descriptor((u32)cpu->tss, sizeof cpu->tss - 1, 0x89, 0);
    cpu->gdt[__KERNEL_PERCPU / 8] = descriptor((u32)cpu, sizeof *cpu - 1, 0x93, 0x4);
}

static void set_gate(u32 vector, u32 handler, u32 access)
{
    idt[vector] = ((u64)((handler & 0xffff0000) | access) << 32) | (__KERNEL_CS << 16) | (handler & 0xffff);
}

/* #DB, NMI, #BP, #PF go through interrupt gates (IF = 0 in the handler), #GP and the rest of the
 * exceptions through trap gates; user mode may raise #BP only. */
static void fill_idt(void)
{
    for (u32 vector = 0; vector < ARRAY_SIZE(trap_table); vector++) {
        u32 access = TRAP_GATE;
        if (vector == 1 || vector == 2 || vector == 14 || vector >= 32)
            access = INTERRUPT_GATE;
        if (vector == 3)
            access = INTERRUPT_GATE | GATE_DPL3;
        set_gate(vector, trap_table[vector], access);
    }
    set_gate(SYSTEM_CALL_VECTOR, (u32)system_call, TRAP_GATE | GATE_DPL3);
}

static void enable_paging(void)
{
    u32 cr0;
    asm volatile("movl %0, %%cr3" : : "r"(page_directory) : "memory");
    asm volatile("movl %%cr0, %0" : "=r"(cr0));
    asm volatile("movl %0, %%cr0" : : "r"(cr0 | 0x80010000) : "memory"); /* PG, WP */
}

static void load_tables(struct percpu *cpu)
{
    struct descriptor_pointer gdt_pointer = {sizeof cpu->gdt - 1, cpu->gdt};
    struct descriptor_pointer idt_pointer = {sizeof idt - 1, idt};
    load_descriptors(&gdt_pointer, &idt_pointer);
}

static void start_boot_cpu(void)
{
    page_directory[0] = (u32)kernel_page_table | 3;
    page_directory[LAPIC_BASE >> 22] = (u32)lapic_page_table | 3;
    lapic_page_table[(LAPIC_BASE >> 12) & 1023] = LAPIC_BASE | 0x1b; /* uncached */
    mm_init();
    fill_idt();
}

static __attribute__((noreturn)) void run_workload(void)
{
    int failure = workload_init();
    if (failure)
        machine_exit(1);
    start_other_cpus();
    workload_cpu(0);
    wait_for_cpus_done();
    failure = workload_exit();
    machine_exit(failure ? 1 : 0);
}

/* Idle when done; NMIs still come. */
static __attribute__((noreturn)) void run_other_cpu(struct percpu *cpu)
{
    local_irq_enable();
    workload_cpu(cpu->cpu);
    local_irq_disable();
    sleep_begin();
    cpu->done = 1;
    for (;;)
        asm volatile("cli; hlt");
}

void start_cpu(u32 number)
{
    struct percpu *cpu = &per_cpu[number];

    cpu->self = cpu;
    cpu->cpu = number;
    fill_gdt(cpu);
    if (number == 0)
        start_boot_cpu();
    load_tables(cpu);
    enable_paging();
    lapic_enable();
    cpu->online = 1;
    if (number != 0)
        run_other_cpu(cpu);
    mask_legacy_interrupts();
    init_kprobes();
    local_irq_enable();
    run_workload();
}
