package trapline.source.qemu;

/** Takes what {@link HitDeriver} makes of the traps of a CPU, in the order in which it is to stand in the stream. */
interface HitListener {

    /** A trap; what it means follows. */
    void entered(int cpu, TrapRecord trap, OpenTrap entry);

    /** The trap that was entered last is the hit of a probe, or a re-entry. */
    void hit(int cpu, OpenTrap hit, Probe probe);

    /**
     * A hit has gone on to its slot; the trap that ends the step follows.
     *
     * @param slot where the instruction's copy is
     */
    void stepped(int cpu, OpenTrap hit, Probe probe, long slot);

    /** A hit is over: {@code last} is its only trap, or the one that ended its step. */
    void completed(int cpu, OpenTrap last, Probe probe);

    /** Another trap is over. */
    void returned(int cpu, OpenTrap trap);
}
