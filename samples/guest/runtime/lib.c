/* What gcc expects of any program, the console, notes, and the ends of a run. */
#include "traps.h"
#include "workload.h"

#define COM1 0x3f8
#define NOTE_PORT 0x540
#define EXIT_PORT 0xf4

/* String instructions, so that a copy is one instruction in a recording. */
void *memcpy(void *to, const void *from, size_t size)
{
    void *at = to;
    asm volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
    return to;
}

void *memset(void *to, int value, size_t size)
{
    void *at = to;
    asm volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(value) : "memory");
    return to;
}

void note(enum note_kind kind, const char *text, u32 value)
{
    struct {
        u32 kind;
        const char *text;
        u32 value;
    } record = {kind, text, value};
    static const char *const prefix[] = {"", "", "warn: ", "BUG: ", "die: "};

    outl(NOTE_PORT, (u32)&record);
    if (kind == NOTE_MARK)
        return;
    printk(prefix[kind]);
    printk(text);
    printk("\n");
}

void printk(const char *text)
{
    for (; *text; text++) {
        while (!(inb(COM1 + 5) & 0x20))
            cpu_relax();
        outb(COM1, *text);
    }
}

void machine_exit(u32 code)
{
    local_irq_disable();
    outl(EXIT_PORT, code);
    for (;;)
        asm volatile("cli; hlt");
}

void bug(const char *where, u32 line)
{
    note(NOTE_BUG, where, line);
    machine_exit(NOTE_BUG);
}

void die(const char *text, struct pt_regs *regs)
{
    note(NOTE_DIE, text, regs->eip);
    machine_exit(NOTE_DIE);
}

__weak int workload_init(void)
{
    return 0;
}

__weak void workload_cpu(u32 cpu)
{
}

__weak int workload_exit(void)
{
    return 0;
}
