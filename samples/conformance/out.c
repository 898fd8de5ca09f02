/* Text in and out without a C library. */
#include "box.h"

static char buffer[65536];
static u32 used;

int syscall3(int n, u32 a, u32 b, u32 c) {
    int r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory");
    return r;
}

int syscall6(int n, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f) {
    int r;
    u32 arg[7] = {(u32)n, a, b, c, d, e, f};
    __asm__ volatile("push %%ebp\n push %%ebx\n mov 0(%%eax), %%ecx\n push %%ecx\n mov 4(%%eax), %%ebx\n mov 8(%%eax), %%ecx\n"
                     "mov 12(%%eax), %%edx\n mov 16(%%eax), %%esi\n mov 20(%%eax), %%edi\n mov 24(%%eax), %%ebp\n pop %%eax\n"
                     "int $0x80\n pop %%ebx\n pop %%ebp"
                     : "=a"(r) : "a"(arg) : "ecx", "edx", "esi", "edi", "memory");
    return r;
}

void out_flush(void) {
    u32 done = 0;
    while (done < used) {
        int n = syscall3(4, 1, (u32)buffer + done, used - done);
        if (n <= 0) syscall3(1, 3, 0, 0);
        done += (u32)n;
    }
    used = 0;
}

static void put(char c) {
    if (used == sizeof buffer) out_flush();
    buffer[used++] = c;
}

void out_text(const char *s) {
    while (*s) put(*s++);
}

void out_hex(u32 v) {
    int shift = 28;
    while (shift > 0 && !(v >> shift)) shift -= 4;
    for (; shift >= 0; shift -= 4) put("0123456789abcdef"[v >> shift & 15]);
}

void out_byte(u8 v) {
    put("0123456789abcdef"[v >> 4]);
    put("0123456789abcdef"[v & 15]);
}

void out_dec(u32 v) {
    if (v >= 10) out_dec(v / 10);
    put((char)('0' + v % 10));
}

int in_line(char *line, u32 size) {
    static char in[4096];
    static u32 at, end;
    u32 n = 0;
    for (;;) {
        if (at == end) {
            int got = syscall3(3, 0, (u32)in, sizeof in);
            if (got <= 0) return n > 0;
            at = 0;
            end = (u32)got;
        }
        char c = in[at++];
        if (c == '\n') break;
        if (n + 1 < size) line[n++] = c;
    }
    line[n] = 0;
    return 1;
}

int text_eq(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

void die(const char *message) {
    u32 n = 0;
    out_flush();
    while (message[n]) n++;
    syscall3(4, 2, (u32)message, n);
    syscall3(4, 2, (u32)"\n", 1);
    syscall3(1, 2, 0, 0);
    __builtin_unreachable();
}

void *memcpy(void *to, const void *from, unsigned int n) {
    u8 *t = to;
    const u8 *f = from;
    while (n--) *t++ = *f++;
    return to;
}

void *memset(void *to, int v, unsigned int n) {
    u8 *t = to;
    while (n--) *t++ = (u8)v;
    return to;
}

const char *const vectorName[18] = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF",
                                           "#9", "#TS", "#NP", "#SS", "#GP", "#PF", "#15", "#MF", "#AC"};

int starts(const char *s, const char *prefix) {
    while (*prefix)
        if (*s++ != *prefix++) return 0;
    return 1;
}

u32 number(const char *s, u32 base) {
    u32 v = 0;
    for (;; s++) {
        u32 d = *s >= '0' && *s <= '9' ? (u32)(*s - '0') : *s >= 'a' && *s <= 'f' ? (u32)(*s - 'a' + 10) : 99;
        if (d >= base) return v;
        v = v * base + d;
    }
}

/* Cuts the next word off *s, into word. */
int next_word(const char **s, char *word, u32 size) {
    u32 n = 0;
    while (**s == ' ') ++*s;
    while (**s && **s != ' ' && **s != '|') {
        if (n + 1 < size) word[n++] = **s;
        ++*s;
    }
    word[n] = 0;
    return n > 0;
}
