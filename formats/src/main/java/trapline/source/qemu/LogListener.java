package trapline.source.qemu;

/** Takes what a log holds, in the order of its traps. */
interface LogListener {

    /**
     * A trap.
     *
     * @param trap reused after this call
     */
    void trap(TrapRecord trap);

    /**
     * Traps are missing here.
     *
     * @param count how many; -1 where that is not known
     * @param why what is wrong
     */
    void lost(long count, String why);

    /** Something that was watched has changed, between the traps before and behind it. */
    void watched(WatchLine change);

    /**
     * A line that is no part of a trap.
     *
     * @param text printable
     */
    void note(String text);
}
