/*
 * The observation table: what of this guest the machine shall watch. One record of 24 bytes each
 * in section .trapline; the machine knows this table and nothing about kprobes.
 */
#ifndef OBSERVE_H
#define OBSERVE_H

#include "guest.h"

enum observation_kind {
    OBSERVE_STATUS = 1,
    OBSERVE_CURRENT = 2,
    OBSERVE_WATCH = 3,
    OBSERVE_FUNCTION = 4,
    OBSERVE_TEXT = 5,
    OBSERVE_PROBE = 6,
};

struct observation {
    const void *address;
    u32 size;
    u32 kind;
    const char *name;
    u32 stride;
    u32 count;
};

extern const struct observation __start_trapline[] __weak;
extern const struct observation __stop_trapline[] __weak;

#define OBSERVE_PASTE_(a, b) a##b
#define OBSERVE_PASTE(a, b) OBSERVE_PASTE_(a, b)
#define OBSERVE(address_, size_, kind_, name_, stride_, count_)                              \
    static const struct observation OBSERVE_PASTE(observation_, __COUNTER__)                 \
        __attribute__((section(".trapline"), used, aligned(4))) = {                          \
            (const void *)(address_), (size_), (kind_), (name_), (stride_), (count_)}

#define OBSERVE_GLOBAL(variable, name) OBSERVE(&(variable), sizeof(variable), OBSERVE_WATCH, name, 0, 1)
#define OBSERVE_PERCPU_AS(kind, field, name)                                      \
    OBSERVE(&per_cpu[0].field, sizeof(per_cpu[0].field), kind, name, sizeof(struct percpu), NR_CPUS)
#define OBSERVE_PERCPU(field, name) OBSERVE_PERCPU_AS(OBSERVE_WATCH, field, name)
#define OBSERVE_CALL(function, name) OBSERVE(function, 0, OBSERVE_FUNCTION, name, 0, 1)

/* A probe called `name`: its object, its counter of missed hits. */
#define OBSERVE_KPROBE(kprobe, name)                            \
    OBSERVE(&(kprobe), sizeof(kprobe), OBSERVE_PROBE, name, 0, 1); \
    OBSERVE_GLOBAL((kprobe).nmissed, "nmissed:" name)

/*
 * Probed code written by hand, so that every byte, length and flag is known. It becomes a global
 * function, a TEXT record, and local labels inside the body can be made global for probing.
 */
#define PROBED_CODE(name, body) PROBED_CODE_IN(".text", name, body)
#define PROBED_CODE_IN(section, name, body)                         \
    asm(".pushsection " section ", \"ax\", @progbits\n"             \
        ".p2align 4\n"                                              \
        ".globl " #name "\n"                                        \
        ".type " #name ", @function\n" #name ":\n" body             \
        "\n" #name "_end:\n"                                        \
        ".size " #name ", .-" #name "\n"                            \
        ".popsection\n"                                             \
        ".pushsection .rodata.str1.1,\"aMS\",@progbits,1\n"         \
        #name "_name: .asciz \"" #name "\"\n"                       \
        ".popsection\n"                                             \
        ".pushsection .trapline,\"a\",@progbits\n"                  \
        ".long " #name ", " #name "_end-" #name ", 5, " #name "_name, 0, 1\n" \
        ".popsection\n");                                           \
    void name(void)

/* An address inside probed code: `PROBED_LABEL(insn)` for a label the body declares .globl. */
#define PROBED_LABEL(name) extern u8 name[]

#endif
