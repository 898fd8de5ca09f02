/*
 * Multiboot entry. The loader leaves us in flat protected mode, paging off, IF = 0, .bss zeroed.
 */
#define MULTIBOOT_MAGIC 0x1badb002

    .globl multiboot_header
    .section .multiboot, "a", @progbits
    .p2align 2
multiboot_header:
    .long MULTIBOOT_MAGIC, 0, -MULTIBOOT_MAGIC

    .section .text, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    cld
    movl $boot_stack_end, %esp
    /* Identity page table for the first 4 MiB: present, writable. Page 0 stays out: NULL faults. */
    movl $1, %ecx
    movl $0x1003, %eax
1:  movl %eax, kernel_page_table(, %ecx, 4)
    addl $0x1000, %eax
    incl %ecx
    cmpl $1024, %ecx
    jne 1b
    xorl %eax, %eax
    jmp cpu_start
    .size _start, . - _start

/* Every CPU comes here with paging off and its number in EAX, on a stack of its own. */
    .globl cpu_start
    .type cpu_start, @function
cpu_start:
    call start_cpu
1:  cli
    hlt
    jmp 1b
    .size cpu_start, . - cpu_start

/* void load_descriptors(void *gdt_pointer, void *idt_pointer): tables, then all segment registers. */
    .globl load_descriptors
    .type load_descriptors, @function
load_descriptors:
    lgdt (%eax)
    lidt (%edx)
    ljmp $0x60, $1f
1:  movl $0x68, %eax
    movl %eax, %ss
    movl $0x7b, %eax
    movl %eax, %ds
    movl %eax, %es
    movl $0xd8, %eax
    movl %eax, %fs
    xorl %eax, %eax
    movl %eax, %gs
    movl $0x80, %eax
    ltr %ax
    ret
    .size load_descriptors, . - load_descriptors

/* Where a SIPI starts a CPU: real mode, CS = 0x800. Copied to 0x8000; only the way to 32 bits. */
    .section .rodata, "a", @progbits
    .p2align 3
    .globl trampoline, trampoline_end
    .code16
trampoline:
    cli
    movw %cs, %ax
    movw %ax, %ds
    lgdtl trampoline_gdt_pointer - trampoline
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    ljmpl $0x08, $start_other_cpu
    .p2align 3
trampoline_gdt:
    .quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
trampoline_gdt_pointer:
    .word 23
    .long 0x8000 + trampoline_gdt - trampoline
trampoline_end:
    .code32

    .section .text, "ax", @progbits
    .type start_other_cpu, @function
start_other_cpu:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl 0xfee00020, %eax /* the local APIC's id is the CPU's number */
    shrl $24, %eax
    movl %eax, %esp
    incl %esp
    shll $13, %esp
    addl $boot_stack, %esp
    cld
    jmp cpu_start
    .size start_other_cpu, . - start_other_cpu

    .section .bss, "aw", @nobits
    .p2align 13
    .globl boot_stack, boot_stack_end
boot_stack: /* 8 KiB for each of 8 CPUs, aligned so that a stack's end is found by rounding up */
    .skip 8192
boot_stack_end:
    .skip 8192 * 7

    .section .note.GNU-stack, "", @progbits
