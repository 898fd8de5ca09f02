/*
 * The guest's small kernel: types, CPUs, interrupts, notes, console.
 *
 * Names follow the i386 kernel of 2.6.24 where a thing has a name there, so that a handler written
 * against the kernel reads the same here. What is different is said beside it.
 */
#ifndef GUEST_H
#define GUEST_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef int s32;
typedef u32 size_t;

#define NULL ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((__noinline__))
#define __weak __attribute__((weak))

/* Code no probe may sit on: the road from the trap gate to the kprobe hook (V31). */
#define __kprobes __attribute__((section("kprobes_text"), __noinline__))

#define barrier() asm volatile("" : : : "memory")
#define ACCESS_ONCE(x) (*(volatile typeof(x) *)&(x))

#define DEBUGCTL_BTF 2
#define TF_MASK 0x00000100
#define IF_MASK 0x00000200
#define VM_MASK 0x00020000

/* Selectors as in the i386 kernel, so that a frame looks familiar to its readers. */
#define __KERNEL_CS 0x60
#define __KERNEL_DS 0x68
#define __USER_CS 0x73
#define __USER_DS 0x7b
#define __KERNEL_TSS 0x80
#define __KERNEL_PERCPU 0xd8

/* The saved registers of a trap, in the order of 2.6.24 (entry.S builds it). */
struct pt_regs {
    u32 ebx, ecx, edx, esi, edi, ebp, eax;
    u32 xds, xes, xfs;
    u32 orig_eax;
    u32 eip, xcs, eflags;
    u32 esp, xss; /* pushed by the CPU from user mode only */
};

static inline int user_mode_vm(struct pt_regs *regs)
{
    return ((regs->xcs & 3) | (regs->eflags & VM_MASK)) != 0;
}

#define NR_CPUS 8
#define THREAD_SIZE 8192

/* CPU and interrupt flag ------------------------------------------------------------------- */

static inline void outb(u16 port, u8 value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline u8 inb(u16 port)
{
    u8 value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void outl(u16 port, u32 value)
{
    asm volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void local_irq_disable(void)
{
    asm volatile("cli" : : : "memory");
}

static inline void local_irq_enable(void)
{
    asm volatile("sti" : : : "memory");
}

static inline u32 local_irq_save(void)
{
    u32 flags;
    asm volatile("pushfl; popl %0; cli" : "=rm"(flags) : : "memory");
    return flags;
}

static inline void local_irq_restore(u32 flags)
{
    asm volatile("pushl %0; popfl" : : "g"(flags) : "memory", "cc");
}

static inline void cpu_relax(void)
{
    asm volatile("pause" : : : "memory");
}

/* Serialise after a change of code (CPUID is the serialising instruction that every ring has). */
static inline void sync_core(void)
{
    u32 eax = 1;
    asm volatile("cpuid" : "+a"(eax) : : "ebx", "ecx", "edx", "memory");
}

/* Per-CPU data ------------------------------------------------------------------------------- */

#include "percpu.h"

/* Preemption --------------------------------------------------------------------------------- */

#define HARDIRQ_OFFSET 0x10000

static inline void add_preempt_count(u32 value)
{
    this_cpu()->preempt_count += value;
    barrier();
}

static inline void preempt_disable(void)
{
    add_preempt_count(1);
}

/* There is no scheduler to call, so both forms of the kernel are one here. */
static inline void preempt_enable_no_resched(void)
{
    barrier();
    this_cpu()->preempt_count--;
}

#define preempt_enable preempt_enable_no_resched

static inline void irq_enter(void)
{
    add_preempt_count(HARDIRQ_OFFSET);
}

static inline void irq_exit(void)
{
    barrier();
    this_cpu()->preempt_count -= HARDIRQ_OFFSET;
}

/* RCU's read side disabled preemption in 2.6.24; the die chain runs inside it. */
#define rcu_read_lock preempt_disable
#define rcu_read_unlock preempt_enable_no_resched

/* Thread flags of the task that runs on this CPU. */
#define TIF_SIGPENDING 2
#define TIF_SINGLESTEP 4
#define TIF_DEBUGCTLMSR 25
#define _TIF_WORK_MASK ((1u << TIF_SIGPENDING) | (1u << TIF_SINGLESTEP))

static inline void set_thread_flag(int flag)
{
    this_cpu()->thread_flags |= 1u << flag;
}

static inline void clear_thread_flag(int flag)
{
    this_cpu()->thread_flags &= ~(1u << flag);
}

static inline int test_thread_flag(int flag)
{
    return (this_cpu()->thread_flags >> flag) & 1;
}

/* Notes to whoever watches the machine, and ends of a run -------------------------------------- */

enum note_kind { NOTE_MARK = 1, NOTE_WARN = 2, NOTE_BUG = 3, NOTE_DIE = 4 };

void note(enum note_kind kind, const char *text, u32 value);
void printk(const char *text);
void machine_exit(u32 code) __attribute__((noreturn));

/* A kernel that meets BUG() or an oops in a trap handler is lost: the run ends there. */
void bug(const char *where, u32 line) __attribute__((noreturn));
void die(const char *text, struct pt_regs *regs) __attribute__((noreturn));

#define BUG() bug(__FILE_NAME__, __LINE__)
#define BUG_ON(condition)      \
    do {                       \
        if (unlikely(condition)) \
            BUG();             \
    } while (0)
/* A warning is told and the kernel goes on. */
#define WARN_ON(condition)                              \
    ({                                                  \
        int warned_ = !!(condition);                    \
        if (unlikely(warned_))                          \
            note(NOTE_WARN, __FILE_NAME__, __LINE__);   \
        warned_;                                        \
    })

void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);

#define EINVAL 22
#define EEXIST 17
#define ENOMEM 12
#define ENOENT 2
#define EOPNOTSUPP 95

#endif
