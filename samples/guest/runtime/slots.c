/* Pages of instruction slots, and what becomes of those given back (kernel/kprobes.c, 2.6.24). */
#include "kprobes.h"

#define INSNS_PER_PAGE 256

enum slot_state { SLOT_CLEAN = 0, SLOT_DIRTY = 1, SLOT_USED = 2 };

kprobe_opcode_t insn_slots[INSNS_PER_PAGE][MAX_INSN_SIZE] __attribute__((aligned(4096)));
static u8 slot_states[INSNS_PER_PAGE];
static int garbage_count;

/*
 * A dirty slot is reused when every CPU has scheduled since: nobody runs in it then. A task that
 * sleeps in a fault of its boosted instruction is overlooked (30390880deb keeps it from getting there).
 */
static void collect_garbage_slots(void)
{
    synchronize_sched();
    for (int i = 0; i < INSNS_PER_PAGE; i++)
        if (slot_states[i] == SLOT_DIRTY)
            slot_states[i] = SLOT_CLEAN;
    garbage_count = 0;
}

static kprobe_opcode_t *take_clean_slot(void)
{
    for (int i = 0; i < INSNS_PER_PAGE; i++)
        if (slot_states[i] == SLOT_CLEAN) {
            slot_states[i] = SLOT_USED;
            return insn_slots[i];
        }
    return NULL;
}

kprobe_opcode_t *get_insn_slot(void)
{
    kprobe_opcode_t *slot = take_clean_slot();
    if (!slot && garbage_count) {
        collect_garbage_slots();
        slot = take_clean_slot();
    }
    return slot;
}

void free_insn_slot(kprobe_opcode_t *slot, int dirty)
{
    u32 index = (slot - insn_slots[0]) / MAX_INSN_SIZE;
    slot_states[index] = dirty ? SLOT_DIRTY : SLOT_CLEAN;
    if (dirty && ++garbage_count > INSNS_PER_PAGE)
        collect_garbage_slots();
}

OBSERVE(insn_slots, sizeof insn_slots, OBSERVE_TEXT, "insn_slots", 0, 1);
