/* Expands forms.txt (stdin) and prints the cases of one table. The notation of both is described in README.md. */
#include "form.h"

static char family[24][8];
static u32 families;
const char *const regName[REGS] = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
static const char *const segName[SEGS] = {"es", "cs", "ss", "ds", "fs", "gs"};

static void append(char *to, const char *s) {
    u32 n = 0;
    while (to[n]) n++;
    while (*s && n < 47) to[n++] = *s++;
    to[n] = 0;
}

/* The form's own name: v becomes 16 or 32, rm becomes r or m, %s the member of the family. */
static void expand_name(struct form *f, const char *text, const char *member, int memory) {
    char one[2] = {0, 0};
    f->name[0] = 0;
    for (; *text && *text != '|'; text++) {
        if (starts(text, "%s")) {
            append(f->name, member);
            text++;
        } else if (starts(text, "rm")) {
            append(f->name, memory ? "m" : "r");
            text++;
        } else if (starts(text, "av") && (text[-1] == ' ' || text[-1] == ',')) {
            append(f->name, f->wide == 4 ? "eax" : "ax");
            text++;
        } else if (*text == 'v' && (text[1] == ' ' || text[1] == ',' || !text[1]) && (text[-1] == 'm' || text[-1] == 'r' || text[-1] == 's' || text[-1] == 'l')) {
            append(f->name, f->wide == 4 ? "32" : "16");
        } else {
            one[0] = *text;
            append(f->name, one);
        }
    }
    u32 n = 0;
    while (f->name[n]) n++;
    while (n && f->name[n - 1] == ' ') f->name[--n] = 0;
}

static int has_operand(const char *text, const char *operand) {
    for (; *text && *text != '|'; text++)
        if ((*text == ' ' || *text == ',') && starts(text + 1, operand)) return 1;
    return 0;
}

static void encoding_word(struct form *f, const char *w, u32 member) {
    enum immediate imm = IMM_NONE;
    if (starts(w, "/")) {
        f->modrm = w[1] == 'R' ? REGISTER : f->modrm;
        f->field = w[1] == 'r' || w[1] == 'R' ? FIELD_RANDOM : w[1] == 's' ? FIELD_SEGMENT : w[1] == 'c' ? FIELD_CR : w[1] == 'd' ? FIELD_DR : FIELD_FIXED;
        f->fieldValue = w[1] == 'n' ? member : (u32)(w[1] - '0');
    } else if (text_eq(w, "+r")) f->plusRegister = 1;
    else if (text_eq(w, "ib")) imm = IMM8;
    else if (text_eq(w, "iw")) imm = IMM16;
    else if (text_eq(w, "iv")) imm = IMMV;
    else if (text_eq(w, "ic")) imm = IMM_COUNT;
    else if (text_eq(w, "il")) imm = IMM_LEVEL;
    else if (text_eq(w, "is")) imm = IMM_SELECTOR;
    else if (text_eq(w, "rb")) imm = REL8;
    else if (text_eq(w, "rv")) imm = RELV;
    else if (text_eq(w, "moffs")) imm = MOFFS;
    else if (!text_eq(w, "v"))
        f->opcode[f->opcodeSize++] = (u8)(number(w, 16) + (starts(w + 2, "+8n") ? 8 * member : starts(w + 2, "+n") ? member : 0));
    if (imm) f->imm[f->imm[0] ? 1 : 0] = imm;
}

static void attribute(struct form *f, const char *w) {
    static const struct { const char *name; u32 offset; } flag[] = {
#define FLAG(text, field) {text, (u32)__builtin_offsetof(struct form, field)}
        FLAG("lock", lock), FLAG("stack", stack), FLAG("count", count), FLAG("bit", bit), FLAG("equal", equal), FLAG("ea", ea),
        FLAG("xlat", xlat), FLAG("flags", flags), FLAG("frame", frame), FLAG("string", string), FLAG("selector", selector),
        FLAG("far", far), FLAG("tail", tail), FLAG("bound", bound), FLAG("int", interrupt), FLAG("edge", edge),
        FLAG("prefixes", prefixes), FLAG("a16", a16), FLAG("exhaustive", exhaustive), FLAG("div", div),
    };
    for (u32 i = 0; i < sizeof flag / sizeof flag[0]; i++)
        if (text_eq(w, flag[i].name)) {
            *(int *)(void *)((u8 *)f + flag[i].offset) = 1;
            return;
        }
    if (starts(w, "use=")) {
        static const char letters[] = "acdbXpSD";
        for (w += 4; *w; w++)
            for (u32 r = 0; r < REGS; r++)
                if (letters[r] == *w) f->uses |= 1u << r;
    } else if (starts(w, "w=")) f->width = (int)number(w + 2, 10) / 8;
    else if (starts(w, "n=")) f->cases = number(w + 2, 10);
    else if (text_eq(w, "idiv")) f->div = 2;
    else if (text_eq(w, "memory")) f->modrm = MEMORY;
    else die(w);
}

static void print_state(const struct state *s, const struct state *than) {
    for (u32 r = 0; r < REGS; r++)
        if (s->reg[r] != than->reg[r]) out_text(" "), out_text(regName[r]), out_text("="), out_hex(s->reg[r]);
    for (u32 r = 0; r < SEGS; r++)
        if (s->seg[r] != than->seg[r]) out_text(" "), out_text(segName[r]), out_text("="), out_hex(s->seg[r]);
    if (s->eflags != than->eflags) out_text(" fl="), out_hex(s->eflags);
}

static void print_bytes(u32 address, const u8 *bytes, u32 size) {
    out_text(" [");
    out_hex(address);
    out_text("]=");
    while (size--) out_byte(*bytes++);
}

static void print_patch(const struct patch *p) {
    for (u32 i = 0; i < p->size;) {
        u32 run = 0;
        while (i + run < p->size && box_writable(p->address + i + run)) run++;
        if (run) print_bytes(p->address + i, p->byte + i, run);
        i += run + 1;
    }
}

static void print_case(const struct form *f, const struct test *t) {
    struct state base, expected = t->before;
    struct outcome o;
    box_base(&base);
    for (u32 i = 0; i < t->codeSize; i++) out_byte(t->code[i]);
    if (t->before.eip != CODE) out_text(" at="), out_hex(t->before.eip);
    print_state(&t->before, &base);
    for (int i = 0; i < t->patches; i++) print_patch(&t->patch[i]);
    out_text(" |");
    box_run(t, &o, f->string ? 100 : 1);
    if (o.vector != 1) {
        out_text(" ");
        out_text(o.vector < 18 ? vectorName[o.vector] : "#??");
        if (o.vector == 8 || (o.vector >= 10 && o.vector <= 14) || o.vector == 17) out_text(" error="), out_hex(o.error);
        if (o.vector == 14) out_text(" cr2="), out_hex(o.cr2);
    } else if (!f->tail) expected.eip += t->codeSize;
    if (o.after.eip != expected.eip) out_text(" eip="), out_hex(o.after.eip);
    if (o.steps != 1) out_text(" steps="), out_dec(o.steps);
    print_state(&o.after, &expected);
    box_changes(t, print_bytes);
    out_text("\n");
}

static void print_form(const struct form *f, const char *encoding) {
    struct test t;
    char w[32];
    out_text("form ");
    out_text(f->name);
    out_text(" |");
    for (u32 i = 0; i < f->opcodeSize; i++) out_text(" "), out_byte(f->opcode[i]);
    while (next_word(&encoding, w, sizeof w)) {
        if (w[0] == '/' && w[1] == 'n') w[1] = (char)('0' + f->fieldValue);
        if (text_eq(w, "+r") || starts(w, "/") || (w[0] >= 'i' && w[0] != 'v')) out_text(" "), out_text(w);
    }
    out_text("\n");
    form_seed(f);
    for (u32 i = 0; i < f->cases; i++) {
        form_case(f, i, &t);
        print_case(f, &t);
    }
}

static void parse(const char *line, u32 member, int wide, int memory) {
    struct form f = {.wide = wide, .cases = 208};
    char w[32];
    const char *encoding = line;
    int rm = has_operand(line, "rm");
    expand_name(&f, line, families ? family[member] : "", memory);
    f.width = has_operand(line, "rm8") || has_operand(line, "m8") ? 1 : has_operand(line, "rm16") ? 2 : wide;
    f.modrm = rm ? (memory ? MEMORY : REGISTER) : has_operand(line, "m") ? MEMORY : EITHER;
    if (wide == 2) f.opcode[f.opcodeSize++] = 0x66;
    while (*encoding && *encoding++ != '|') {}
    const char *s = encoding;
    int modrm = 0;
    while (next_word(&s, w, sizeof w)) {
        modrm |= w[0] == '/';
        encoding_word(&f, w, member);
    }
    if (*s == '|') s++;
    while (next_word(&s, w, sizeof w)) attribute(&f, w);
    if (!modrm) f.modrm = NO_MODRM;
    print_form(&f, encoding);
    if (f.lock && f.modrm == MEMORY && !starts(f.name, "cmp ") && !starts(f.name, "bt ")) {
        char plain[48];
        memcpy(plain, f.name, sizeof plain);
        for (u32 i = f.opcodeSize++; i; i--) f.opcode[i] = f.opcode[i - 1];
        f.opcode[0] = 0xf0;
        f.name[0] = 0;
        append(f.name, "lock ");
        append(f.name, plain);
        f.lock = 2;
        print_form(&f, encoding);
    }
}

static void expand(const char *line) {
    const char *encoding = line;
    while (*encoding && *encoding != '|') encoding++;
    int both = has_operand(line, "rm"), wide = starts(encoding, "| v ");
    int member = 0;
    for (const char *s = line; *s; s++) member |= starts(s, "%s");
    for (u32 m = 0; m < (member ? families : 1); m++) {
        if (member && family[m][0] == '-') continue;
        for (int w = 4; w >= (wide ? 2 : 4); w -= 2)
            for (int memory = 0; memory <= both; memory++) parse(line, m, w, memory);
    }
}

void generate_from_stdin(const char *table) {
    char line[160], w[32];
    int wanted = 0;
    while (in_line(line, sizeof line)) {
        const char *s = line;
        if (starts(line, "table ")) wanted = text_eq(line + 6, table);
        else if (starts(line, "group")) {
            s += 5;
            for (families = 0; next_word(&s, w, sizeof w); families++) memcpy(family[families], w, sizeof family[0]);
        } else if (wanted && line[0] && line[0] != '#') expand(line);
        if (starts(line, "table ")) families = 0;
    }
    out_flush();
}
