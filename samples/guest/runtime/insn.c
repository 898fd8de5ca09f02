/* Instruction lengths (Intel SDM vol. 2, appendix A), and where a probe may stand. */
#include "flow.h"

/* What follows an opcode byte. */
enum { PLAIN, MODRM, IMM8, MODRM_IMM8, IMM32, MODRM_IMM32, IMM16, FAR_PTR, ENTER, MOFFS, PREFIX, GROUP3 };

static u8 one_byte_operands(u8 opcode)
{
    if (opcode < 0x40) {
        static const u8 row[8] = {MODRM, MODRM, MODRM, MODRM, IMM8, IMM32, PLAIN, PLAIN};
        return row[opcode & 7]; /* segment overrides and 0F are taken before */
    }
    if (opcode < 0x60 || (opcode >= 0x6c && opcode <= 0x6f) || (opcode >= 0x90 && opcode < 0xa0))
        return opcode == 0x9a ? FAR_PTR : PLAIN;
    if (opcode >= 0x70 && opcode < 0x80)
        return IMM8;
    if (opcode >= 0x84 && opcode < 0x90)
        return MODRM;
    if (opcode >= 0xa0 && opcode < 0xb0)
        return opcode < 0xa4 ? MOFFS : opcode == 0xa8 ? IMM8 : opcode == 0xa9 ? IMM32 : PLAIN;
    if (opcode >= 0xb0 && opcode < 0xc0)
        return opcode < 0xb8 ? IMM8 : IMM32;
    if (opcode >= 0xd8 && opcode < 0xe0)
        return MODRM;
    switch (opcode) {
    case 0x62:
    case 0x63:
    case 0xc4:
    case 0xc5:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
    case 0xfe:
    case 0xff:
        return MODRM;
    case 0x68:
    case 0xe8:
    case 0xe9:
        return IMM32;
    case 0x69:
    case 0x81:
    case 0xc7:
        return MODRM_IMM32;
    case 0x6a:
    case 0xcd:
    case 0xd4:
    case 0xd5:
    case 0xeb:
        return IMM8;
    case 0x6b:
    case 0x80:
    case 0x82:
    case 0x83:
    case 0xc0:
    case 0xc1:
    case 0xc6:
        return MODRM_IMM8;
    case 0xc2:
    case 0xca:
        return IMM16;
    case 0xc8:
        return ENTER;
    case 0xea:
        return FAR_PTR;
    case 0xf6:
    case 0xf7:
        return GROUP3;
    }
    return opcode >= 0xe0 && opcode < 0xe8 ? IMM8 : PLAIN;
}

static u8 two_byte_operands(u8 opcode)
{
    if ((opcode >= 0x80 && opcode < 0x90))
        return IMM32;
    if (opcode == 0xa4 || opcode == 0xac || opcode == 0xba || (opcode >= 0x70 && opcode <= 0x73) || opcode == 0xc2)
        return MODRM_IMM8;
    if ((opcode >= 0xc8 && opcode < 0xd0) || (opcode >= 0x05 && opcode <= 0x0b) || (opcode >= 0x30 && opcode < 0x38) ||
        opcode == 0x77 || opcode == 0xa0 || opcode == 0xa1 || opcode == 0xa2 || opcode == 0xa8 || opcode == 0xa9 ||
        opcode == 0xaa)
        return PLAIN;
    return MODRM;
}

/* ModRM, SIB and displacement in 32-bit addressing; 16-bit where a 67 prefix says so. */
static u32 modrm_length(const u8 *at, int address16)
{
    u8 mod = at[0] >> 6, rm = at[0] & 7;

    if (mod == 3)
        return 1;
    if (address16)
        return 1 + (mod == 1 ? 1 : mod == 2 || rm == 6 ? 2 : 0);
    if (rm == 4)
        return 2 + (mod == 1 ? 1 : mod == 2 || (at[1] & 7) == 5 ? 4 : 0);
    return 1 + (mod == 1 ? 1 : mod == 2 || rm == 5 ? 4 : 0);
}

static int is_prefix(u8 byte)
{
    return byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e || (byte >= 0x64 && byte <= 0x67) || byte == 0xf0 ||
           byte == 0xf2 || byte == 0xf3;
}

const kprobe_opcode_t *skip_prefixes(const kprobe_opcode_t *opcodes)
{
    while (is_prefix(*opcodes))
        opcodes++;
    return opcodes;
}

u32 insn_length(const u8 *code)
{
    const u8 *at = code;
    u32 immediate = 4, pointer = 4;
    u8 opcode, operands;

    for (; is_prefix(*at); at++) {
        if (*at == 0x66)
            immediate = 2;
        if (*at == 0x67)
            pointer = 2;
    }
    opcode = *at++;
    operands = opcode == 0x0f ? two_byte_operands(*at++) : one_byte_operands(opcode);
    if (operands == GROUP3) { /* test has an immediate, the other five have not */
        operands = (at[0] & 0x30) ? MODRM : opcode == 0xf6 ? MODRM_IMM8 : MODRM_IMM32;
    }
    if (operands == MODRM || operands == MODRM_IMM8 || operands == MODRM_IMM32)
        at += modrm_length(at, pointer == 2);
    switch (operands) {
    case IMM8:
    case MODRM_IMM8:
        return at + 1 - code;
    case IMM16:
        return at + 2 - code;
    case IMM32:
    case MODRM_IMM32:
        return at + immediate - code;
    case ENTER:
        return at + 3 - code;
    case FAR_PTR:
        return at + immediate + 2 - code;
    case MOFFS:
        return at + pointer - code;
    }
    return at - code;
}

extern const u8 __start_kprobes_text[] __weak;
extern const u8 __stop_kprobes_text[] __weak;
extern const u8 __start_nmi_text[] __weak;
extern const u8 __stop_nmi_text[] __weak;
extern const u8 multiboot_header[];

static int within(const void *addr, const u8 *start, const u8 *stop)
{
    return (const u8 *)addr >= start && (const u8 *)addr < stop;
}

static const struct observation *symbol_of(const void *addr)
{
    for (const struct observation *o = __start_trapline; o < __stop_trapline; o++)
        if (o->kind == OBSERVE_TEXT && within(addr, o->address, (const u8 *)o->address + o->size))
            return o;
    return NULL;
}

/* What is behind a breakpoint of ours is the probe's first byte. */
static u8 original_byte(const u8 *at)
{
    struct kprobe *p = *at == BREAKPOINT_INSTRUCTION ? get_kprobe((void *)at) : NULL;
    return p ? p->opcode : *at;
}

static u32 original_length(const u8 *at)
{
    u8 copy[MAX_INSN_SIZE];

    memcpy(copy, at, sizeof copy);
    copy[0] = original_byte(at);
    return insn_length(copy);
}

/* Decodes from the symbol on until the address is met or passed. */
static int at_boundary(const u8 *addr)
{
    const struct observation *symbol = symbol_of(addr);
    const u8 *at;

    if (!symbol)
        return 1;
    for (at = symbol->address; at < addr; at += original_length(at))
        ;
    return at == addr;
}

int arch_check_address(struct kprobe *p)
{
    u8 opcode;

    if (p->addr < multiboot_header || within(p->addr, __start_kprobes_text, __stop_kprobes_text))
        return -EINVAL;
    if ((const void *)p->addr >= (const void *)per_cpu && (const void *)p->addr < (const void *)(per_cpu + NR_CPUS))
        return -EINVAL;
    if (kernel_traits.refuses_nmi_code && within(p->addr, __start_nmi_text, __stop_nmi_text))
        return -EINVAL;
    if (kernel_traits.checks_boundaries && !at_boundary(p->addr))
        return -EINVAL;
    opcode = original_byte(p->addr);
    if (kernel_traits.refuses_int3 && opcode == BREAKPOINT_INSTRUCTION)
        return -EINVAL;
    if (kernel_traits.refuses_mov_ss && (opcode == 0x17 || (opcode == 0x8e && (p->addr[1] & 0x38) == 0x10)))
        return -EINVAL;
    return 0;
}
