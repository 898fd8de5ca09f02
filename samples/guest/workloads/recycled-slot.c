/*
 * A boosted probe faults on user memory and waits in its slot for the page; meanwhile CPU 1 takes the
 * probe away and registers as many others as there are slots (bug 42, second half; V26).
 */
#include "mm.h"
#include "probe_kit.h"

#define PROBES 256

u32 workload_cpus = 2;

PROBED_CODE(read_user, "    movl %eax, %ecx\n"
                       "    pushl $0x202\n"
                       "    popfl\n"
                       "    .globl read_user_insn\n"
                       "read_user_insn:\n"
                       "    movl (%ecx), %eax\n"
                       "    ret\n"
                       "read_user_fixup:\n"
                       "    movl $-14, %eax\n"
                       "    ret\n" EX_TABLE("read_user_insn", "read_user_fixup"));
PROBED_LABEL(read_user_insn);
SLEDS

COUNTING_PRE_PROBE(p1, read_user_insn);

static struct kprobe probes[PROBES];
static u32 waiting, recycled;

static u32 read_word(const void *address)
{
    u32 word;
    asm volatile("call read_user" : "=a"(word) : "a"(address) : "ecx", "edx", "memory", "cc");
    return word;
}

/* The second page takes as long as CPU 1 needs. */
void workload_page_fault(struct pt_regs *regs, u32 address)
{
    if (address < USER_BASE + PAGE_SIZE)
        return;
    ACCESS_ONCE(waiting) = 1;
    while (!ACCESS_ONCE(recycled))
        cpu_relax();
}

static void recycle_slots(void)
{
    while (!ACCESS_ONCE(waiting))
        cpu_relax();
    unregister_kprobe(&p1);
    for (u32 i = 0; i < PROBES; i++) {
        probes[i].addr = sled_insn(i);
        if (register_kprobe(&probes[i]))
            note(NOTE_WARN, "not registered", i);
    }
    ACCESS_ONCE(recycled) = 1;
}

int workload_init(void)
{
    *(u32 *)mm_user_memory(0) = 4711;
    *(u32 *)mm_user_memory(1) = 4712;
    read_word(mm_user_page(0));
    return register_kprobe(&p1);
}

void workload_cpu(u32 cpu)
{
    if (cpu == 1) {
        recycle_slots();
        return;
    }
    read_word(mm_user_page(0)); /* stepped: boosted from now on */
    if (read_word(mm_user_page(1)) != 4712)
        note(NOTE_MARK, "the slot was reused under the instruction in it", 0);
}
