package trapline.replay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.CallExit;
import trapline.events.EventFields.TextWrite;
import trapline.events.TextActor;

/**
 * The books of the probes as the calls of kprobes' own functions show them: which are registered and where, which the
 * lookup can find, and which int3 in the text is kprobes' and not a debugger's.
 *
 * <pre>
 * register_kprobe(p) ─ get_kprobe(address) ─ hash_add(p) ─ arch_arm_kprobe(p): write int3 ─► 0
 * unregister_kprobe(p) ─ arch_disarm_kprobe(p): write the byte ─ hash_del(p) ─► return
 * disable_all_kprobes(), enable_all_kprobes()
 * </pre>
 */
public final class ProbeBooks {

    /** Address of probed text by probe; a child of an aggregate has that of its aggregate. */
    private final Map<Long, Long> places = new HashMap<>();

    /** How often each probe is registered, and how often it is in the table: never more than once. */
    private final Map<Long, Integer> registered = new HashMap<>();

    /** Probes whose unregister_kprobe() has returned. */
    private final Set<Long> gone = new HashSet<>();

    /** Ordinal of the last return of register_kprobe() or unregister_kprobe() for each probe; only cited. */
    private final Map<Long, Long> returns = new HashMap<>();

    private final Map<Long, Integer> hashed = new HashMap<>();

    /** Addresses at which kprobes itself wrote the int3. */
    private final Set<Long> int3s = new HashSet<>();

    /** Addresses at which somebody else wrote the int3 that stands there: a debugger. */
    private final Set<Long> foreign = new HashSet<>();

    private boolean disabled;

    /** Ordinal of the last return that changed what is registered; only compared with what is going on. */
    private long changed = -1;

    /** Whether events have been lost: then only what happens from there on is known. */
    private boolean gap;

    ProbeBooks() {}

    ProbeBooks copy() {
        ProbeBooks copy = new ProbeBooks();
        copy.places.putAll(places);
        copy.registered.putAll(registered);
        copy.gone.addAll(gone);
        copy.hashed.putAll(hashed);
        copy.int3s.addAll(int3s);
        copy.foreign.addAll(foreign);
        copy.disabled = disabled;
        copy.gap = gap;
        return copy;
    }

    boolean sameAs(ProbeBooks other) {
        return disabled == other.disabled
                && gap == other.gap
                && registered.equals(other.registered)
                && hashed.equals(other.hashed)
                && int3s.equals(other.int3s)
                && foreign.equals(other.foreign)
                && gone.equals(other.gone)
                && places.equals(other.places);
    }

    void called(Event e, Role role, CpuState cpu) {
        long probe = e.value(CallEntry.ARG0);
        switch (role) {
            case GET_KPROBE -> registersAt(cpu, probe);
            case REGISTER_KPROBE -> gone.remove(probe);
            case HASH_ADD -> {
                hashed.merge(probe, 1, Integer::sum);
                placeOf(probe, cpu);
            }
            case HASH_DEL -> hashed.remove(probe, 1);
            default -> {
                // Other calls change nothing at their begin.
            }
        }
    }

    /** The lookup that register_kprobe() begins with says where its probe goes. */
    private void registersAt(CpuState cpu, long address) {
        long probe = registering(cpu);
        if (probe != 0 && !registered.containsKey(probe)) {
            places.put(probe, address);
        }
    }

    /** An aggregate is hashed while a probe registers, where that one goes. */
    private void placeOf(long probe, CpuState cpu) {
        Long place = places.get(registering(cpu));
        if (place != null) {
            places.put(probe, place);
        }
    }

    /** The probe that the code itself registers, not one that a trap has interrupted the registration of; 0 for none. */
    private static long registering(CpuState cpu) {
        int level = cpu.innermost(Role.REGISTER_KPROBE);
        return level >= 0 && cpu.callDepths[level] == cpu.depth ? cpu.callArgs[level] : 0;
    }

    /** A call has returned; its row and its argument stand where the stack of calls ends. */
    void returned(Event e, Role role, CpuState cpu) {
        long probe = cpu.callArgs[cpu.calls];
        if (role == Role.REGISTER_KPROBE || role == Role.UNREGISTER_KPROBE) {
            returns.put(probe, e.ordinal());
        }
        switch (role) {
            case REGISTER_KPROBE -> {
                if (e.intValue(CallExit.RESULT) == 0) {
                    registered.merge(probe, 1, Integer::sum);
                    changed = e.ordinal();
                }
            }
            case UNREGISTER_KPROBE -> {
                if (registered.remove(probe) != null) {
                    gone.add(probe);
                    changed = e.ordinal();
                }
            }
            case DISABLE_ALL_KPROBES -> disabled = true;
            case ENABLE_ALL_KPROBES -> disabled = false;
            default -> {
                // Other returns change nothing.
            }
        }
    }

    /** Text was written: by kprobes, if one of its functions is at work on that CPU. */
    void written(Event e, CpuState cpu) {
        long address = e.value(TextWrite.ADDRESS);
        long old = e.value(TextWrite.OLD);
        long now = e.value(TextWrite.NEW);
        boolean ours = byKprobes(e, cpu);
        for (long i = 0; i < Math.min(8, e.value(TextWrite.SIZE)); i++) {
            int before = (int) (old >>> (8 * i)) & 0xff;
            int after = (int) (now >>> (8 * i)) & 0xff;
            if (after != TextState.BREAKPOINT) {
                int3s.remove(address + i);
            } else if (ours && before != TextState.BREAKPOINT) {
                int3s.add(address + i);
            }
            if (ours || after != TextState.BREAKPOINT) {
                foreign.remove(address + i);
            } else {
                foreign.add(address + i);
            }
        }
    }

    /** Whether kprobes' own code writes, not a user's handler that it called, nor anybody from outside. */
    public boolean byKprobes(Event write, CpuState cpu) {
        if (write.value(TextWrite.BY) != TextActor.GUEST.code()) {
            return false;
        }
        for (int level = cpu.calls - 1; level >= 0 && cpu.callDepths[level] == cpu.depth; level--) {
            Role role = cpu.callRoles[level];
            if (role.isUserHandler()) {
                return false;
            }
            if (role.isKprobes()) {
                return true;
            }
        }
        return false;
    }

    private static final Set<Role> CHANGES =
            Set.of(Role.REGISTER_KPROBE, Role.UNREGISTER_KPROBE, Role.DISABLE_ALL_KPROBES, Role.ENABLE_ALL_KPROBES);

    /** Whether some CPU is in the middle of a function that changes the books. */
    public boolean inTransition(ReplayState state) {
        for (int i = 0; i < state.cpus(); i++) {
            if (state.cpu(i).isIn(CHANGES)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where a probe is, or was.
     *
     * @return address of probed text, 0 where no registration has shown it
     */
    public long placeOf(long probe) {
        return Objects.requireNonNullElse(places.get(probe), 0L);
    }

    /** Whether register_kprobe() has returned 0 for a probe, and unregister_kprobe() has not returned since. */
    public boolean isRegistered(long probe) {
        return registered.containsKey(probe);
    }

    /** Whether unregister_kprobe() has returned for a probe that nobody has registered again. */
    public boolean isGone(long probe) {
        return gone.contains(probe);
    }

    /** Ordinal of the last return of register_kprobe() or unregister_kprobe() for a probe, or -1. */
    public long returnOrdinal(long probe) {
        return Objects.requireNonNullElse(returns.get(probe), -1L);
    }

    /** Whether a probe is in the table that the lookup searches. */
    public boolean isHashed(long probe) {
        return hashed.containsKey(probe);
    }

    /** Whether any probe of an address is in the table. */
    public boolean isHashedAt(long address) {
        return hashed.keySet().stream().anyMatch(probe -> placeOf(probe) == address);
    }

    /** Probes that are registered. */
    public Set<Long> registered() {
        return registered.keySet();
    }

    /** How often a probe is registered. */
    public int timesRegistered(long probe) {
        return Objects.requireNonNullElse(registered.get(probe), 0);
    }

    /** How often a probe is in the table that the lookup searches. */
    public int timesHashed(long probe) {
        return Objects.requireNonNullElse(hashed.get(probe), 0);
    }

    /** Ordinal of the last event that changed what is registered, or -1. */
    public long changedOrdinal() {
        return changed;
    }

    /** Whether a registered probe stands at an address. */
    public boolean isRegisteredAt(long address) {
        return registered.keySet().stream().anyMatch(probe -> placeOf(probe) == address);
    }

    /** Whether kprobes itself has written the int3 that stands at an address. */
    public boolean ownsInt3(long address) {
        return int3s.contains(address);
    }

    /** Whether somebody else has written the int3 that stands at an address, and kprobes has not written there since. */
    public boolean isForeign(long address) {
        return foreign.contains(address) && !int3s.contains(address);
    }

    /** Whether all probes are disabled. */
    public boolean disabled() {
        return disabled;
    }

    /** Whether the books lack nothing: no event was lost before. */
    public boolean complete() {
        return !gap;
    }

    /** Events were lost: nothing that was known is still sure. */
    void forget() {
        registered.clear();
        gone.clear();
        hashed.clear();
        int3s.clear();
        foreign.clear();
        places.clear();
        gap = true;
    }
}
