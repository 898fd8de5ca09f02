/* Out-of-line stepping: slots, boosting, fix-ups (arch/x86/kernel/kprobes_32.c, 2.6.24). */
#include "flow.h"

/* A plain copy, made visible to this CPU only, as 2.6.24 does it: no CPU is told. */
void __kprobes text_poke(void *addr, const void *opcode, size_t len)
{
    memcpy(addr, opcode, len);
    sync_core();
}

/*
 * One bit per opcode that may run in its slot without a trap, row = high nibble, bit = low nibble.
 * Left out: what is relative to EIP, what traps or may trap by design, and what ends in a branch.
 */
static const u16 boostable_one_byte[16] = {
    [0x0] = 0xffff, [0x1] = 0xffff, [0x2] = 0xbfff, [0x3] = 0xffff,
    [0x4] = 0xffff, [0x5] = 0xffff, [0x6] = 0xff7b, [0x7] = 0x0000,
    [0x8] = 0xffff, [0x9] = 0xfbff, [0xa] = 0xffff, [0xb] = 0xffff,
    [0xc] = 0x8ffc, [0xd] = 0x00b0, [0xe] = 0xf4f0, [0xf] = 0x3f2d,
};

/* The same for the second byte after 0F. */
static const u16 boostable_two_byte[16] = {
    [0x0] = 0x034c, [0x1] = 0x0000, [0x2] = 0x000f, [0x3] = 0x0002,
    [0x4] = 0xffff, [0x5] = 0x0000, [0x6] = 0xcfff, [0x7] = 0xc0f0,
    [0x8] = 0x0000, [0x9] = 0xffff, [0xa] = 0xbb3b, [0xb] = 0xf8ff,
    [0xc] = 0xff03, [0xd] = 0xbb2e, [0xe] = 0xbb26, [0xf] = 0x772e,
};

static int bit_of(const u16 *table, u8 opcode)
{
    return (table[opcode >> 4] >> (opcode & 15)) & 1;
}

static int is_boost_prefix(u8 opcode)
{
    return opcode == 0x26 || opcode == 0x36 || opcode == 0x3e || (opcode >= 0x64 && opcode <= 0x66) || opcode == 0xf0 ||
           opcode == 0xf2 || opcode == 0xf3;
}

int can_boost(const kprobe_opcode_t *opcodes)
{
    if (kernel_traits.never_boosts_extable && in_exception_table((u32)opcodes))
        return 0;
    while (is_boost_prefix(*opcodes))
        opcodes++;
    if (*opcodes == 0x0f)
        return bit_of(boostable_two_byte, opcodes[1]);
    return bit_of(boostable_one_byte, *opcodes);
}

/* The slot gets all 16 bytes, so whatever follows the instruction is copied with it. */
int arch_prepare_kprobe(struct kprobe *p)
{
    memset(&p->ainsn, 0, sizeof p->ainsn);
    p->ainsn.insn = get_insn_slot();
    if (!p->ainsn.insn)
        return -ENOMEM;
    memcpy(p->ainsn.insn, p->addr, MAX_INSN_SIZE);
    p->opcode = *p->addr;
    p->ainsn.boostable = can_boost(p->addr) ? 0 : -1;
    if (kernel_traits.prepare_slot) {
        int error = kernel_traits.prepare_slot(p);
        if (error)
            free_insn_slot(p->ainsn.insn, 0);
        return error;
    }
    return 0;
}

/* A boosted slot may still be executed by somebody: it is dirty until garbage is collected. */
void arch_remove_kprobe(struct kprobe *p)
{
    free_insn_slot(p->ainsn.insn, p->ainsn.boostable == 1);
    p->ainsn.insn = NULL;
}

/* A probed int3 is stepped where it stands. */
void __kprobes prepare_singlestep(struct kprobe *p, struct pt_regs *regs)
{
    if (kernel_traits.clears_btf && test_thread_flag(TIF_DEBUGCTLMSR))
        __get_cpu_var(debugctl) &= ~DEBUGCTL_BTF;
    regs->eflags |= TF_MASK;
    regs->eflags &= ~IF_MASK;
    if (p->opcode == BREAKPOINT_INSTRUCTION)
        regs->eip = (u32)p->addr;
    else
        regs->eip = (u32)p->ainsn.insn;
}

/* A near jump from inside the slot to the original code; the opcode byte is written last. */
static void __kprobes set_jmp_op(kprobe_opcode_t *from, u32 to)
{
    *(u32 *)(from + 1) = to - ((u32)from + RELATIVEJUMP_SIZE);
    barrier();
    *from = RELATIVEJUMP_INSTRUCTION;
}

/* Decided once, after the first step, while EIP still shows how long the instruction is. */
static void __kprobes boost_if_possible(struct kprobe *p, struct pt_regs *regs)
{
    u32 copy = (u32)p->ainsn.insn;

    if (p->ainsn.boostable != 0)
        return;
    if (regs->eip > copy && regs->eip - copy + RELATIVEJUMP_SIZE < MAX_INSN_SIZE) {
        set_jmp_op((kprobe_opcode_t *)regs->eip, (u32)p->addr + (regs->eip - copy));
        p->ainsn.boostable = 1;
    } else {
        p->ainsn.boostable = -1;
    }
}

/* A task that steps on branches gets its mode back. */
static void __kprobes restore_btf(void)
{
    if (kernel_traits.clears_btf && test_thread_flag(TIF_DEBUGCTLMSR))
        __get_cpu_var(debugctl) |= DEBUGCTL_BTF;
}

/*
 * After the single step: whatever the instruction left that shows it ran in the slot (EIP, a return
 * address, pushed flags) becomes what it would have left at its own place.
 */
void __kprobes resume_execution(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    u32 *tos = &regs->esp; /* a kernel-mode trap pushes no ESP: here is the old top of stack */
    u32 copy = (u32)p->ainsn.insn;
    u32 orig = (u32)p->addr;
    const kprobe_opcode_t *insn = p->ainsn.insn;
    u8 modrm;

    if (kernel_traits.resumes_after_prefixes)
        insn = skip_prefixes(insn);
    modrm = insn[1];
    regs->eflags &= ~TF_MASK;
    switch (insn[0]) {
    case 0x9c: /* pushf */
        *tos = (*tos & ~(TF_MASK | IF_MASK)) | kcb->kprobe_old_eflags;
        break;
    case 0xc2: /* ret, lret, iret, far jump absolute: EIP is right, and a slot that ends so is boosted */
    case 0xc3:
    case 0xca:
    case 0xcb:
    case 0xcf:
    case 0xea:
        p->ainsn.boostable = 1;
        restore_btf();
        return;
    case 0xe8: /* call relative */
        *tos = orig + (*tos - copy);
        break;
    case 0x9a: /* far call absolute */
        *tos = orig + (*tos - copy);
        restore_btf();
        return;
    case 0xff:
        if ((modrm & 0x30) == 0x10) { /* call indirect */
            *tos = orig + (*tos - copy);
            restore_btf();
            return;
        }
        if ((modrm & 0x31) == 0x20 || (modrm & 0x31) == 0x21) { /* jump indirect */
            p->ainsn.boostable = 1;
            restore_btf();
            return;
        }
        break;
    }
    boost_if_possible(p, regs);
    regs->eip = orig + (regs->eip - copy);
    restore_btf();
}
