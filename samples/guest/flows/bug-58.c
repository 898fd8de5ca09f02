/*
 * 5.13 as it was before dec8784: the status stays KPROBE_HIT_SS when no post_handler changes it, and
 * the next foreign int3 is taken for the end of a slot.
 */
#include "flow.h"

static int prepare_slot(struct kprobe *p);

const struct kernel_traits kernel_traits = {
    .name = "bug-58",
    .kretprobe_entry_handler = 1,
    .clears_dr6 = 1,
    .never_boosts_extable = 1,
    .checks_boundaries = 1,
    .refuses_int3 = 1,
    .refuses_mov_ss = 1,
    .has_no_jprobes = 1,
    .prepare_slot = prepare_slot,
};

/* TF is nobody's business here: only IF is kept. */
static void set_current_kprobe_int3(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    __get_cpu_var(current_kprobe) = p;
    kcb->kprobe_saved_eflags = kcb->kprobe_old_eflags = regs->eflags & IF_MASK;
}

/* The instruction is done: its post_handler, and whoever was current before. */
static void __kprobes kprobe_post_process(struct kprobe *cur, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    if (kcb->kprobe_status == KPROBE_REENTER) {
        restore_previous_kprobe(kcb);
        return;
    }
    if (cur->post_handler) {
        kcb->kprobe_status = KPROBE_HIT_SSDONE;
        cur->post_handler(cur, regs, 0);
    }
    reset_current_kprobe();
}

static void __kprobes setup_singlestep(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb, int reenter)
{
    if (CONFIG_BOOST && p->ainsn.boostable == 1 && !p->post_handler) {
        if (!reenter)
            reset_current_kprobe();
        regs->eip = (u32)p->ainsn.insn;
        return;
    }
    if (reenter) {
        save_previous_kprobe(kcb);
        set_current_kprobe_int3(p, regs, kcb);
        kcb->kprobe_status = KPROBE_REENTER;
    } else {
        kcb->kprobe_status = KPROBE_HIT_SS;
    }
    if (p->ainsn.emulate_op) {
        regs->eip = (u32)p->addr + p->ainsn.size;
        p->ainsn.emulate_op(p, regs);
        kprobe_post_process(p, regs, kcb);
        return;
    }
    regs->eflags &= ~IF_MASK;
    regs->eip = (u32)p->ainsn.insn;
}

static int __kprobes reenter_kprobe(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb)
{
    switch (kcb->kprobe_status) {
    case KPROBE_HIT_SSDONE:
    case KPROBE_HIT_ACTIVE:
    case KPROBE_HIT_SS:
        kprobes_inc_nmissed_count(p);
        setup_singlestep(p, regs, kcb, 1);
        break;
    case KPROBE_REENTER:
        /* A probe hit while another is stepped over: there is no place to save a third. */
        BUG();
    default:
        WARN_ON(1);
        return 0;
    }
    return 1;
}

/* The int3 behind the copy of the instruction. */
static int __kprobes is_end_of_slot(struct kprobe *cur, kprobe_opcode_t *addr)
{
    return addr > cur->ainsn.insn && addr < cur->ainsn.insn + MAX_INSN_SIZE;
}

/* 1 = the breakpoint was ours and regs say where to go on; 0 = somebody else's. */
int __kprobes kprobe_handler(struct pt_regs *regs)
{
    kprobe_opcode_t *addr = (kprobe_opcode_t *)(regs->eip - sizeof(kprobe_opcode_t));
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();
    struct kprobe *p = get_kprobe(addr);

    if (p) {
        if (kprobe_running()) {
            if (reenter_kprobe(p, regs, kcb))
                return 1;
        } else {
            set_current_kprobe_int3(p, regs, kcb);
            kcb->kprobe_status = KPROBE_HIT_ACTIVE;

            /* A pre_handler that returns non-zero has set up where to go on. */
            if (!p->pre_handler || !p->pre_handler(p, regs))
                setup_singlestep(p, regs, kcb, 0);
            else
                reset_current_kprobe();
            return 1;
        }
    } else if (kcb->kprobe_status == KPROBE_HIT_SS || kcb->kprobe_status == KPROBE_REENTER) {
        p = kprobe_running();
        if (is_end_of_slot(p, addr)) {
            regs->eflags |= kcb->kprobe_saved_eflags;
            regs->eip += (u32)p->addr - (u32)p->ainsn.insn - sizeof(kprobe_opcode_t);
            kprobe_post_process(p, regs, kcb);
            return 1;
        }
    }

    if (*addr != BREAKPOINT_INSTRUCTION) {
        /* Removed right after we hit it, by another CPU: a probe or a debugger's breakpoint. Run the
         * instruction. */
        regs->eip = (u32)addr;
        return 1;
    }
    return 0;
}

/* No step of ours ends in a #DB. */
int __kprobes post_kprobe_handler(struct pt_regs *regs)
{
    return 0;
}

/* 1 = the fault is dealt with; 0 = the kernel's fault handling goes on, with regs as left here. */
int __kprobes kprobe_fault_handler(struct pt_regs *regs, int trapnr)
{
    struct kprobe *cur = kprobe_running();
    struct kprobe_ctlblk *kcb = get_kprobe_ctlblk();

    if (regs->eip != (u32)cur->ainsn.insn)
        return 0;
    if (kcb->kprobe_status != KPROBE_HIT_SS && kcb->kprobe_status != KPROBE_REENTER)
        return 0;
    /* The instruction faulted in the slot: undo, as if it faulted at its own place. */
    regs->eip = (u32)cur->addr;
    regs->eflags |= kcb->kprobe_old_eflags;
    if (kcb->kprobe_status == KPROBE_REENTER)
        restore_previous_kprobe(kcb);
    else
        reset_current_kprobe();
    return 0;
}

/* Emulation: EIP is behind the instruction already. ------------------------------------------- */

static void emulate_cli(struct kprobe *p, struct pt_regs *regs)
{
    regs->eflags &= ~IF_MASK;
}

static void emulate_sti(struct kprobe *p, struct pt_regs *regs)
{
    regs->eflags |= IF_MASK;
}

static void emulate_pushf(struct kprobe *p, struct pt_regs *regs)
{
    trap_push(regs->eflags);
}

static void emulate_popf(struct kprobe *p, struct pt_regs *regs)
{
    regs->eflags = trap_pop(regs);
}

/* ret, and with it ret imm16 and far ret: neither the immediate nor CS is looked at. */
static void emulate_ret(struct kprobe *p, struct pt_regs *regs)
{
    regs->eip = trap_pop(regs);
}

static void emulate_call(struct kprobe *p, struct pt_regs *regs)
{
    trap_push(regs->eip);
    regs->eip = p->ainsn.target;
}

static void emulate_jmp(struct kprobe *p, struct pt_regs *regs)
{
    regs->eip = p->ainsn.target;
}

/* The condition's three upper bits choose, the lowest one inverts (Intel SDM vol. 1, appendix B). */
static void emulate_jcc(struct kprobe *p, struct pt_regs *regs)
{
    u32 flags = regs->eflags;
    int cf = flags & 1, pf = (flags >> 2) & 1, zf = (flags >> 6) & 1, sf = (flags >> 7) & 1, of = (flags >> 11) & 1;
    const int holds[8] = {of, cf, zf, cf | zf, sf, pf, sf ^ of, zf | (sf ^ of)};

    if (holds[(p->ainsn.type >> 1) & 7] != (p->ainsn.type & 1))
        regs->eip = p->ainsn.target;
}

/* The count is tested before it is decremented: one round too many for ECX = 1, as in that kernel. */
static void emulate_loop(struct kprobe *p, struct pt_regs *regs)
{
    int zf = (regs->eflags >> 6) & 1;
    int taken = p->ainsn.type == 0xe3 ? regs->ecx == 0 : regs->ecx != 0;

    if (p->ainsn.type == 0xe0)
        taken &= !zf;
    if (p->ainsn.type == 0xe1)
        taken &= zf;
    if (p->ainsn.type != 0xe3)
        regs->ecx--;
    if (taken)
        regs->eip = p->ainsn.target;
}

/* In the order of the instruction encoding; ESP is where it was before the trap. */
static u32 register_value(struct pt_regs *regs, u8 number)
{
    const u32 values[8] = {regs->eax, regs->ecx, regs->edx, regs->ebx, (u32)&regs->esp, regs->ebp, regs->esi, regs->edi};
    return values[number];
}

static void emulate_jmp_indirect(struct kprobe *p, struct pt_regs *regs)
{
    regs->eip = register_value(regs, p->ainsn.type);
}

static void emulate_call_indirect(struct kprobe *p, struct pt_regs *regs)
{
    u32 target = register_value(regs, p->ainsn.type);
    trap_push(regs->eip);
    regs->eip = target;
}

/* call, jmp through a register are emulated; through memory and far ones are refused. */
static int prepare_group5(struct kprobe *p, u8 modrm)
{
    u8 operation = (modrm >> 3) & 7;

    if (operation < 2 || operation > 5)
        return 0;
    if ((modrm >> 6) != 3 || operation == 3 || operation == 5)
        return -EOPNOTSUPP;
    p->ainsn.type = modrm & 7;
    p->ainsn.emulate_op = operation == 2 ? emulate_call_indirect : emulate_jmp_indirect;
    return 0;
}

static u32 target_of(struct kprobe *p, int displacement_size)
{
    const u8 *end = p->ainsn.insn + p->ainsn.size;
    s32 displacement = displacement_size == 1 ? *(const s8 *)(end - 1) : *(const s32 *)(end - 4);
    return (u32)p->addr + p->ainsn.size + displacement;
}

static void emulate_branch(struct kprobe *p, void (*op)(struct kprobe *, struct pt_regs *), u8 type, int displacement_size)
{
    p->ainsn.emulate_op = op;
    p->ainsn.type = type;
    p->ainsn.target = target_of(p, displacement_size);
}

/* Chooses the emulation, if there is one; refuses what can neither be emulated nor moved. */
static int prepare_emulation(struct kprobe *p, const kprobe_opcode_t *opcode)
{
    switch (opcode[0]) {
    case 0xfa:
        p->ainsn.emulate_op = emulate_cli;
        return 0;
    case 0xfb:
        p->ainsn.emulate_op = emulate_sti;
        return 0;
    case 0x9c:
        p->ainsn.emulate_op = emulate_pushf;
        return 0;
    case 0x9d:
        p->ainsn.emulate_op = emulate_popf;
        return 0;
    case 0xc2:
    case 0xc3:
    case 0xca:
    case 0xcb:
        p->ainsn.emulate_op = emulate_ret;
        return 0;
    case 0xe8:
        emulate_branch(p, emulate_call, 0, 4);
        return 0;
    case 0xe9:
        emulate_branch(p, emulate_jmp, 0, 4);
        return 0;
    case 0xeb:
        emulate_branch(p, emulate_jmp, 0, 1);
        return 0;
    case 0xff:
        return prepare_group5(p, opcode[1]);
    case 0x9a: /* far call, far jump, iret */
    case 0xea:
    case 0xcf:
        return -EOPNOTSUPP;
    }
    if (opcode[0] == 0x0f && opcode[1] == 0x01 && opcode[2] >= 0xc1 && opcode[2] <= 0xc4)
        return -EOPNOTSUPP; /* vmcall and its like leave the kernel's control */
    if ((opcode[0] & 0xf0) == 0x70)
        emulate_branch(p, emulate_jcc, opcode[0] & 15, 1);
    if (opcode[0] == 0x0f && (opcode[1] & 0xf0) == 0x80)
        emulate_branch(p, emulate_jcc, opcode[1] & 15, 4);
    if (opcode[0] >= 0xe0 && opcode[0] <= 0xe3)
        emulate_branch(p, emulate_loop, opcode[0], 1);
    return 0;
}

/* Behind the copy: a jump back if the probe may be boosted for ever, else the int3 that ends the step. */
static int prepare_slot(struct kprobe *p)
{
    kprobe_opcode_t *slot = p->ainsn.insn;
    kprobe_opcode_t end[RELATIVEJUMP_SIZE] = {BREAKPOINT_INSTRUCTION};
    int error;

    p->ainsn.size = insn_length(slot);
    if (slot[0] == 0x66 && (slot[1] == 0x9c || slot[1] == 0x9d))
        return -EOPNOTSUPP; /* the emulation moves whole words only */
    error = prepare_emulation(p, skip_prefixes(slot));
    if (error || p->ainsn.emulate_op)
        return error;
    if (p->ainsn.boostable == 0 && !p->post_handler && p->ainsn.size + RELATIVEJUMP_SIZE <= MAX_INSN_SIZE) {
        end[0] = RELATIVEJUMP_INSTRUCTION;
        *(s32 *)(end + 1) = (u32)p->addr - (u32)slot - RELATIVEJUMP_SIZE;
        p->ainsn.boostable = 1;
        text_poke(slot + p->ainsn.size, end, RELATIVEJUMP_SIZE);
    } else {
        p->ainsn.boostable = -1;
        text_poke(slot + p->ainsn.size, end, 1);
    }
    return 0;
}
