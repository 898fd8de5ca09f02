/*
 * Trap entry: builds struct pt_regs in the field order of 2.6.24 and calls the C handler with
 * (regs, error code) in EAX, EDX. Stubs that lead to the kprobe hook are in kprobes_text.
 */
#define ORIG_EAX 0x28
#define CS 0x30
#define EFLAGS 0x34
#define VM_MASK 0x20000
#define USER_DS 0x7b
#define PERCPU 0xd8
/* ebx ... eflags */
#define FRAME_WORDS 14

    .macro SAVE_ALL
    cld
    pushl %fs
    pushl %es
    pushl %ds
    pushl %eax
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %edx
    pushl %ecx
    pushl %ebx
    movl $USER_DS, %edx
    movl %edx, %ds
    movl %edx, %es
    movl $PERCPU, %edx
    movl %edx, %fs
    .endm

    .macro RESTORE_ALL
    popl %ebx
    popl %ecx
    popl %edx
    popl %esi
    popl %edi
    popl %ebp
    popl %eax
    popl %ds
    popl %es
    popl %fs
    addl $4, %esp
    iret
    .endm

    /* The CPU pushed no error code: orig_eax is -1 and the handler gets 0. */
    .macro TRAP name, handler
    .globl \name
    .type \name, @function
\name:
    pushl $-1
    SAVE_ALL
    xorl %edx, %edx
    movl %esp, %eax
    call \handler
    jmp ret_from_exception
    .size \name, . - \name
    .endm

    /* The CPU pushed an error code: it moves to EDX, and -1 takes its place. */
    .macro TRAP_WITH_ERROR name, handler
    .globl \name
    .type \name, @function
\name:
    SAVE_ALL
    movl ORIG_EAX(%esp), %edx
    movl $-1, ORIG_EAX(%esp)
    movl %esp, %eax
    call \handler
    jmp ret_from_exception
    .size \name, . - \name
    .endm

    .section kprobes_text, "ax", @progbits
    TRAP debug, do_debug
    .globl int3
    .type int3, @function
int3:
    pushl $-1
    SAVE_ALL
    xorl %edx, %edx
    movl %esp, %eax
    call do_int3
    movswl CS + 2(%esp), %ecx /* see trap_push: a mark in the frame's own CS word */
    testl %ecx, %ecx
    jz ret_from_exception
    movw $0, CS + 2(%esp)
    js pushed_word
    /* The handler popped a word: the frame moves up, its last word first. */
    leal CS + 4(%esp), %esi
    leal CS + 8(%esp), %edi
    movl $FRAME_WORDS, %ecx
    std
    rep movsl
    cld
    addl $4, %esp
    jmp ret_from_exception
pushed_word: /* the frame moves down and makes room for the word */
    subl $4, %esp
    leal 4(%esp), %esi
    movl %esp, %edi
    movl $FRAME_WORDS, %ecx
    rep movsl
    movl ORIG_EAX(%esp), %eax
    movl %eax, (%edi)
    jmp ret_from_exception
    .size int3, . - int3

    TRAP_WITH_ERROR page_fault, do_page_fault
    TRAP_WITH_ERROR general_protection, do_general_protection

    .globl nmi
    .type nmi, @function
nmi:
    pushl %eax
    SAVE_ALL
    xorl %edx, %edx
    movl %esp, %eax
    call do_nmi
    RESTORE_ALL
    .size nmi, . - nmi

    /* The way out is not protected from probes, as in 2.6.24. */
    .section .text, "ax", @progbits
    .globl ret_from_exception
    .type ret_from_exception, @function
ret_from_exception:
    movl EFLAGS(%esp), %eax
    movb CS(%esp), %al
    testl $(VM_MASK | 3), %eax
    jz restore_all
    cli
    movl %esp, %eax
    call do_notify_resume
restore_all:
    RESTORE_ALL
    .size ret_from_exception, . - ret_from_exception

    /* All other vectors: one small stub each pushes its number where the error code would be. */
    .macro OTHER vector
other_\vector:
    pushl $\vector
    jmp other_trap
    .endm

    .type other_trap, @function
other_trap: /* orig_eax = vector */
    SAVE_ALL
    movl ORIG_EAX(%esp), %edx
    movl $-1, ORIG_EAX(%esp)
    movl %esp, %eax
    call do_other
    jmp ret_from_exception
    .size other_trap, . - other_trap

    .macro OTHER_WITH_ERROR vector
other_\vector:
    movl $\vector, (%esp) /* the error code is of no use to a kernel that dies of it */
    jmp other_trap
    .endm

    .altmacro
    .macro OTHERS from, to
    .set number, \from
    .rept \to - \from + 1
    OTHER %number
    .set number, number + 1
    .endr
    .endm

    .macro OTHER_ENTRIES from, to
    .set number, \from
    .rept \to - \from + 1
    OTHER_ENTRY %number
    .set number, number + 1
    .endr
    .endm
    .macro OTHER_ENTRY vector
    .long other_\vector
    .endm

    /* int $0x80 of the user task. */
    TRAP system_call, do_system_call

/* u32 run_user(u32 eip, u32 esp, u32 eflags): to user mode; returns what exit was called with. */
    .globl run_user
    .type run_user, @function
run_user:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %fs:0, %ebx
    pushl %eax
    pushl %edx
    pushl %ecx
    leal 12(%esp), %edx
    movl %ebx, %eax
    call set_kernel_stack
    popl %ecx
    popl %edx
    popl %eax
    pushl $USER_DS
    pushl %edx
    pushl %ecx
    pushl $0x73
    pushl %eax
    .globl run_user_iret
run_user_iret:
    iret
    .size run_user, . - run_user

/* void leave_user(u32 result, u32 esp): drops the trap frame, returns from run_user. */
    .globl leave_user
    .type leave_user, @function
leave_user:
    movl %edx, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret
    .size leave_user, . - leave_user

/* A probed function returns here instead of to its caller. Builds pt_regs as far as one can: ds and
   es change places, cs, eip, orig_eax are filled in by the handler. */
    .section kprobes_text, "ax", @progbits
    .globl kretprobe_trampoline
    .type kretprobe_trampoline, @function
kretprobe_trampoline:
    pushfl
    subl $12, %esp
    pushl %fs
    pushl %ds
    pushl %es
    pushl %eax
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %edx
    pushl %ecx
    pushl %ebx
    movl %esp, %eax
    call trampoline_handler
    movl EFLAGS(%esp), %edx /* flags one slot down, the return address where they were */
    movl %edx, CS(%esp)
    movl %eax, EFLAGS(%esp)
    popl %ebx
    popl %ecx
    popl %edx
    popl %esi
    popl %edi
    popl %ebp
    popl %eax
    addl $20, %esp
    popfl
    ret
    .size kretprobe_trampoline, . - kretprobe_trampoline

    .section .text, "ax", @progbits
    OTHERS 0, 0
    OTHERS 4, 7
    OTHER_WITH_ERROR 8
    OTHER 9
    OTHER_WITH_ERROR 10
    OTHER_WITH_ERROR 11
    OTHER_WITH_ERROR 12
    OTHERS 15, 63

    .section .rodata, "a", @progbits
    .globl trap_table
trap_table: /* vectors 0-63 */
    OTHER_ENTRIES 0, 0
    .long debug, nmi, int3
    OTHER_ENTRIES 4, 12
    .long general_protection, page_fault
    OTHER_ENTRIES 15, 63

    .section .note.GNU-stack, "", @progbits
