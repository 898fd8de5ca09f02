package trapline.samples.generated;

import java.util.List;
import java.util.SplittableRandom;

/** Instructions that a probe can sit on, each with what must come before and behind it so that a function returns. */
final class Instructions {

    /** A probed instruction: set-up, the instruction itself, what follows it; the function's own RET comes last. */
    record Probed(String before, String code, String after) {}

    private static final List<Probed> EFFECTS = List.of(
            plain("movl $1, %eax"),
            plain("incl %eax"),
            plain("addl $0x1234, %eax"),
            plain("leal 4(%eax,%eax,2), %eax"),
            plain("shll $3, %eax"),
            plain("imull %edx, %eax"),
            plain("movzbl %al, %eax"),
            plain("bswap %eax"),
            plain("cmovz %edx, %eax"),
            plain("setc %al"),
            plain("xchgl %eax, %edx"),
            plain("cmpl $3, %eax"),
            plain("negl %eax"),
            plain("cltd"),
            plain("sahf"),
            plain("lahf"),
            plain("stc"),
            plain("nop"),
            plain("movl %eax, scratch"),
            plain("movl scratch, %eax"),
            plain("lock incl scratch"),
            plain("xaddl %eax, scratch"),
            new Probed("", "pushl %eax", "popl %eax"),
            new Probed("pushl %eax", "popl %edx", ""),
            new Probed("pushl %eax", "incl (%esp)", "popl %eax"),
            new Probed("", "pusha", "popa"),
            new Probed("", "enter $8, $0", "leave"));

    /**
     * Those that write ip, or flags that matter to a step; only where the flags are known before. Not what real kernels get
     * wrong: no flow keeps the shadow of STI, and 5.13 emulates LOOP for one round too many.
     */
    private static final List<Probed> CONTROL = List.of(
            new Probed("", "jmp 1f", "ud2\n1: nop"),
            new Probed("testl %eax, %eax", "jz 1f", "incl %eax\n1: nop"),
            new Probed("movl $1f, %ecx", "jmp *%ecx", "ud2\n1: nop"),
            new Probed("movl $1f, %ecx", "call *%ecx", "ret\n1: movl (%esp), %edx"),
            new Probed("", "call 1f", "ret\n1: movl (%esp), %edx"),
            new Probed("xorl %ecx, %ecx", "jecxz 1f", "ud2\n1: nop"),
            new Probed("", "ret", "ud2"),
            new Probed("pushl $1f", "ret", "ud2\n1: nop"),
            new Probed("", "cli", "sti"),
            new Probed("", "pushfl", "popl %edx"),
            new Probed("pushl $0x202", "popfl", ""),
            new Probed("pushl $0x2", "popfl", "sti"));

    private Instructions() {}

    private static Probed plain(String code) {
        return new Probed("", code, "");
    }

    /** One for code that may run anywhere, in handlers too. */
    static Probed effect(SplittableRandom random) {
        return EFFECTS.get(random.nextInt(EFFECTS.size()));
    }

    /** One for code of a task. */
    static Probed any(SplittableRandom random) {
        return random.nextInt(2) == 0 ? effect(random) : CONTROL.get(random.nextInt(CONTROL.size()));
    }
}
