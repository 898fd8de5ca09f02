/* The box every case runs in: fixed linear addresses, selectors and register values, so that a table means the same
 * on the hardware, in QEMU and in an emulator. README.md describes it for readers; this file is what the capture uses.
 * Freestanding: 32-bit code for an x86-64 or i386 Linux, no C library. */
#ifndef BOX_H
#define BOX_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, REGS };
enum { ES, CS, SS, DS, FS, GS, SEGS };

/* Pages. Whatever is not listed between LOW_START and STACK_END is not mapped, so that running off an edge faults. */
#define LOW_START 0x00008000u /* two read/write pages that 16-bit addressing reaches */
#define LOW_END 0x0000a000u
#define WRAP_START 0x0000f000u /* two read/write pages around the 64 KiB wrap */
#define WRAP_END 0x00011000u
#define CODE_START 0x00201000u /* two executable pages */
#define CODE_EDGE 0x00202000u
#define CODE_END 0x00203000u
#define CODE 0x00201800u /* where a case's code stands unless it says at= */
#define DATA_START 0x00211000u /* two read/write pages … */
#define DATA_EDGE 0x00212000u
#define DATA_RO 0x00213000u /* … followed by a read-only one */
#define DATA_END 0x00214000u
#define STACK_START 0x00221000u /* two read/write pages */
#define STACK_EDGE 0x00222000u
#define STACK_END 0x00223000u

#define FL_CF 0x001u
#define FL_TF 0x100u
#define FL_IF 0x200u
#define FL_DF 0x400u
#define FL_STATUS 0x8d5u
#define FL_BASE 0x302u /* bit 1, TF, IF: what every case starts with at least */

struct state {
    u32 reg[REGS];
    u32 seg[SEGS];
    u32 eip, eflags;
};

struct patch { /* bytes laid over the background before the case */
    u32 address, size;
    u8 byte[32];
};

struct outcome {
    struct state after;
    u32 vector, error, cr2, steps;
};

struct test {
    struct state before;
    u8 code[160];
    u32 codeSize;
    struct patch patch[8];
    int patches;
    int touchesLow; /* compare the low pages too */
    u32 debug[5];   /* DR0-DR3, DR7; all 0: left alone */
};

/* box.c */
void box_open(void);
void box_base(struct state *s);
int box_mapped(u32 address);
int box_writable(u32 address);
int box_sees(u32 address, u32 size); /* all bytes mapped */
/* Runs from before until a fault, or until the instruction pointer leaves the first instruction (at most stepLimit traps). */
void box_run(const struct test *t, struct outcome *o, u32 stepLimit);
/* Runs on, trap after trap, as long as visit returns 1; the registers it leaves in after are returned to. */
void box_trace(const struct test *t, struct outcome *o, int (*visit)(struct outcome *));
/* Calls visit for each range the run changed, lowest address first, then restores the background. */
void box_changes(const struct test *t, void (*visit)(u32 address, const u8 *bytes, u32 size));
u8 background(u32 address);

/* out.c */
void out_text(const char *s);
void out_hex(u32 v);
void out_byte(u8 v);
void out_dec(u32 v);
void out_flush(void);
int in_line(char *line, u32 size); /* 0 at the end of stdin */
void die(const char *message) __attribute__((noreturn));
void *memcpy(void *to, const void *from, unsigned int n);
void *memset(void *to, int v, unsigned int n);
int text_eq(const char *a, const char *b);
int syscall3(int n, u32 a, u32 b, u32 c);
int syscall6(int n, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f);

u32 number(const char *s, u32 base); /* up to the first character that is no digit */
int starts(const char *s, const char *prefix);
int next_word(const char **s, char *word, u32 size); /* words end at spaces and bars */
extern const char *const vectorName[18];
extern const char *const regName[REGS];

/* generate.c */
void generate_from_stdin(const char *table);

/* trace.c */
void trace_from_stdin(void);

#endif
