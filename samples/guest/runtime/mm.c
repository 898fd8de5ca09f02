/* Page faults, as arch/x86/mm/fault_32.c of 2.6.24 orders its questions. */
#include "mm.h"
#include "cpu.h"
#include "flow.h"
#include "smp.h"
#include "workload.h"

#define FRAMES 16
#define PTE_KERNEL 3
#define PTE_USER 7

static u32 user_page_table[1024] __attribute__((aligned(PAGE_SIZE)));
static u32 vmalloc_page_table[1024] __attribute__((aligned(PAGE_SIZE)));
static u8 frames[FRAMES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
/* What belongs at the first pages of the two areas: entries to be copied by a fault, or 0. */
static u32 user_master[FRAMES];
static u32 vmalloc_master[FRAMES];
static u32 frames_used;

void mm_init(void)
{
    page_directory[USER_BASE >> 22] = (u32)user_page_table | PTE_USER;
    page_directory[VMALLOC_BASE >> 22] = (u32)vmalloc_page_table | PTE_KERNEL;
}

static u32 new_frame(void)
{
    BUG_ON(frames_used == FRAMES);
    return (u32)frames[frames_used++];
}

void *mm_user_page(u32 page)
{
    if (!user_master[page])
        user_master[page] = new_frame() | PTE_USER;
    return (void *)(USER_BASE + page * PAGE_SIZE);
}

void *mm_user_memory(u32 page)
{
    mm_user_page(page);
    return (void *)(user_master[page] & ~(PAGE_SIZE - 1));
}

void *mm_vmalloc_page(u32 page)
{
    if (!vmalloc_master[page])
        vmalloc_master[page] = new_frame() | PTE_KERNEL;
    return (void *)(VMALLOC_BASE + page * PAGE_SIZE);
}

void mm_evict(void *address)
{
    u32 *table = (u32)address >= VMALLOC_BASE ? vmalloc_page_table : user_page_table;
    table[((u32)address >> 12) & 1023] = 0;
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static int map_from_master(u32 *table, const u32 *master, u32 offset)
{
    u32 page = offset / PAGE_SIZE;
    if (page >= FRAMES || !master[page])
        return 0;
    table[page] = master[page];
    return 1;
}

static int is_user_address(u32 address)
{
    return address >= USER_BASE && address < USER_END;
}

/* The lazy copy of a kernel page-table entry from the master table. */
static int __kprobes vmalloc_fault(u32 address)
{
    if (address < VMALLOC_BASE || address >= VMALLOC_END)
        return 0;
    return map_from_master(vmalloc_page_table, vmalloc_master, address - VMALLOC_BASE);
}

/* Only while a probe is current: the fault may belong to its step or to its handlers. */
static int __kprobes notify_page_fault(struct pt_regs *regs)
{
    int result = 0;

    if (user_mode_vm(regs))
        return 0;
    preempt_disable();
    if (kprobe_running() && kprobe_fault_handler(regs, 14))
        result = 1;
    preempt_enable();
    return result;
}

/* Whoever may not sleep gets no page. Bringing it in takes time: other CPUs see this one asleep. */
static int handle_mm_fault(struct pt_regs *regs, u32 address)
{
    int mapped;

    if (this_cpu()->preempt_count)
        return 0;
    sleep_begin();
    workload_page_fault(regs, address);
    mapped = map_from_master(user_page_table, user_master, address - USER_BASE);
    sleep_end();
    return mapped;
}

static void __kprobes bad_area(struct pt_regs *regs, u32 address)
{
    if (user_mode_vm(regs)) {
        force_signal(SIGSEGV);
        return;
    }
    if (fixup_exception(regs))
        return;
    die(address < PAGE_SIZE ? "NULL pointer dereference" : "page fault", regs);
}

void __kprobes do_page_fault(struct pt_regs *regs, u32 error_code)
{
    u32 address;
    asm volatile("movl %%cr2, %0" : "=r"(address));

    if (kernel_traits.fault_hook_before_vmalloc && notify_page_fault(regs))
        return;
    if (vmalloc_fault(address))
        return;
    if (!kernel_traits.fault_hook_before_vmalloc && notify_page_fault(regs))
        return;
    if (is_user_address(address)) {
        if (regs->eflags & IF_MASK)
            local_irq_enable();
        if (handle_mm_fault(regs, address))
            return;
    }
    bad_area(regs, address);
}

void set_kernel_stack(struct percpu *cpu, u32 esp)
{
    cpu->user_return_esp = esp;
    cpu->tss[1] = esp;
}

/* int $0x80: EAX = 1 leaves user mode with EBX; anything else is the workload's. */
void do_system_call(struct pt_regs *regs)
{
    if (regs->eax == 1) {
        schedule_point();
        leave_user(regs->ebx, this_cpu()->user_return_esp);
    }
    workload_system_call(regs);
}

__weak void workload_page_fault(struct pt_regs *regs, u32 address)
{
}

__weak void workload_system_call(struct pt_regs *regs)
{
}
