/* One opcode form: what a line of forms.txt expands to. */
#ifndef FORM_H
#define FORM_H
#include "box.h"

enum modrm { NO_MODRM, REGISTER, MEMORY, EITHER };
enum field { FIELD_RANDOM, FIELD_FIXED, FIELD_SEGMENT, FIELD_CR, FIELD_DR };
enum immediate { IMM_NONE, IMM8, IMM16, IMMV, IMM_COUNT, IMM_LEVEL, IMM_SELECTOR, REL8, RELV, MOFFS };

struct form {
    char name[48];
    u8 opcode[6];
    u32 opcodeSize;
    int wide;          /* operand size in bytes of v operands: 4 or 2 */
    int width;         /* bytes of the memory operand */
    int plusRegister;  /* low three bits of the last opcode byte select a register */
    enum modrm modrm;
    enum field field;
    u32 fieldValue;
    enum immediate imm[2];
    u32 uses;          /* bit set of registers read implicitly */
    u32 cases;
    int lock, stack, count, div, bit, equal, ea, xlat, flags, frame, string, selector, far, tail, bound, interrupt, edge, prefixes,
            a16, exhaustive;
};

u32 form_random(void);
void form_seed(const struct form *f); /* from its name and opcode */
/* Fills one case of the form; number counts from 0. */
void form_case(const struct form *f, u32 number, struct test *t);
#endif
