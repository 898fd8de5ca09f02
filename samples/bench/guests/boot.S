# boot.S -- a boot sector for machines that know no Multiboot (Bochs): reads the raw guest from the next sectors of the
# floppy, switches to flat 32-bit protected mode, moves the guest to 1 MiB and jumps behind its Multiboot header.
    .set SECTORS, 8
    .code16
    .globl _start
_start:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    movb $2, %ah                # BIOS: read sectors into ES:BX; DL is the drive we came from
    movb $SECTORS, %al
    movw $2, %cx                # cylinder 0, sector 2
    movb $0, %dh
    movw $0x7e00, %bx
    int $0x13
    inb $0x92, %al              # A20
    orb $2, %al
    outb %al, $0x92
    lgdtl gdtr
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmp $8, $flat
    .code32
flat:
    movw $16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    cld
    movl $0x7e00, %esi
    movl $0x100000, %edi
    movl $(SECTORS * 128), %ecx
    rep movsl
    movl $0x10000c, %eax
    jmp *%eax
    .align 8
gdt: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr: .word 23
    .long gdt
    .org 510
    .word 0xaa55
