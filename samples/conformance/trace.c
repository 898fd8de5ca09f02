/* Runs the cases of the trap corpus that ring 3 can show and prints the traps the hardware took. Cases with gates, page
 * tables or privileged instructions are left out. */
#include "box.h"

#define END_VECTOR 0x30
#define TRAPS_MAX 40

struct action { /* what the handler does to the frame before it returns */
    u32 addEip, clear, set;
    int stop;
};

static char name[64];
static struct test test;
static struct action action[TRAPS_MAX];
static u32 actions, seen;
static int open, possible;

static void hex_bytes(const char *s, u8 *to, u32 *size) {
    char digits[3] = {0, 0, 0};
    while (*s) {
        if (*s == ' ') {
            s++;
            continue;
        }
        digits[0] = s[0], digits[1] = s[1];
        to[(*size)++] = (u8)number(digits, 16);
        s += 2;
    }
}

static void print_place(u32 eip) {
    out_text(" eip=");
    if (eip - CODE < 0x400) out_text("+"), out_hex(eip - CODE);
    else out_hex(eip);
}

static int visit(struct outcome *o) {
    struct state *s = &o->after;
    int end = o->vector == 13 && o->error == END_VECTOR * 8 + 2 && s->eip == CODE + test.codeSize - 2;
    out_text("trap ");
    if (end) { /* the box's INT 30 has no gate here: say what it would push */
        out_text("INT30");
        print_place(s->eip + 2);
        out_text(" fl="), out_hex(s->eflags & ~0x10000u);
        for (u32 r = 0; r < REGS; r++)
            if (s->reg[r] != test.before.reg[r]) out_text(" "), out_text(regName[r]), out_text("="), out_hex(s->reg[r]);
        out_text("\n");
        return 0;
    }
    out_text(o->vector < 18 ? vectorName[o->vector] : "#??");
    if (o->vector == 8 || (o->vector >= 10 && o->vector <= 14) || o->vector == 17) out_text(" error="), out_hex(o->error);
    print_place(s->eip);
    out_text(" fl="), out_hex(s->eflags);
    if (o->vector == 14) out_text(" cr2="), out_hex(o->cr2);
    out_text("\n");
    struct action *a = &action[seen++];
    if (seen > actions || a->stop) return 0;
    s->eip += a->addEip;
    s->eflags = (s->eflags & ~a->clear) | a->set;
    return 1;
}

static void finish(void) {
    struct outcome o;
    if (!open || !possible) return;
    out_text("case "), out_text(name), out_text("\n");
    test.code[test.codeSize++] = 0xcd;
    test.code[test.codeSize++] = END_VECTOR;
    seen = 0;
    box_trace(&test, &o, visit);
    test.touchesLow = 1;
    for (u32 a = CODE; a < CODE_END; a++) *(volatile u8 *)a = background(a);
    extern void ignore_change(u32, const u8 *, u32);
    box_changes(&test, ignore_change);
}

void ignore_change(u32 address, const u8 *bytes, u32 size) {
    (void)address, (void)bytes, (void)size;
}

static void trap_line(const char *s) {
    char w[32];
    struct action *a = &action[actions++];
    *a = (struct action){0};
    while (next_word(&s, w, sizeof w)) {
        if (text_eq(w, "stop")) a->stop = 1;
        else if (starts(w, "eip+")) a->addEip = number(w + 4, 16);
        else if (text_eq(w, "tf=0")) a->clear |= FL_TF;
        else if (text_eq(w, "tf=1")) a->set |= FL_TF;
        else if (starts(w, "present:")) possible = 0;
    }
}

static void input_line(const char *s) {
    char w[32];
    while (next_word(&s, w, sizeof w)) {
        int known = 0;
        for (u32 i = 0; i < 9; i++) {
            u32 n = 0;
            const char *word = i < 8 ? regName[i] : "fl";
            while (word[n]) n++;
            if (!starts(w, word) || w[n] != '=') continue;
            *(i < 8 ? &test.before.reg[i] : &test.before.eflags) = number(w + n + 1, 16);
            known = 1;
        }
        if (starts(w, "dr") && w[2] != '6') test.debug[w[2] == '7' ? 4 : w[2] - '0'] = number(w + 4, 16), known = 1;
        if (!known) possible = 0;
    }
}

static void case_line(const char *s) {
    finish();
    memset(&test, 0, sizeof test);
    box_base(&test.before);
    test.before.eflags = 0x202;
    memcpy(name, s, sizeof name);
    actions = 0;
    open = possible = 1;
}

static void memory_line(const char *s) {
    struct patch *p = &test.patch[test.patches++];
    p->address = number(s + 1, 16);
    while (*s != '=') s++;
    hex_bytes(s + 1, p->byte, &p->size);
    if (!box_mapped(p->address)) possible = 0;
}

void trace_from_stdin(void) {
    static char line[512];
    while (in_line(line, sizeof line)) {
        if (starts(line, "case ")) case_line(line + 5);
        else if (starts(line, "ring 0") && !starts(line, "ring 0 3")) possible = 0;
        else if (starts(line, "not-on-hardware") || starts(line, "gate") || starts(line, "page")) possible = 0;
        else if (starts(line, "code ")) hex_bytes(line + 5, test.code, &test.codeSize);
        else if (starts(line, "in ")) input_line(line + 3);
        else if (starts(line, "mem ")) memory_line(line + 4);
        else if (starts(line, "trap ")) trap_line(line + 5);
    }
    finish();
    out_flush();
}
