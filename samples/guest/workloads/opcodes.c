/*
 * Instructions whose step leaves traces that have to be put right (golden trace T3): those that
 * change or store IF and TF, and those that store or relocate EIP. Each target stores the EFLAGS
 * it ends with and what it pushed.
 */
#include "probe_kit.h"

u32 flags_after, word_pushed;

#define STORE_FLAGS "\n pushfl\n popl flags_after\n"

TARGET(op_cli, "cli" STORE_FLAGS "sti");
PROBED_CODE(op_sti, "    pushl $0x002\n"
                    "    popfl\n"
                    "    .globl op_sti_insn\n"
                    "op_sti_insn:\n"
                    "    sti\n"
                    "    nop" STORE_FLAGS "ret");
PROBED_LABEL(op_sti_insn);
PROBED_CODE(op_popf, "    pushl $0x202\n"
                     "    popfl\n"
                     "    pushl $0x002\n"
                     "    .globl op_popf_insn\n"
                     "op_popf_insn:\n"
                     "    popfl" STORE_FLAGS "sti\n ret");
PROBED_LABEL(op_popf_insn);
PROBED_CODE(op_popf_tf, "    pushl $0x202\n"
                        "    popfl\n"
                        "    pushl $0x302\n"
                        "    .globl op_popf_tf_insn\n"
                        "op_popf_tf_insn:\n"
                        "    popfl" STORE_FLAGS "ret");
PROBED_LABEL(op_popf_tf_insn);
TARGET(op_pushf, "pushfl\n popl word_pushed" STORE_FLAGS);
TARGET(op_call, "call 1f\n ret\n1: movl (%esp), %eax\n movl %eax, word_pushed" STORE_FLAGS);
PROBED_CODE(op_call_indirect, "    movl $1f, %ecx\n"
                              "    pushl $0x202\n"
                              "    popfl\n"
                              "    .globl op_call_indirect_insn\n"
                              "op_call_indirect_insn:\n"
                              "    call *%ecx\n"
                              "    ret\n"
                              "1:  movl (%esp), %eax\n"
                              "    movl %eax, word_pushed" STORE_FLAGS "ret");
PROBED_LABEL(op_call_indirect_insn);
TARGET(op_jmp, "jmp 1f\n ud2\n1: nop" STORE_FLAGS);
TARGET(op_jcc, "jnz 1f\n ud2\n1: nop" STORE_FLAGS);
TARGET(op_ret, "ret\n ud2");
PROBED_CODE(op_iret, "    pushl $0x202\n"
                     "    popfl\n"
                     "    pushfl\n"
                     "    pushl %cs\n"
                     "    pushl $1f\n"
                     "    .globl op_iret_insn\n"
                     "op_iret_insn:\n"
                     "    iret\n"
                     "1:  nop" STORE_FLAGS "ret");
PROBED_LABEL(op_iret_insn);

static struct {
    struct kprobe kp;
    void (*run)(void);
    u32 flags_expected; /* 0: the target does not store them */
    u32 pushed_expected;
} cases[] = {
    {{.addr = op_cli_insn}, op_cli, 0x002, 0},
    {{.addr = op_sti_insn}, op_sti, 0x202, 0},
    {{.addr = op_popf_insn}, op_popf, 0x002, 0},
    {{.addr = op_popf_tf_insn}, op_popf_tf, 0x202, 0},
    {{.addr = op_pushf_insn}, op_pushf, 0x202, 0x202},
    {{.addr = op_call_insn}, op_call, 0x202, (u32)op_call_insn + 5},
    {{.addr = op_call_indirect_insn}, op_call_indirect, 0x202, (u32)op_call_indirect_insn + 2},
    {{.addr = op_jmp_insn}, op_jmp, 0x202, 0},
    {{.addr = op_jcc_insn}, op_jcc, 0x202, 0},
    {{.addr = op_ret_insn}, op_ret, 0, 0},
    {{.addr = op_iret_insn}, op_iret, 0x202, 0},
};

static int pre(struct kprobe *p, struct pt_regs *regs)
{
    return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

OBSERVE_CALL(pre, "pre_handler:op");
OBSERVE_CALL(post, "post_handler:op");
OBSERVE_KPROBE(cases[0].kp, "cli");
OBSERVE_KPROBE(cases[1].kp, "sti");
OBSERVE_KPROBE(cases[2].kp, "popf");
OBSERVE_KPROBE(cases[3].kp, "popf-tf");
OBSERVE_KPROBE(cases[4].kp, "pushf");
OBSERVE_KPROBE(cases[5].kp, "call");
OBSERVE_KPROBE(cases[6].kp, "call-indirect");
OBSERVE_KPROBE(cases[7].kp, "jmp");
OBSERVE_KPROBE(cases[8].kp, "jcc");
OBSERVE_KPROBE(cases[9].kp, "ret");
OBSERVE_KPROBE(cases[10].kp, "iret");
OBSERVE_GLOBAL(flags_after, "flags_after");
OBSERVE_GLOBAL(word_pushed, "word_pushed");

void workload_cpu(u32 cpu)
{
    for (u32 i = 0; i < ARRAY_SIZE(cases); i++) {
        cases[i].kp.pre_handler = pre;
        cases[i].kp.post_handler = post;
        if (register_kprobe(&cases[i].kp)) {
            note(NOTE_MARK, "the kernel refuses this instruction", i);
            continue;
        }
        flags_after = word_pushed = 0;
        cases[i].run();
        if (flags_after != cases[i].flags_expected || word_pushed != cases[i].pushed_expected)
            note(NOTE_MARK, "the step is visible to the program", i);
        unregister_kprobe(&cases[i].kp);
    }
}
