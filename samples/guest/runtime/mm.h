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
#define PAGE_SIZE 4096

void mm_init(void);
/* Makes page `page` of the user area one that a fault brings in; returns its user address. */
void *mm_user_page(u32 page);
/* The memory behind that page, as the kernel sees it: to put code or data there. */
void *mm_user_memory(u32 page);
/* Takes the page out again: the next access faults. */
void mm_evict(void *address);
/* A page of kernel memory that is in the master page table only. */
void *mm_vmalloc_page(u32 page);

/* User mode: enters at eip; returns what the task passed to exit (int $0x80 with EAX = 1, EBX = result). */
u32 run_user(u32 eip, u32 esp, u32 eflags);
void leave_user(u32 result, u32 esp) __attribute__((noreturn));

#endif
