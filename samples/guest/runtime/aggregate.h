/* Several probes at one address: an aggregate stands in the hash for all of them. */
#ifndef AGGREGATE_H
#define AGGREGATE_H

#include "kprobes.h"

int is_aggregate(struct kprobe *p);
int is_child(struct kprobe *aggregate, struct kprobe *p);
int register_aggr_kprobe(struct kprobe *old, struct kprobe *p);
void remove_child(struct kprobe *aggregate, struct kprobe *child);
void drop_handlers_of(struct kprobe *aggregate, struct kprobe *child);
void free_aggregate(struct kprobe *aggregate);

/* The hash, in kprobes.c. */
void hash_add(struct kprobe *p);
void hash_del(struct kprobe *p);

#endif
