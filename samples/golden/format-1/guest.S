# Steps over popf, pushf, iret, string and stack-switching instructions with TF set, then leaves by port 0xf4.
    .section .text
    .align 4
    .long 0x1BADB002, 0, -(0x1BADB002)
    .globl _start
_start:
    cli
    mov $stk, %esp
    lgdt gdtr
    ljmp $0x08, $1f
1:  mov $0x10, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $idt + 8, %edi
    mov $db_handler, %eax
    call setgate
    mov $idt + 24, %edi
    mov $bp_handler, %eax
    call setgate
    lidt idtr
    .globl snip
snip:
    pushf
    orl $0x100, (%esp)
    popf
    xor %eax, %eax
    add $1, %eax
    sub $2, %eax
    mov $0x80000000, %ecx
    shl $1, %ecx
    pushf
    pop %edx
    int3
    nop
    mov %ss, %ax
    .byte 0x8e, 0xd0
    nop
    nop
    pushf
    andl $~0x100, (%esp)
    popf
    nop
snip_end:
    mov $0xf4, %dx
    xor %eax, %eax
    outl %eax, %dx
    mov $0x8900, %dx
    mov $sd, %esi
3:  lodsb
    test %al, %al
    jz 4f
    outb %al, %dx
    jmp 3b
4:  hlt
    jmp 4b
bp_handler: iret
db_handler: iret
setgate:
    mov %ax, (%edi)
    movw $0x08, 2(%edi)
    movw $0x8e00, 4(%edi)
    shr $16, %eax
    mov %ax, 6(%edi)
    ret
sd: .asciz "Shutdown"
    .align 8
gdt: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr: .word 23
    .long gdt
idtr: .word 8*32-1
    .long idt
    .align 8
idt: .space 8*32
    .bss
    .space 4096
stk:
