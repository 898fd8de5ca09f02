/* Traps: the die-notifier chain, exception tables, page faults. */
#ifndef TRAPS_H
#define TRAPS_H

#include "guest.h"

enum die_val { DIE_OOPS = 1, DIE_INT3, DIE_DEBUG, DIE_PANIC, DIE_NMI, DIE_DIE, DIE_GPF, DIE_TRAP };

#define NOTIFY_DONE 0x0000
#define NOTIFY_OK 0x0001
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_STOP (NOTIFY_OK | NOTIFY_STOP_MASK)

struct die_args {
    struct pt_regs *regs;
    const char *str;
    u32 err; /* error code; for DIE_DEBUG the value of DR6 */
    int trapnr;
};

struct notifier_block {
    int (*notifier_call)(struct notifier_block *self, unsigned long val, void *data);
    struct notifier_block *next;
    int priority;
};

void register_die_notifier(struct notifier_block *nb);
void unregister_die_notifier(struct notifier_block *nb);

#define SIGTRAP 5
#define SIGSEGV 11

/*
 * A handler of int3 that emulates a push or pop: a kernel-mode frame lies right under the stack it
 * interrupted, so the frame itself has to move. entry.S does it on the way out, once per trap.
 */
void trap_push_below(struct pt_regs *regs, u32 value);
#define trap_push(value) trap_push_below(regs, value) /* under the frame that the caller calls regs */
u32 trap_pop(struct pt_regs *regs);

/* Delivered on the way back to user mode. */
void force_signal(int signal);

int notify_die(enum die_val val, const char *str, struct pt_regs *regs, u32 err, int trapnr);

/* DR6: single step. The CPU sets it and never clears it. */
#define DR_STEP 0x4000
#define DR_TRAP_BITS 0xf

struct exception_table_entry {
    u32 insn, fixup;
};

/* Says that a fault of the instruction at `insn` continues at `fixup`. */
#define EX_TABLE(insn, fixup) ".pushsection __ex_table,\"a\"\n.long " insn ", " fixup "\n.popsection\n"

void do_int3(struct pt_regs *regs);
void do_debug(struct pt_regs *regs);
void do_nmi(struct pt_regs *regs);
void do_page_fault(struct pt_regs *regs, u32 error_code);
void do_general_protection(struct pt_regs *regs, u32 error_code);
void do_system_call(struct pt_regs *regs);
void do_other(struct pt_regs *regs, u32 vector);
void do_notify_resume(struct pt_regs *regs);

int fixup_exception(struct pt_regs *regs);
int in_exception_table(u32 address);

#endif
