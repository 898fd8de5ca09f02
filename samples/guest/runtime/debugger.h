/* A debugger that uses int3 on its own, as one client of the die-notifier chain among others. */
#ifndef DEBUGGER_H
#define DEBUGGER_H

#include "guest.h"

void debugger_attach(void);
void debugger_detach(void);
/* An int3 that is part of the program: the debugger takes it and lets the program go on behind it. */
void debugger_own(void *addr);
/* A breakpoint the debugger writes itself; the instruction under it is stepped in place. */
void debugger_plant(void *addr);
void debugger_remove(void *addr);

extern u32 debugger_hits;

#endif
