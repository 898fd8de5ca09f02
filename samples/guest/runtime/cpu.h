/* Between boot.S, entry.S and cpu.c. */
#ifndef CPU_H
#define CPU_H

#include "guest.h"

#define LAPIC_BASE 0xfee00000
#define LAPIC_ID 0x20
#define LAPIC_EOI 0xb0
#define LAPIC_SVR 0xf0
#define LAPIC_ICR_LOW 0x300
#define LAPIC_ICR_HIGH 0x310

extern u8 boot_stack[];
extern const u32 trap_table[64];
extern const u8 system_call[];
extern u32 kernel_page_table[1024];
extern u32 page_directory[1024];

void load_descriptors(const void *gdt_pointer, const void *idt_pointer);
void start_cpu(u32 number) __attribute__((noreturn));

static inline void lapic_write(u32 reg, u32 value)
{
    *(volatile u32 *)(LAPIC_BASE + reg) = value;
}

static inline u32 lapic_read(u32 reg)
{
    return *(volatile u32 *)(LAPIC_BASE + reg);
}

/* Software-enables the local APIC; vector 63 is the spurious one. */
static inline void lapic_enable(void)
{
    lapic_write(LAPIC_SVR, 0x100 | 63);
}

/* A PC's timer ticks on an old interrupt controller whose vectors would look like exceptions. */
static inline void mask_legacy_interrupts(void)
{
    outb(0x21, 0xff);
    outb(0xa1, 0xff);
}

#endif
