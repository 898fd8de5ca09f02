/* Short forms for workloads: code to probe, and probes that only count. */
#ifndef PROBE_KIT_H
#define PROBE_KIT_H

#include "workload.h"

/* Probed code for task context: starts from EFLAGS 0x202, so that #BP pushes just that. */
#define TARGET(name, code)                                   \
    PROBED_CODE(name, "    pushl $0x202\n"                   \
                      "    popfl\n"                          \
                      "    .globl " #name "_insn\n" #name "_insn:\n" \
                      "    " code "\n"                       \
                      "    ret");                            \
    PROBED_LABEL(name##_insn)

/* Probed code that may run anywhere, in handlers and NMIs too: flags are the caller's. */
#define HELPER(name, code)                                   \
    PROBED_CODE(name, "    .globl " #name "_insn\n" #name "_insn:\n" \
                      "    " code "\n"                       \
                      "    ret");                            \
    PROBED_LABEL(name##_insn)

/* The same in the section of NMI code, where later kernels refuse probes. */
#define NMI_HELPER(name, code)                                                           \
    PROBED_CODE_IN("nmi_text", name, "    .globl " #name "_insn\n" #name "_insn:\n"      \
                                     "    " code "\n"                                     \
                                     "    ret");                                         \
    PROBED_LABEL(name##_insn)

/* Room for 256 probes: eight functions of 32 one-byte instructions each. */
#define SLED_INSNS 32
#define SLED(name)                                                    \
    PROBED_CODE(name, "    .rept 32\n"                                \
                      "    incl %eax\n"                               \
                      "    .endr\n"                                   \
                      "    ret")
#define SLEDS                                                                                                     \
    SLED(sled0);                                                                                                  \
    SLED(sled1);                                                                                                  \
    SLED(sled2);                                                                                                  \
    SLED(sled3);                                                                                                  \
    SLED(sled4);                                                                                                  \
    SLED(sled5);                                                                                                  \
    SLED(sled6);                                                                                                  \
    SLED(sled7);                                                                                                  \
    static void (*const sleds[])(void) = {sled0, sled1, sled2, sled3, sled4, sled5, sled6, sled7};                 \
    static inline u8 *sled_insn(u32 i)                                                                            \
    {                                                                                                             \
        return (u8 *)sleds[i / SLED_INSNS] + i % SLED_INSNS;                                                      \
    }

#define COUNTING_PRE(name)                                                 \
    static u32 name##_pre_hits;                                            \
    static int name##_pre(struct kprobe *p, struct pt_regs *regs)          \
    {                                                                      \
        name##_pre_hits++;                                                 \
        return 0;                                                          \
    }                                                                      \
    OBSERVE_CALL(name##_pre, "pre_handler:" #name)

#define COUNTING_POST(name)                                                             \
    static u32 name##_post_hits;                                                        \
    static void name##_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags) \
    {                                                                                   \
        name##_post_hits++;                                                             \
    }                                                                                   \
    OBSERVE_CALL(name##_post, "post_handler:" #name)

/* A probe with both handlers, so never boosted at run time. */
#define COUNTING_PROBE(name, address)                                                              \
    COUNTING_PRE(name);                                                                            \
    COUNTING_POST(name);                                                                           \
    static struct kprobe name = {.addr = address, .pre_handler = name##_pre, .post_handler = name##_post}; \
    OBSERVE_KPROBE(name, #name)

/* A probe with a pre handler only: boosted when its instruction allows it. */
#define COUNTING_PRE_PROBE(name, address)                                           \
    COUNTING_PRE(name);                                                             \
    static struct kprobe name = {.addr = address, .pre_handler = name##_pre};       \
    OBSERVE_KPROBE(name, #name)

#endif
