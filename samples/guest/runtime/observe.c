/* What of the runtime is observed in every run. */
#include "observe.h"
#include "aggregate.h"
#include "kprobes.h"

OBSERVE_PERCPU_AS(OBSERVE_STATUS, kprobe_ctlblk.kprobe_status, "kprobe_status");
OBSERVE_PERCPU_AS(OBSERVE_CURRENT, current_kprobe, "current_kprobe");
OBSERVE_PERCPU(kprobe_ctlblk.kprobe_old_eflags, "kprobe_old_eflags");
OBSERVE_PERCPU(kprobe_ctlblk.kprobe_saved_eflags, "kprobe_saved_eflags");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.kp, "prev_kprobe.kp");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.status, "prev_kprobe.status");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.old_eflags, "prev_kprobe.old_eflags");
OBSERVE_PERCPU(kprobe_ctlblk.prev_kprobe.saved_eflags, "prev_kprobe.saved_eflags");
OBSERVE_PERCPU(kprobe_instance, "kprobe_instance");
OBSERVE_PERCPU(preempt_count, "preempt_count");
OBSERVE_PERCPU(thread_flags, "thread_info.flags");
OBSERVE_PERCPU(debugctl, "debugctl");
OBSERVE_PERCPU(signal, "signal");
OBSERVE_CALL(kprobe_handler, "kprobe_handler");
OBSERVE_CALL(post_kprobe_handler, "post_kprobe_handler");
OBSERVE_CALL(kprobe_fault_handler, "kprobe_fault_handler");
OBSERVE_CALL(get_kprobe, "get_kprobe");
OBSERVE_CALL(prepare_singlestep, "prepare_singlestep");
OBSERVE_CALL(resume_execution, "resume_execution");
OBSERVE_CALL(do_int3, "do_int3");
OBSERVE_CALL(do_debug, "do_debug");
OBSERVE_CALL(do_nmi, "do_nmi");
OBSERVE_CALL(do_page_fault, "do_page_fault");
OBSERVE_CALL(do_general_protection, "do_general_protection");
OBSERVE_CALL(trampoline_handler, "trampoline_handler");

/* What changes the set of probes, and when: enough to tell a breakpoint that is ours from one that is not. */
OBSERVE_CALL(register_kprobe, "register_kprobe");
OBSERVE_CALL(unregister_kprobe, "unregister_kprobe");
OBSERVE_CALL(disable_all_kprobes, "disable_all_kprobes");
OBSERVE_CALL(enable_all_kprobes, "enable_all_kprobes");
OBSERVE_CALL(hash_add, "hash_add");
OBSERVE_CALL(hash_del, "hash_del");
OBSERVE_CALL(arch_arm_kprobe, "arch_arm_kprobe");
OBSERVE_CALL(arch_disarm_kprobe, "arch_disarm_kprobe");
OBSERVE_CALL(synchronize_sched, "synchronize_sched");
OBSERVE_CALL(get_insn_slot, "get_insn_slot");
OBSERVE_CALL(free_insn_slot, "free_insn_slot");
