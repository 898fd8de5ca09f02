/* Maps the box, enters each case through a signal return that loads EFLAGS with TF set, and reads what the hardware
 * pushed when it trapped or faulted. The very first entry sets TF by POPF; see box_open. */
#include "box.h"

struct sigcontext32 { /* Linux i386 ABI */
    u16 gs, gsh, fs, fsh, es, esh, ds, dsh;
    u32 edi, esi, ebp, esp, ebx, edx, ecx, eax, trapno, err, eip;
    u16 cs, csh;
    u32 eflags, esp_at_signal;
    u16 ss, ssh;
    u32 fpstate, oldmask, cr2;
};
struct ucontext32 {
    u32 flags, link, stack_sp, stack_flags, stack_size;
    struct sigcontext32 c;
};
struct sigaction32 {
    void (*handler)(int, void *, struct ucontext32 *);
    u32 flags;
    void (*restorer)(void);
    u32 mask[2];
};
struct user_desc {
    u32 entry, base, limit, bits;
};
#define SEG_32BIT 1u
#define SEG_CODE (2u << 1)
#define SEG_DOWN (1u << 1)
#define SEG_READ_EXEC_ONLY 8u
#define SEG_PAGES 16u
#define SEG_ABSENT 32u
#define USER_DEBUG 252u /* debug registers in what PTRACE_POKEUSER of a 32-bit process addresses */

static const struct user_desc ldt[] = {
    {0, 0x00001000, 0xfffff, SEG_32BIT | SEG_PAGES},                                  /* 07: FS */
    {1, DATA_START, 0x00fff, SEG_32BIT},                                              /* 0f: GS */
    {2, 0, 0xfffff, SEG_32BIT | SEG_CODE | SEG_PAGES},                                /* 17 */
    {3, DATA_START, 0x0ffff, SEG_32BIT | SEG_READ_EXEC_ONLY},                         /* 1f */
    {4, 0, 0xfffff, SEG_32BIT | SEG_PAGES | SEG_ABSENT},                              /* 27 */
    {5, 0x00210000, 0x00fff, SEG_32BIT | SEG_DOWN},                                   /* 2f */
    {6, 0, 0xfffff, SEG_32BIT | SEG_CODE | SEG_READ_EXEC_ONLY | SEG_PAGES},           /* 37 */
    {7, 0, 0xfffff, SEG_32BIT | SEG_CODE | SEG_PAGES | SEG_ABSENT},                   /* 3f */
    {9, CODE & 0xff0000, 0x0ffff, SEG_CODE},                                          /* 4f: 16-bit code */
    {10, STACK_START & 0xff0000, 0x0ffff, 0},                                         /* 57: 16-bit stack */
};

static const struct { u32 start, end, protection; } page[] = {
    {LOW_START, LOW_END, 3}, {WRAP_START, WRAP_END, 3},   {CODE_START, CODE_END, 7},
    {DATA_START, DATA_RO, 3}, {DATA_RO, DATA_END, 1}, {STACK_START, STACK_END, 3},
};
#define PAGES (sizeof page / sizeof page[0])

static u8 altStack[65536] __attribute__((aligned(4096)));
static const struct test *current;
static struct outcome *result;
static u32 stepLimit;
static int (*tracer)(struct outcome *);
static u32 home[5] __attribute__((used)); /* EBX ESI EDI EBP ESP of box_run */
static u32 entry __attribute__((used));

u8 background(u32 address) {
    return (u8)(address * 5 + (address >> 8) * 3);
}

int box_mapped(u32 address) {
    for (u32 i = 0; i < PAGES; i++)
        if (address - page[i].start < page[i].end - page[i].start) return 1;
    return 0;
}

int box_writable(u32 address) {
    return box_mapped(address) && address - DATA_RO >= DATA_END - DATA_RO;
}

int box_sees(u32 address, u32 size) {
    for (u32 i = 0; i < size; i++)
        if (!box_mapped(address + i)) return 0;
    return 1;
}

void box_base(struct state *s) {
    for (u32 i = 0; i < REGS; i++) s->reg[i] = 0xa5a50000u + i;
    s->reg[ESP] = 0x00221800;
    s->seg[CS] = 0x23;
    s->seg[SS] = s->seg[DS] = s->seg[ES] = 0x2b;
    s->seg[FS] = 0x07;
    s->seg[GS] = 0x0f;
    s->eip = CODE;
    s->eflags = FL_BASE;
}

static void load(struct sigcontext32 *c, const struct state *s) {
    c->eax = s->reg[EAX], c->ecx = s->reg[ECX], c->edx = s->reg[EDX], c->ebx = s->reg[EBX];
    c->esp = s->reg[ESP], c->ebp = s->reg[EBP], c->esi = s->reg[ESI], c->edi = s->reg[EDI];
    c->es = (u16)s->seg[ES], c->cs = (u16)s->seg[CS], c->ss = (u16)s->seg[SS];
    c->ds = (u16)s->seg[DS], c->fs = (u16)s->seg[FS], c->gs = (u16)s->seg[GS];
    c->eip = s->eip, c->eflags = s->eflags;
}

static void store(struct state *s, const struct sigcontext32 *c) {
    s->reg[EAX] = c->eax, s->reg[ECX] = c->ecx, s->reg[EDX] = c->edx, s->reg[EBX] = c->ebx;
    s->reg[ESP] = c->esp, s->reg[EBP] = c->ebp, s->reg[ESI] = c->esi, s->reg[EDI] = c->edi;
    s->seg[ES] = c->es, s->seg[CS] = c->cs, s->seg[SS] = c->ss;
    s->seg[DS] = c->ds, s->seg[FS] = c->fs, s->seg[GS] = c->gs;
    s->eip = c->eip, s->eflags = c->eflags;
}

/* Leaves the signal for good: no signal return, so that box_run simply returns to its caller. */
static void __attribute__((noreturn)) go_home(void) {
    __asm__ volatile("mov $home, %%eax\n mov 0(%%eax), %%ebx\n mov 4(%%eax), %%esi\n mov 8(%%eax), %%edi\n"
                     "mov 12(%%eax), %%ebp\n mov 16(%%eax), %%esp\n ret" ::: "memory");
    __builtin_unreachable();
}

static void on_signal(int sig, void *info, struct ucontext32 *u) {
    (void)sig, (void)info;
    __asm__ volatile("push $0x202\n popf"); /* the case may have left AC, NT or ID set */
    if (!current) { /* the POPF entry: its first trap carries the case's registers in */
        current = (const struct test *)entry;
        load(&u->c, &current->before);
        return;
    }
    result->steps++;
    if (tracer) { /* every trap is shown to the tracer, which may change the registers to return to */
        store(&result->after, &u->c);
        result->vector = u->c.trapno, result->error = u->c.err, result->cr2 = u->c.cr2;
        if (!tracer(result)) go_home();
        load(&u->c, &result->after);
        return;
    }
    int again = u->c.trapno == 1 && u->c.eip == current->before.eip && u->c.ecx != current->before.reg[ECX];
    if (again && result->steps < stepLimit) return;
    store(&result->after, &u->c);
    result->vector = u->c.trapno, result->error = u->c.err, result->cr2 = u->c.cr2;
    go_home();
}

static void __attribute__((naked)) restorer(void) {
    __asm__ volatile("mov $173, %eax\n int $0x80");
}

/* Saves the way home, then sets TF by POPF: the trap after the NOP enters on_signal. */
static void __attribute__((naked, noinline)) launch(void) {
    __asm__ volatile("mov $home, %eax\n mov %ebx, 0(%eax)\n mov %esi, 4(%eax)\n mov %edi, 8(%eax)\n mov %ebp, 12(%eax)\n"
                     "mov %esp, 16(%eax)\n pushf\n orl $0x100, (%esp)\n popf\n nop\n ud2");
}

static void fill(u32 start, u32 end) {
    for (u32 a = start; a < end; a++) *(volatile u8 *)a = background(a);
}

void box_open(void) {
    static const int signals[] = {4, 5, 7, 8, 11};
    u32 stack[3] = {(u32)altStack, 0, sizeof altStack};
    struct sigaction32 action = {on_signal, 0x4 | 0x08000000 | 0x40000000 | 0x04000000, restorer, {0, 0}};
    for (u32 i = 0; i < PAGES; i++) {
        u32 size = page[i].end - page[i].start;
        if ((u32)syscall6(192, page[i].start, size, 7, 0x32, ~0u, 0) != page[i].start) die("capture: cannot map the box (run as root?)");
        fill(page[i].start, page[i].end);
        syscall3(125, page[i].start, size, page[i].protection);
    }
    for (u32 i = 0; i < sizeof ldt / sizeof ldt[0]; i++)
        if (syscall3(123, 1, (u32)&ldt[i], sizeof ldt[i]) != 0) die("capture: modify_ldt refused");
    if (syscall3(186, (u32)stack, 0, 0) != 0) die("capture: sigaltstack failed");
    for (u32 i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (syscall6(174, (u32)signals[i], (u32)&action, 0, 8, 0, 0) != 0) die("capture: sigaction failed");
}

/* A process cannot load its debug registers, but a child can for it: it attaches as a debugger, loads them, and leaves. */
static void load_debug(const u32 *value) {
    static const u8 number[5] = {0, 1, 2, 3, 7};
    int parent = syscall3(20, 0, 0, 0), status, child = syscall3(2, 0, 0, 0);
    if (child == 0) {
        if (syscall6(26, 16, (u32)parent, 0, 0, 0, 0) != 0) syscall3(252, 1, 0, 0);
        syscall3(7, (u32)parent, (u32)&status, 0);
        int failed = syscall6(26, 6, (u32)parent, USER_DEBUG + 4 * 7, 0, 0, 0);
        for (u32 i = 0; i < 5; i++) failed |= syscall6(26, 6, (u32)parent, USER_DEBUG + 4u * number[i], value[i], 0, 0);
        syscall6(26, 17, (u32)parent, 0, 0, 0, 0);
        syscall3(252, failed != 0, 0, 0);
    }
    status = 1;
    while (syscall3(7, (u32)child, (u32)&status, 0) != child) {}
    if (status) die("capture: cannot load the debug registers (ptrace refused?)");
}

static int has_debug(const struct test *t) {
    u32 any = 0;
    for (u32 i = 0; i < 5; i++) any |= t->debug[i];
    return any != 0;
}

void box_run(const struct test *t, struct outcome *o, u32 limit) {
    static const u32 none[5];
    u8 *code = (u8 *)t->before.eip;
    for (u32 i = 0; i < t->codeSize; i++)
        if (box_mapped((u32)code + i)) code[i] = t->code[i];
    for (int p = 0; p < t->patches; p++)
        for (u32 i = 0; i < t->patch[p].size; i++)
            if (box_writable(t->patch[p].address + i)) *(volatile u8 *)(t->patch[p].address + i) = t->patch[p].byte[i];
    current = 0;
    entry = (u32)t;
    result = o;
    stepLimit = limit;
    *o = (struct outcome){0};
    if (has_debug(t)) load_debug(t->debug);
    launch();
    if (has_debug(t)) load_debug(none);
}

void box_trace(const struct test *t, struct outcome *o, int (*visit)(struct outcome *)) {
    tracer = visit;
    box_run(t, o, 0);
    tracer = 0;
}

static void changes_in(u32 start, u32 end, void (*visit)(u32, const u8 *, u32), const u8 *expected) {
    for (u32 a = start; a < end;) {
        u32 run = 0;
        while (a + run < end && *(volatile u8 *)(a + run) != expected[a + run - start]) run++;
        if (run) visit(a, (const u8 *)a, run);
        a += run + 1;
    }
}

static void check(u32 start, u32 end, const struct test *t, void (*visit)(u32, const u8 *, u32)) {
    static u8 expected[0x2000];
    for (u32 a = start; a < end; a++) expected[a - start] = background(a);
    for (int p = 0; p < t->patches; p++)
        for (u32 i = 0; i < t->patch[p].size; i++) {
            u32 a = t->patch[p].address + i;
            if (a - start < end - start) expected[a - start] = t->patch[p].byte[i];
        }
    changes_in(start, end, visit, expected);
    fill(start, end);
}

void box_changes(const struct test *t, void (*visit)(u32 address, const u8 *bytes, u32 size)) {
    if (t->touchesLow) {
        check(LOW_START, LOW_END, t, visit);
        check(WRAP_START, WRAP_END, t, visit);
    }
    check(DATA_START, DATA_RO, t, visit);
    check(STACK_START, STACK_END, t, visit);
    fill(t->before.eip & ~15u, (t->before.eip & ~15u) + 64 > CODE_END ? CODE_END : (t->before.eip & ~15u) + 64);
}
