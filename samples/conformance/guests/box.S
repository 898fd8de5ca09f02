# The box of README.md as a Multiboot kernel: the tables and pages every case finds, and a driver that runs the cases
# of the table at `cases`, one after the other. Build: see Makefile. The layouts are shared with TrapImage.java.
#
# Fixed addresses (identity mapped; the box's own pages are for the supervisor only):
#   100000 code   110000 GDT  110100 LDT  110200 TSS  111000 IDT  112000 page directory  113000 page table of the
#   first 4 MiB   114000 page table of the local APIC   118000 top of the ring 0 stack   120000 copy of 110000-115000
#   140000 cases  180000 copy of the cases' pages  18c000 end

        .set GDT, 0x110000
        .set LDT, 0x110100
        .set TSS, 0x110200
        .set IDT, 0x111000
        .set DIRECTORY, 0x112000
        .set TABLE, 0x113000
        .set APIC_TABLE, 0x114000
        .set TABLES_END, 0x115000
        .set STACK0, 0x118000
        .set COPY, 0x120000
        .set PAGES_COPY, 0x180000
        .set CR0_RUN, 0x80050023        # PG AM WP NE MP PE

        .section .text, "ax"
        .align 4
        .long 0x1BADB002, 0, -(0x1BADB002)
        .globl _start
_start: jmp boot
        .align 4
        .long finished, trapped, resume # 100010: for those who drive the box from outside
boot:   cli
        cld
        mov $0xff, %al                  # no device interrupts: mask both PICs
        out %al, $0x21
        out %al, $0xa1
        mov $STACK0, %esp
        mov $GDT, %edi
        mov $(TABLES_END - GDT) / 4, %ecx
        xor %eax, %eax
        rep stosl
        mov $gdt, %esi
        mov $GDT, %edi
        mov $(gdt_end - gdt) / 4, %ecx
        rep movsl
        mov $ldt, %esi
        mov $LDT, %edi
        mov $(ldt_end - ldt) / 4, %ecx
        rep movsl
        movl $STACK0, TSS + 4
        movl $0x18, TSS + 8
        movw $104, TSS + 102
        xor %ecx, %ecx                  # every vector: interrupt gate to its stub; #BP, #OF, 30, 31: DPL 3
1:      mov stubs(, %ecx, 4), %eax
        mov %ax, IDT(, %ecx, 8)
        movw $0x10, IDT + 2(, %ecx, 8)
        movw $0x8e00, IDT + 4(, %ecx, 8)
        shr $16, %eax
        mov %ax, IDT + 6(, %ecx, 8)
        inc %ecx
        cmp $256, %ecx
        jb 1b
        movb $0xee, IDT + 3 * 8 + 5
        movb $0xee, IDT + 4 * 8 + 5
        movb $0xee, IDT + 0x30 * 8 + 5
        movb $0xee, IDT + 0x31 * 8 + 5
        movl $TABLE + 7, DIRECTORY
        movl $APIC_TABLE + 3, DIRECTORY + 0xfee00000 / 0x400000 * 4
        movl $0xfee00000 + 0x1b, APIC_TABLE + 0x200 * 4
        mov $0x100003, %eax             # the box's own pages: present, writable, supervisor
2:      mov %eax, %edx
        shr $12, %edx
        mov %eax, TABLE(, %edx, 4)
        add $0x1000, %eax
        cmp $0x18c003, %eax
        jb 2b
        mov $user_pages, %esi           # the cases' pages
3:      lodsl
        test %eax, %eax
        jz 4f
        mov %eax, %edx
        shr $12, %edx
        mov %eax, TABLE(, %edx, 4)
        jmp 3b
4:      mov $GDT, %esi
        mov $COPY, %edi
        mov $(TABLES_END - GDT) / 4, %ecx
        rep movsl
        lgdt gdtr
        lidt idtr
        ljmp $0x10, $5f
5:      mov $0x18, %eax
        mov %eax, %ds
        mov %eax, %es
        mov %eax, %ss
        mov $DIRECTORY, %eax
        mov %eax, %cr3
        mov $CR0_RUN, %eax
        mov %eax, %cr0
        mov $user_pages, %esi           # background, see README.md: byte = address * 5 + (address >> 8) * 3
        mov $PAGES_COPY, %edx
16:     lodsl
        and $0xfffff000, %eax
        jz 18f
        mov %eax, %edi
        lea 0x1000(%eax), %ebx
17:     mov %edi, %eax
        lea (%eax, %eax, 4), %ecx
        shr $8, %eax
        lea (%eax, %eax, 2), %eax
        add %ecx, %eax
        mov %al, (%edx)
        inc %edx
        inc %edi
        cmp %ebx, %edi
        jb 17b
        jmp 16b
18:     movl $cases + 8, next_case
        jmp next

# Every case starts from the same tables, pages and debug registers.
next:   mov $0x18, %eax                 # the case may have left another stack segment, NT, TF, …
        mov %eax, %ss
        mov $STACK0, %esp
        mov %eax, %ds
        mov %eax, %es
        push $2
        popf
        mov $CR0_RUN & ~0x10000, %eax   # WP off: the read-only page is filled too
        mov %eax, %cr0
        mov $COPY, %esi
        mov $GDT, %edi
        mov $(TABLES_END - GDT) / 4, %ecx
        rep movsl
        lgdt gdtr
        lidt idtr
        mov $DIRECTORY, %eax
        mov %eax, %cr3
        xor %eax, %eax
        mov %eax, %dr7
        mov %eax, %dr0
        mov %eax, %dr1
        mov %eax, %dr2
        mov %eax, %dr3
        mov $0xffff0ff0, %eax
        mov %eax, %dr6
        mov $0x50, %eax
        lldt %ax
        mov $0x40, %eax
        ltr %ax
        movl $0, traps
        mov $user_pages, %ebx           # background
        mov $PAGES_COPY, %esi
6:      mov (%ebx), %edi
        add $4, %ebx
        and $0xfffff000, %edi
        jz 8f
        mov $1024, %ecx
        rep movsl
        jmp 6b
8:      mov next_case, %ebp
        mov number, %eax
        cmp cases, %eax
        jae finished
        incl number
        int $0x31                       # marks the start of case EAX in a log
        mov %ebp, this_case
        mov CASE_ACTIONS(%ebp), %eax    # patches follow the actions
        lea (%eax, %eax, 2), %eax
        lea CASE_SIZE(%ebp, %eax, 8), %esi
        mov CASE_PATCHES(%ebp), %edx
9:      dec %edx
        js 10f
        lodsl
        mov %eax, %edi
        lodsl
        mov %eax, %ecx
        rep movsb
        jmp 9b
10:     mov %esi, next_case
        mov $DIRECTORY, %eax            # patches may have changed page tables
        mov %eax, %cr3
        mov $CR0_RUN, %eax
        mov %eax, %cr0
        mov CASE_DR + 0(%ebp), %eax
        mov %eax, %dr0
        mov CASE_DR + 4(%ebp), %eax
        mov %eax, %dr1
        mov CASE_DR + 8(%ebp), %eax
        mov %eax, %dr2
        mov CASE_DR + 12(%ebp), %eax
        mov %eax, %dr3
        mov CASE_SEG + 8(%ebp), %eax
        mov %eax, %fs
        mov CASE_SEG + 12(%ebp), %eax
        mov %eax, %gs
        testl $3, CASE_RING(%ebp)
        jz 11f
        push $0x2b
        pushl CASE_REG + 16(%ebp)
        pushl CASE_EFLAGS(%ebp)
        push $0x23
        pushl CASE_EIP(%ebp)
        jmp 12f
11:     mov CASE_REG + 16(%ebp), %esp
        pushl CASE_EFLAGS(%ebp)
        push $0x10
        pushl CASE_EIP(%ebp)
12:     lea CASE_REG(%ebp), %esi
        mov $8, %ecx                    # EAX first: the order PUSHA uses
13:     lodsl
        push %eax
        loop 13b
        mov CASE_SEG + 4(%ebp), %eax
        mov %eax, %es
        mov CASE_DR + 16(%ebp), %ecx
        mov CASE_SEG(%ebp), %eax
        mov %ecx, %dr7
        mov %eax, %ds
        popa
        iret

finished:
        mov $CR0_RUN, %eax
        mov %eax, %cr0
        xor %eax, %eax
        mov $0xf4, %edx
        out %eax, %dx
        hlt

# A trap that the case does not handle itself: the n-th one gets the case's n-th action, or ends the case.
trapped:
        pusha
        push %ds
        push %es
        push %fs
        push %gs
        mov $0x18, %eax
        mov %eax, %ds
        mov %eax, %es
        cld
        mov %esp, %ebp
        mov 48(%ebp), %eax              # vector
        cmp $0x30, %eax
        je next
        cmp $0x31, %eax
        je resume
        mov this_case, %ebx
        mov traps, %eax
        incl traps
        cmp CASE_ACTIONS(%ebx), %eax
        jae next
        lea (%eax, %eax, 2), %eax
        lea CASE_SIZE(%ebx, %eax, 8), %esi
        mov 0(%esi), %eax
        add %eax, 56(%ebp)              # EIP
        mov 4(%esi), %eax
        and %eax, 64(%ebp)              # EFLAGS
        mov 8(%esi), %eax
        or %eax, 64(%ebp)
        mov 12(%esi), %edi              # a dword to store, e.g. a page table entry
        test %edi, %edi
        jz 14f
        mov 16(%esi), %eax
        mov %eax, (%edi)
        mov %cr3, %eax
        mov %eax, %cr3
14:     testl $1, 20(%esi)
        jz resume
        mov $0xffff0ff0, %eax
        mov %eax, %dr6
resume: pop %gs
        pop %fs
        pop %es
        pop %ds
        popa
        add $8, %esp
        iret

        .set CASE_RING, 0
        .set CASE_REG, 4
        .set CASE_EIP, 36
        .set CASE_EFLAGS, 40
        .set CASE_SEG, 44               # DS ES FS GS
        .set CASE_DR, 60                # DR0-DR3, DR7
        .set CASE_ACTIONS, 80
        .set CASE_PATCHES, 84
        .set CASE_SIZE, 88              # then actions of 24 bytes: EIP +, EFLAGS &, EFLAGS |, address, dword, 1 = clear DR6

        .set vector, 0
        .rept 256
        .align 16
        .if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17
        .else
        push $0
        .endif
        push $vector
        jmp trapped
        .set vector, vector + 1
        .endr
        .align 16
stubs_end:

        .section .rodata, "a"
        .align 4
        .set stub, stubs_end - 256 * 16
stubs:  .rept 256
        .long stub
        .set stub, stub + 16
        .endr
user_pages:                             # page table entries: 7 = present, writable, user; 5 = read-only
        .long 0x008007, 0x009007, 0x00f007, 0x010007, 0x201007, 0x202007, 0x211007, 0x212007, 0x213005, 0x221007, 0x222007, 0
gdt:    .quad 0, 0, 0x00cf9b000000ffff, 0x00cf93000000ffff      # 10 18: ring 0
        .quad 0x00cffb000000ffff, 0x00cff3000000ffff, 0, 0      # 23 2b: ring 3
        .quad 0x0000891102000067, 0, 0x0000821101000057, 0      # 40: TSS, 50: LDT
        .quad 0, 0, 0, 0
gdt_end:
ldt:    .quad 0x00cff3001000ffff, 0x0040f32110000fff, 0x00cffb000000ffff, 0x0040f1211000ffff
        .quad 0x00cf73000000ffff, 0x0040f72100000fff, 0x00cff9000000ffff, 0x00cf7b000000ffff
        .quad 0, 0x0000fb200000ffff, 0x0000f3220000ffff         # 4f, 57: of 16 bits
ldt_end:
gdtr:   .word 127
        .long GDT
idtr:   .word 256 * 8 - 1
        .long IDT

        .section .data, "aw"
        .align 4
        .globl next_case, this_case, number, traps
next_case: .long 0
this_case: .long 0
number:    .long 0
traps:     .long 0

        .section .cases, "aw"
        .globl cases
cases:  .long 0                         # how many
        .long 0
        .space 0x40000 - 8
