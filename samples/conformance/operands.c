/* Registers, flags, memory and addressing of one case: values weighted to 0, 1, -1, the sign bits and page edges. */
#include "form.h"

static u32 seedState;
static struct test *t;
static const struct form *form;
static u32 used; /* bit set of registers the case reads */

void form_seed(const struct form *f) {
    seedState = 2166136261u;
    for (const char *s = f->name; *s; s++) seedState = (seedState ^ (u8)*s) * 16777619u;
    for (u32 i = 0; i < f->opcodeSize; i++) seedState = (seedState ^ f->opcode[i]) * 16777619u;
}

u32 form_random(void) { /* a 32-bit counter through a mixing function: reproducible anywhere */
    u32 z = seedState += 0x9e3779b9u;
    z = (z ^ z >> 16) * 0x85ebca6bu;
    z = (z ^ z >> 13) * 0xc2b2ae35u;
    return z ^ z >> 16;
}

static u32 below(u32 n) {
    return form_random() % n;
}

static int one_in(u32 n) {
    return below(n) == 0;
}

static u32 value(void) {
    static const u32 interesting[] = {
        0, 0, 1, 1, 0xffffffff, 0xffffffff, 2, 0xfffffffe, 0x7f, 0x80, 0x81, 0xff, 0x100, 0x7fff, 0x8000, 0x8001, 0xffff, 0x10000,
        0x7fffffff, 0x7fffffff, 0x80000000, 0x80000000, 0x80000001, 0xffffff80, 0xffffff7f, 0xffff8000, 0xffff7fff, 0x0f, 0x10, 0x99,
        0x00ff00ff, 0x80008000, 0x7f7f7f7f, 0x80808080, 0x01010101, 0xff00,
    };
    u32 v = interesting[below(sizeof interesting / sizeof interesting[0])];
    if (one_in(3)) return form_random();
    return one_in(6) ? (v & 0xff) | (form_random() & ~0xffu) : v;
}

static u32 shift_count(void) {
    static const u8 counts[] = {0, 1, 1, 2, 3, 7, 8, 9, 15, 16, 17, 18, 24, 30, 31, 32, 33, 40, 63, 64, 65, 128, 255};
    return one_in(3) ? below(256) : counts[below(sizeof counts)];
}

static u32 selector(void) {
    static const u8 data[] = {0x2b, 0x2b, 0x2b, 0x23, 0, 3, 0x07, 0x0f, 0x17, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x10, 0x18, 0x28, 0x2a, 0x47};
    static const u8 code[] = {0x23, 0x23, 0x23, 0x23, 0x23, 0x17, 0x37, 0, 3, 0x2b, 0x10, 0x20, 0x21, 0x3f, 0x27, 0x47};
    int transfer = form->stack || form->imm[1] == IMM_SELECTOR || form->name[0] == 'j';
    if (form->name[0] == 'p') transfer = 0; /* POP sreg */
    if (one_in(24)) return 0xfff8;
    return transfer ? code[below(sizeof code)] : data[below(sizeof data)];
}

static u32 flags(void) {
    u32 f = one_in(4) ? 0 : one_in(3) ? FL_STATUS : form_random() & FL_STATUS;
    if (form->string ? one_in(2) : one_in(16)) f |= FL_DF;
    return f | FL_BASE;
}

static u32 popped_flags(void) {
    u32 f = form_random() & 0x003f7fd5u; /* everything but VM */
    if (one_in(2)) f &= 0xfd5;
    return one_in(16) ? form_random() : f;
}

static void byte_out(u32 b) {
    t->code[t->codeSize++] = (u8)b;
}

static void little(u32 v, int bytes) {
    while (bytes--) byte_out(v), v >>= 8;
}

static void patch(u32 address, const u32 *words, u32 size) {
    struct patch *p = &t->patch[t->patches++];
    p->address = address;
    p->size = size > sizeof p->byte ? sizeof p->byte : size;
    memcpy(p->byte, words, p->size);
}

static u32 stack_pointer(void) {
    switch (below(8)) {
        case 0: return STACK_EDGE - 8 + below(17);
        case 1: return one_in(2) ? STACK_START + below(40) : STACK_END - below(40);
        case 2: return STACK_START + 0x400 + below(0x1800);
        default: return 0x00221800 + below(64) * 4;
    }
}

static u32 target(u32 size) {
    switch (below(32)) {
        case 0: return DATA_RO + below(0x40);
        case 1: return DATA_END - below(size + 4);
        case 2: return one_in(2) ? DATA_START - 1 - below(8) : 0x40000000 + (form_random() & 0x3fffffff); /* nothing is mapped there */
        case 3: case 4: return DATA_RO - size + below(4);
        case 5: return DATA_START;
        case 6: case 7: case 8: case 9: case 10: case 11: return DATA_EDGE - size - 1 + below(2 * size + 1);
        default: return DATA_START + 0x100 + below(0x60) * 4 + (one_in(3) ? below(4) : 0);
    }
}

static u32 low_target(u32 size) {
    switch (below(8)) {
        case 0: return LOW_END - below(size + 2);
        case 1: return 0xffff - below(size + 2);
        case 2: return WRAP_START + below(8);
        default: return LOW_START + 0x100 + below(0x100);
    }
}

/* An override prefix now and then. Returns the base of the segment that will be used. */
static u32 segment_prefix(int overridable) {
    static const u8 prefix[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65};
    if (!overridable || !one_in(8)) return 0;
    u32 s = below(6);
    byte_out(prefix[s]);
    return s == FS ? 0x1000 : s == GS ? DATA_START : 0;
}

static void use(u32 reg) { /* as itself, or as the high byte of another */
    used |= 1u << reg | (form->width == 1 || form->opcode[0] >> 3 == 0xb0 >> 3 ? 1u << (reg & 3) : 0);
}

static void set16(u32 reg, u32 v) {
    t->before.reg[reg] = (t->before.reg[reg] & 0xffff0000u) | (v & 0xffff);
}

/* ModRM with 16-bit addressing whose effective address is ea. */
static void modrm16(u32 field, u32 ea) {
    static const u8 base[8] = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX}, index[8] = {ESI, EDI, ESI, EDI, ESP, ESP, ESP, ESP};
    u32 mod = below(3), rm = below(8), disp = mod == 1 ? (u32)(signed char)form_random() : mod == 2 ? form_random() : 0;
    byte_out(mod << 6 | field << 3 | rm);
    if (mod == 0 && rm == 6) {
        little(ea, 2);
        return;
    }
    if (index[rm] != ESP) {
        u32 i = one_in(2) ? below(64) : form_random();
        used |= 1u << index[rm];
        t->before.reg[index[rm]] = form_random();
        set16(index[rm], i);
        ea -= i;
    }
    used |= 1u << base[rm];
    if (one_in(2)) t->before.reg[base[rm]] = form_random();
    set16(base[rm], ea - disp);
    if (mod) little(disp, (int)mod);
}

/* ModRM and SIB with 32-bit addressing whose effective address is ea. With a live stack, ESP keeps its value. */
static void modrm32(u32 field, u32 ea, u32 avoid) {
    u32 mod = below(3), rm, index = ESP, scale = 0;
    do rm = below(8);
    while (rm == avoid && rm != ESP);
    u32 disp = mod == 1 ? (u32)(signed char)form_random() : mod == 2 ? (one_in(2) ? form_random() : below(64)) : 0;
    if (mod == 0 && rm == EBP) {
        byte_out(field << 3 | EBP);
        little(ea, 4);
        return;
    }
    u32 base = rm;
    if (rm == ESP) {
        do base = below(8);
        while (base == avoid);
        do index = form->stack && base == ESP ? ESP : below(8);
        while (index != ESP && (index == avoid || index == base));
        scale = below(4);
    }
    byte_out(mod << 6 | field << 3 | rm);
    if (rm == ESP) byte_out(scale << 6 | index << 3 | base);
    if (index != ESP) {
        u32 i = one_in(2) ? below(16) : one_in(2) ? -below(16) : form_random();
        used |= 1u << index;
        t->before.reg[index] = i;
        ea -= i << scale;
    }
    if (mod == 0 && base == EBP) {
        little(ea, 4);
        return;
    }
    if (form->stack && base == ESP) {
        if (mod == 1) byte_out(below(12));
        if (mod == 2) little(below(64) - 16, 4);
        return;
    }
    used |= 1u << base;
    t->before.reg[base] = ea - disp;
    if (mod == 1) byte_out(disp);
    if (mod == 2) little(disp, 4);
}

static void modrm_any(u32 number, u32 field) { /* LEA: every ModRM and SIB byte in turn, addresses unbounded */
    u32 n = number / 2, mod = n % 3, rm = n / 3 % 8, sib = number / 8;
    byte_out(mod << 6 | field << 3 | rm);
    if (number & 1) {
        if (mod || rm == 6) little(value(), mod == 1 ? 1 : 2);
        return;
    }
    if (rm == ESP) byte_out(sib);
    if (mod == 1) byte_out(value());
    else if (mod == 2 || rm == EBP || (rm == ESP && (sib & 7) == EBP)) little(value(), 4);
}

static u32 operand_size(void) {
    if (form->far) return (u32)form->wide + 2;
    return (u32)(form->bound ? 2 * form->wide : form->width);
}

static u32 field_value(void) {
    switch (form->field) {
        case FIELD_FIXED: return form->fieldValue;
        case FIELD_SEGMENT: return below(6);
        case FIELD_CR: return (u32)"\0\2\3\4"[below(4)];
        default: return below(8);
    }
}

static void memory_content(u32 address, u32 size) {
    u32 words[2] = {value(), value()};
    if (form->far) {
        if (form->wide == 2) words[0] = (words[0] & 0xffff) | selector() << 16;
        else words[1] = selector();
    } else if (form->selector) words[0] = selector();
    if (form->width == 8 && form->equal && one_in(2)) words[0] = t->before.reg[EAX], words[1] = t->before.reg[EDX];
    if (form->bound && one_in(2)) words[0] = 0, words[1] = form->wide == 2 ? 0x7f0000 : 0x7fffffff;
    patch(address, words, size);
}

static void memory_operand(u32 number, u32 field) {
    u32 size = operand_size(), base, at;
    if (form->field == FIELD_RANDOM) use(field);
    if (form->ea) {
        used = ~0u;
        if (number & 1) byte_out(0x67);
        for (u32 i = 0; i < form->opcodeSize; i++) byte_out(form->opcode[i]);
        for (u32 r = 0; r < REGS; r++) t->before.reg[r] = value();
        modrm_any(number, field);
        return;
    }
    int small = one_in(8) && !form->bit && !form->stack;
    base = segment_prefix(1);
    if (base == DATA_START) small = 0;
    if (small) byte_out(0x67), t->touchesLow = 1;
    for (u32 i = 0; i < form->opcodeSize; i++) byte_out(form->opcode[i]);
    at = small ? low_target(size) : target(size);
    u32 displaced = 0, avoid = REGS;
    if (form->bit) {
        static const u32 offsets[] = {0, 1, 7, 8, 15, 16, 17, 30, 31, 32, 33, 63, 64, -1u, -2u, -16u, -17u, -31u, -32u, -33u};
        u32 offset = one_in(3) ? form_random() % 0x8000 - 0x4000 : offsets[below(20)];
        t->before.reg[field] = form->wide == 2 && one_in(2) ? (offset & 0xffff) | (form_random() & 0xffff0000u) : offset;
        displaced = form->wide == 2 ? (u32)((short)offset >> 4) * 2 : (u32)((int)offset >> 5) * 4;
        avoid = field;
    }
    if (small) modrm16(field, at - base);
    else modrm32(field, at - base, avoid);
    memory_content(at + displaced, size);
}

static void register_operand(u32 field) {
    u32 rm = below(8);
    use(rm);
    if (form->field == FIELD_RANDOM) use(field);
    for (u32 i = 0; i < form->opcodeSize; i++) byte_out(form->opcode[i]);
    byte_out(0xc0 | field << 3 | rm);
    if (form->selector) t->before.reg[rm] = selector() | (one_in(2) ? form_random() & 0xffff0000u : 0);
    if (form->equal && one_in(2)) {
        u32 r = form->width == 1 ? rm & 3 : rm, v = t->before.reg[r];
        t->before.reg[EAX] = form->width == 1 && rm > 3 ? v >> 8 : v;
    }
}

static void immediates(void) {
    for (int i = 0; i < 2; i++) {
        u32 v = value();
        switch (form->imm[i]) {
            case IMM8: byte_out(form->interrupt && (v & 0xff) == 0x80 ? 0x81 : v); break; /* 80: Linux's own gate */
            case IMM16: little(form->frame ? (u32)"\0\4\10\20\100"[below(5)] : one_in(4) ? v : below(64), 2); break;
            case IMMV: little(v, form->wide); break;
            case IMM_COUNT: byte_out(shift_count()); break;
            case IMM_LEVEL: byte_out(one_in(8) ? v : below(5)); break;
            case IMM_SELECTOR: little(selector(), 2); break;
            case REL8: byte_out(v); break;
            case RELV: little(v, form->wide); break;
            default: break;
        }
    }
}

static void offset_operand(void) { /* MOV between the accumulator and a bare offset */
    u32 base = segment_prefix(1), small = one_in(4) && base != DATA_START, size = operand_size();
    u32 at = small ? low_target(size) : target(size);
    if (small) byte_out(0x67), t->touchesLow = 1;
    for (u32 i = 0; i < form->opcodeSize; i++) byte_out(form->opcode[i]);
    little(at - base, small ? 2 : 4);
    memory_content(at, size);
}

static void translate_operand(void) {
    u32 base = segment_prefix(1), small = one_in(4) && base != DATA_START, al = value() & 0xff;
    u32 at = small ? low_target(1) : target(1);
    if (small) byte_out(0x67), t->touchesLow = 1;
    byte_out(0xd7);
    t->before.reg[EAX] = (value() & ~0xffu) | al;
    t->before.reg[EBX] = at - base - al;
    if (small) t->before.reg[EBX] = (form_random() & 0xffff0000u) | (t->before.reg[EBX] & 0xffff);
    memory_content(at, 1);
}

static void string_operands(void) {
    u32 base = segment_prefix(form->name[0] != 's' && !form->prefixes), small = one_in(6) && base != DATA_START, width = (u32)form->width;
    u32 count = one_in(4) ? 0 : 1 + below(8), bytes = count * width, down = t->before.eflags & FL_DF;
    int repeated = form->name[0] == 'r' && form->name[2] == 'p';
    if (form->prefixes) small = 0;
    if (!repeated) bytes = width, count = value();
    if (bytes > 32) bytes = 32;
    u32 from = small ? low_target(width) : target(bytes + 1), to = small ? low_target(width) : target(bytes + 1);
    u32 source[8], copy[8];
    for (u32 i = 0; i < 8; i++) source[i] = one_in(2) ? 0 : one_in(2) ? 0x80ff80ff : value();
    memcpy(copy, source, sizeof copy);
    if (one_in(2)) ((u8 *)copy)[below(bytes + 1) & 31] ^= one_in(2) ? 0x80 : 1;
    if (form->name[form->name[0] == 'r' ? 5 : 1] == 'c' && one_in(2))
        for (u32 i = 0; i < 8; i++) copy[i] = t->before.reg[EAX];
    patch(down ? to - bytes + width : to, copy, bytes ? bytes : 1);
    patch(down ? from - bytes + width : from, source, bytes ? bytes : 1);
    t->before.reg[ESI] = from - base;
    t->before.reg[EDI] = to;
    if (repeated || !one_in(4)) t->before.reg[ECX] = count;
    if (small) {
        byte_out(0x67);
        t->touchesLow = 1;
        for (u32 r = ECX; r <= EDI; r++)
            if (r == ECX || r == ESI || r == EDI) t->before.reg[r] = (t->before.reg[r] & 0xffff) | (one_in(2) ? form_random() & 0xffff0000u : 0);
    }
}

static void stack_content(void) {
    u32 words[8];
    for (u32 i = 0; i < 8; i++) words[i] = value();
    if (form->flags) words[0] = popped_flags();
    if (form->selector) {
        u32 target = CODE + below(0x100), s = selector(), f = popped_flags() & ~0x20000u;
        if (form->far && form->wide == 2) words[0] = (target & 0xffff) | s << 16, words[1] = f;
        else if (form->far) words[0] = target, words[1] = s | (one_in(2) ? form_random() & 0xffff0000u : 0), words[2] = f;
        else words[0] = s;
    }
    patch(t->before.reg[ESP], words, form->name[0] == 'p' && form->name[3] == 'a' ? 32 : 12);
}

static void divide(void) {
    u32 *r = t->before.reg, w = (u32)form->width, choice = below(4), mask = w == 4 ? 0xffffffff : (1u << 8 * w) - 1;
    u32 low = value() & mask, high = choice == 0 ? value() : choice == 1 ? below(4) : 0;
    if (form->div == 2 && choice >= 2) high = low >> (8 * w - 1) ? mask : 0;
    if (w == 1) r[EAX] = (r[EAX] & 0xffff0000u) | (high & 0xff) << 8 | low;
    else r[EAX] = (r[EAX] & ~mask) | low, r[EDX] = (r[EDX] & ~mask) | (high & mask);
}

static void prefixes(void) {
    static const u8 legal[] = {0x66, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x3e};
    for (u32 n = one_in(3) ? 10 + below(6) : below(16); n; n--) byte_out(legal[below(sizeof legal)]);
}

static void registers(u32 number) {
    struct state *s = &t->before;
    if (form->modrm != NO_MODRM || form->plusRegister)
        for (u32 r = 0; r < REGS; r++) s->reg[r] = value();
    for (u32 r = 0; r < REGS; r++)
        if (form->uses >> r & 1) s->reg[r] = value();
    if (form->count || form->a16) s->reg[ECX] = (value() & ~0xffu) | shift_count();
    if (form->a16 && one_in(2)) s->reg[ECX] = one_in(2) ? below(3) : below(3) << 16 | below(2);
    s->eflags = flags();
    if (form->exhaustive) {
        s->reg[EAX] = (value() & ~0xffu) | (number & 0xff);
        s->eflags = (s->eflags & ~0x11u) | (number >> 8 & 1 ? 0x10 : 0) | (number >> 9 & 1);
        if (form->cases == 512) s->eflags |= one_in(2);
    }
    if (form->div) divide();
    if (form->stack) {
        s->reg[ESP] = stack_pointer();
        if (form->frame) s->reg[EBP] = stack_pointer();
        stack_content();
    }
}

/* Registers that the case cannot read keep their base value, so that lines stay short. */
static void forget_unused(void) {
    struct state base;
    box_base(&base);
    for (u32 r = 0; r < REGS; r++)
        if (!(used >> r & 1)) t->before.reg[r] = base.reg[r];
}

void form_case(const struct form *f, u32 number, struct test *test) {
    t = test;
    form = f;
    memset(t, 0, sizeof *t);
    box_base(&t->before);
    registers(number);
    used = f->uses | (f->count || f->a16 ? 1u << ECX : 0) | (f->string ? 1u << ECX | 1u << ESI | 1u << EDI : 0) | (f->stack ? 1u << ESP : 0)
        | (f->frame ? 1u << EBP : 0) | (f->xlat ? 1u << EAX | 1u << EBX : 0);
    if (f->prefixes) prefixes();
    u32 field = field_value();
    if (f->string) string_operands();
    if (f->a16 && one_in(4)) byte_out(0x67);
    if (f->imm[0] == MOFFS) offset_operand();
    else if (f->xlat) translate_operand();
    else if (f->field == FIELD_CR || f->field == FIELD_DR) register_operand(field);
    else if (f->modrm == MEMORY || (f->modrm == EITHER && one_in(2))) memory_operand(number, field);
    else if (f->modrm != NO_MODRM) register_operand(field);
    else {
        for (u32 i = 0; i < f->opcodeSize; i++) byte_out(f->opcode[i]);
        u32 r = below(8);
        if (f->plusRegister) t->code[t->codeSize - 1] |= (u8)r, use(r);
    }
    immediates();
    forget_unused();
    if (f->edge) t->before.eip = (one_in(3) ? CODE_END : CODE_EDGE) - 1 - below(t->codeSize);
    if (f->tail) byte_out(0x90);
}
