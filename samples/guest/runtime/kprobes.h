/*
 * Kernel probes of 2.6.24: the interface for workloads (what a module would use) and the helpers
 * that the handler flows share.
 */
#ifndef KPROBES_H
#define KPROBES_H

#include "guest.h"
#include "observe.h"
#include "traps.h"

typedef u8 kprobe_opcode_t;

#define BREAKPOINT_INSTRUCTION 0xcc
#define RELATIVEJUMP_INSTRUCTION 0xe9
#define MAX_INSN_SIZE 16
#define RELATIVEJUMP_SIZE 5

#define KPROBE_HIT_ACTIVE 0x00000001
#define KPROBE_HIT_SS 0x00000002
#define KPROBE_REENTER 0x00000004
#define KPROBE_HIT_SSDONE 0x00000008


typedef int (*kprobe_pre_handler_t)(struct kprobe *, struct pt_regs *);
typedef int (*kprobe_break_handler_t)(struct kprobe *, struct pt_regs *);
typedef void (*kprobe_post_handler_t)(struct kprobe *, struct pt_regs *, unsigned long flags);
typedef int (*kprobe_fault_handler_t)(struct kprobe *, struct pt_regs *, int trapnr);

struct arch_specific_insn {
    kprobe_opcode_t *insn; /* the slot: a copy of the instruction, executed out of line */
    int boostable;         /* -1 never, 0 not stepped yet, 1 the slot ends in a jump back */
    /* Int3 stepping only: the instruction is carried out by this and no slot is run. */
    void (*emulate_op)(struct kprobe *, struct pt_regs *);
    u32 size;
    u32 target; /* of a relative branch */
    u8 type;    /* condition code, loop opcode or register number */
};

struct kprobe {
    struct kprobe *hash_next; /* the kernel has an hlist here */
    struct kprobe *children; /* aggregate only: the probes that share this address */
    struct kprobe *next;     /* child only */
    u32 nmissed;
    kprobe_opcode_t *addr;
    const char *symbol_name;
    u32 offset;
    kprobe_pre_handler_t pre_handler;
    kprobe_post_handler_t post_handler;
    kprobe_fault_handler_t fault_handler;
    kprobe_break_handler_t break_handler;
    kprobe_opcode_t opcode; /* first byte of the original instruction */
    struct arch_specific_insn ainsn;
};

/* A probe whose handler is called with the probed function's own arguments. */
struct jprobe {
    struct kprobe kp;
    void *entry;
};

struct kretprobe;

struct kretprobe_instance {
    struct kretprobe_instance *next;      /* free or used instances of a kretprobe */
    struct kretprobe_instance *task_next; /* of a task, latest call first */
    struct kretprobe *rp;                 /* NULL: unregistered meanwhile */
    u32 ret_addr;
    u32 task;
    u32 allocated;
    u32 data; /* entry_handler's, for handler */
};

typedef int (*kretprobe_handler_t)(struct kretprobe_instance *, struct pt_regs *);

struct kretprobe {
    struct kprobe kp;
    kretprobe_handler_t handler;
    kretprobe_handler_t entry_handler;
    int maxactive;
    u32 nmissed;
    struct kretprobe_instance *free_instances;
    struct kretprobe_instance *used_instances;
};

/* What a module calls ---------------------------------------------------------------------- */

int register_kprobe(struct kprobe *p);
void unregister_kprobe(struct kprobe *p);
int register_jprobe(struct jprobe *jp);
void unregister_jprobe(struct jprobe *jp);
void jprobe_return(void);
int register_kretprobe(struct kretprobe *rp);
void unregister_kretprobe(struct kretprobe *rp);
void kprobe_flush_task(void);
void disable_all_kprobes(void);
void enable_all_kprobes(void);
void synchronize_sched(void);

/* What the generic layer offers ------------------------------------------------------------- */

void init_kprobes(void);
int arch_check_address(struct kprobe *p);
void arch_arm_kprobe(struct kprobe *p);
void arch_disarm_kprobe(struct kprobe *p);
struct kprobe *get_kprobe(void *addr);
void kprobes_inc_nmissed_count(struct kprobe *p);

/* What the flows are made of: helpers of arch/x86/kernel/kprobes_32.c ------------------------- */

int arch_prepare_kprobe(struct kprobe *p);
void arch_remove_kprobe(struct kprobe *p);
void text_poke(void *addr, const void *opcode, size_t len);
const kprobe_opcode_t *skip_prefixes(const kprobe_opcode_t *opcodes);
u32 insn_length(const u8 *code);
int can_boost(const kprobe_opcode_t *opcodes);
void prepare_singlestep(struct kprobe *p, struct pt_regs *regs);
void resume_execution(struct kprobe *p, struct pt_regs *regs, struct kprobe_ctlblk *kcb);
kprobe_opcode_t *get_insn_slot(void);
void free_insn_slot(kprobe_opcode_t *slot, int dirty);

u32 trampoline_handler(struct pt_regs *regs);

/* What a flow defines ------------------------------------------------------------------------- */

int kprobe_handler(struct pt_regs *regs);
int post_kprobe_handler(struct pt_regs *regs);
int kprobe_fault_handler(struct pt_regs *regs, int trapnr);

#endif
