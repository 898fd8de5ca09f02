/* Memory that is not simply there: what a page fault may repair. */
#ifndef MM_H
#define MM_H

#include "guest.h"

/* User addresses lie here; faults on them may be repaired by mapping, asleep if need be. */
#define USER_BASE 0x40000000
#define USER_END 0x40400000
/* Kernel addresses whose page-table entries are copied lazily from the master table. */
#define VMALLOC_BASE 0xd0000000
#define VMALLOC_END 0xd0400000

void mm_init(void);

#endif
