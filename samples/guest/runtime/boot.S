/*
 * Multiboot entry. The loader leaves us in flat protected mode, paging off, IF = 0, .bss zeroed.
 */
#define MULTIBOOT_MAGIC 0x1badb002

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

    .section .bss, "aw", @nobits
    .p2align 12
    .globl boot_stack, boot_stack_end
boot_stack: /* 8 KiB for each of 8 CPUs, aligned so that a stack's end is found by rounding up */
    .skip 8192
boot_stack_end:
    .skip 8192 * 7

    .section .note.GNU-stack, "", @progbits
