package trapline.machine.i386;

import trapline.machine.alu.Flags;
import trapline.machine.tape.Observer;

/** Instructions about EFLAGS itself (Intel SDM vol. 2; the privilege rules of POPF in its table 4-16). */
final class FlagOps {
    private FlagOps() {}

    /** Tells the observer that the action wrote EFLAGS. */
    static Operation.Action told(int cause, Operation.Action action) {
        return (c, o) -> {
            int old = c.eflags;
            action.execute(c, o);
            Observer observer = c.observer;
            if (observer != null) {
                observer.eflagsWrite(c, o.eip, old, c.eflags, cause);
            }
        };
    }

    static void clc(Cpu c, Operation o) {
        c.eflags &= ~Flags.CF;
    }

    static void stc(Cpu c, Operation o) {
        c.eflags |= Flags.CF;
    }

    static void cmc(Cpu c, Operation o) {
        c.eflags ^= Flags.CF;
    }

    static void cld(Cpu c, Operation o) {
        c.eflags &= ~Flags.DF;
    }

    static void std(Cpu c, Operation o) {
        c.eflags |= Flags.DF;
    }

    static void cli(Cpu c, Operation o) {
        checkIopl(c);
        c.eflags &= ~Flags.IF;
        c.updateAttention();
    }

    /** Interrupts stay blocked for one more instruction if IF was 0. */
    static void sti(Cpu c, Operation o) {
        checkIopl(c);
        if ((c.eflags & Flags.IF) == 0) {
            c.shadow |= Cpu.SHADOW_STI;
        }
        c.eflags |= Flags.IF;
        c.updateAttention();
    }

    private static void checkIopl(Cpu c) {
        if (!c.isReal() && c.cpl > Flags.ioplOf(c.eflags)) {
            throw c.gp(0);
        }
    }

    static void lahf(Cpu c, Operation o) {
        c.setReg(4, 1, c.eflags);
    }

    static void sahf(Cpu c, Operation o) {
        int mask = Flags.SF | Flags.ZF | Flags.AF | Flags.PF | Flags.CF;
        c.eflags = (c.eflags & ~mask) | (c.reg(4, 1) & mask);
    }

    /** In virtual-8086 mode PUSHF, POPF, INT n and IRET need IOPL 3 (SDM vol. 3A §20.2.7). */
    static void requireIopl3InVirtual8086(Cpu c) {
        if (c.isVirtual8086() && Flags.ioplOf(c.eflags) < 3) {
            throw c.gp(0);
        }
    }

    /** RF and VM are stored as 0. */
    static void pushf(Cpu c, Operation o) {
        requireIopl3InVirtual8086(c);
        c.push(c.eflags & ~(Flags.RF | Flags.VM), o.size);
    }

    static void popf(Cpu c, Operation o) {
        requireIopl3InVirtual8086(c);
        int image = c.pop(o.size);
        int mask = Flags.DEFINED & ~(Flags.VM | Flags.VIF | Flags.VIP | Flags.RF | Flags.IOPL | Flags.IF);
        if (c.isReal() || c.cpl == 0) {
            mask |= Flags.IOPL | Flags.IF;
        } else if (c.cpl <= Flags.ioplOf(c.eflags)) {
            mask |= Flags.IF;
        }
        if (o.size == 2) {
            mask &= 0xffff;
        }
        c.eflags = (c.eflags & ~(mask | Flags.RF)) | (image & mask) | Flags.ALWAYS;
        c.updateAttention();
    }
}
