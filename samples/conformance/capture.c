/* capture TABLE < forms.txt: runs the cases of one table on this processor and prints them with what it did.
 * capture traps, fed with the trap corpus: the same for those cases of the trap corpus that ring 3 can run. */
#include "box.h"

void run(const char **argument) __attribute__((noreturn, used));

void run(const char **argument) {
    if (!argument[1]) die("usage: capture TABLE < forms.txt, or capture traps < the trap corpus");
    box_open();
    if (text_eq(argument[1], "traps")) trace_from_stdin();
    else generate_from_stdin(argument[1]);
    syscall3(252, 0, 0, 0);
    __builtin_unreachable();
}

__asm__(".globl _start\n_start: lea 4(%esp), %eax\n and $-16, %esp\n sub $12, %esp\n push %eax\n call run");
