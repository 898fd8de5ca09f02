/* What no kernel may accept: both a symbol and an address, an unknown symbol, nothing at all, the
 * road to the hook itself. */
#include "probe_kit.h"

TARGET(probed, "movl $1, %eax");

static int expect_refusal(struct kprobe p, const char *what)
{
    if (register_kprobe(&p))
        return 0;
    note(NOTE_WARN, what, 0);
    return 1;
}

static u32 failures;

void workload_cpu(u32 cpu)
{
    struct kprobe both = {.addr = probed_insn, .symbol_name = "probed"};
    struct kprobe unknown = {.symbol_name = "no_such_function"};
    struct kprobe nothing = {.offset = 0};
    struct kprobe road = {.addr = (kprobe_opcode_t *)do_int3};
    struct kprobe lookup = {.addr = (kprobe_opcode_t *)get_kprobe};
    struct kprobe handler = {.addr = (kprobe_opcode_t *)kprobe_handler};

    failures += expect_refusal(both, "symbol and address accepted");
    failures += expect_refusal(unknown, "unknown symbol accepted");
    failures += expect_refusal(nothing, "no address accepted");
    failures += expect_refusal(road, "do_int3 accepted");
    failures += expect_refusal(lookup, "get_kprobe accepted");
    failures += expect_refusal(handler, "kprobe_handler accepted");
}

int workload_exit(void)
{
    return failures != 0;
}
