package trapline.schedule;

/** What is done to the machine at a point; as a text, in a scenario's words. A CPU of -1 is the one that runs there. */
public sealed interface Action {

    /**
     * Another CPU runs from here on.
     *
     * @param cpu its number
     */
    record SwitchTo(int cpu) implements Action {
        @Override
        public String toString() {
            return "switch to cpu " + cpu;
        }
    }

    /**
     * A non-maskable interrupt.
     *
     * @param cpu its target
     */
    record Nmi(int cpu) implements Action {
        @Override
        public String toString() {
            return "nmi" + to(cpu);
        }
    }

    /**
     * A maskable interrupt.
     *
     * @param cpu its target
     * @param vector 16 to 255
     */
    record Irq(int cpu, int vector) implements Action {
        @Override
        public String toString() {
            return "irq 0x" + Integer.toHexString(vector) + to(cpu);
        }
    }

    /**
     * Bytes stored over memory.
     *
     * @param place where
     * @param hex the bytes, two hexadecimal digits each
     * @param debugger done as a debugger; else as a plain injection
     */
    record Poke(Place place, String hex, boolean debugger) implements Action {
        @Override
        public String toString() {
            return "poke of " + place;
        }
    }

    /**
     * A page that is not there.
     *
     * @param place any address in the page
     * @param faults page faults until it is back; 0: it stays away
     */
    record NotPresent(Place place, int faults) implements Action {
        @Override
        public String toString() {
            return "not-present of " + place;
        }
    }

    private static String to(int cpu) {
        return cpu < 0 ? "" : " to cpu " + cpu;
    }
}
