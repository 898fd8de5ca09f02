package trapline.report;

import java.util.List;
import java.util.Map;
import trapline.events.Field;

/**
 * What the page's scripts know of one run; the page holds it as JSON, in the names of these records.
 *
 * @param label {@code A}, {@code B} or empty
 * @param cpus number of CPUs
 * @param events number of events of the run
 * @param steps steps of the run
 * @param clock what a step counts
 * @param kinds the kinds of events, by code
 * @param observed the observation table
 * @param symbols address, size and name of the symbols in use
 * @param dictionary values, packed
 * @param code instructions at and around the events
 * @param overview the run in a fixed number of stretches
 * @param gaps where events are missing
 * @param windows stretches with their events, in order
 * @param findings what the checks found, in the order of the page
 */
record RunData(
        String label,
        int cpus,
        long events,
        long steps,
        String clock,
        List<Kind> kinds,
        List<Row> observed,
        List<List<String>> symbols,
        String dictionary,
        CodeData code,
        OverviewData overview,
        List<Gap> gaps,
        List<Window> windows,
        List<Found> findings) {

    /** A kind of events: label, whether it has a text, fields. */
    record Kind(String label, boolean text, List<FieldData> fields) {}

    /** A field: name, type, how it is packed, labels by code. */
    record FieldData(String name, String type, String packing, List<String> labels) {

        static FieldData of(Field field) {
            return new FieldData(
                    field.name(),
                    field.type().name(),
                    EventPacker.packing(field.type()),
                    field.labels().stream().map(l -> l.label()).toList());
        }
    }

    /** A row of the observation table; the address in hexadecimal. */
    record Row(String kind, String name, String address, int count) {}

    /**
     * Instructions, a line for each: address in hexadecimal, length in bytes, text, source line where it changes.
     *
     * @param absence why there are none; empty where there are
     * @param lines the lines, packed
     */
    record CodeData(String absence, String lines) {}

    /**
     * The overview.
     *
     * @param bins stretches
     * @param events events of each stretch, and of each CPU and stretch the states, packed
     */
    record OverviewData(int bins, String events, Map<String, Long> counts) {}

    /** A stretch whose events are missing: its steps, how many (-1: unknown), and why. */
    record Gap(long firstStep, long endStep, long count, String why) {}

    /**
     * A stretch with its events.
     *
     * @param count events packed
     * @param sizes bytes of each column
     * @param columns the columns, one after the other, packed
     */
    record Window(
            long firstOrdinal,
            long endOrdinal,
            long firstStep,
            long endStep,
            int count,
            StartData start,
            List<Integer> sizes,
            String columns) {}

    /** A finding: where, which check, in words, and the events that led to it. */
    record Found(String id, String check, long ordinal, long step, int cpu, String sentence, List<Because> causes) {}

    /** An event that led to a finding, and how. */
    record Because(long ordinal, String role) {}
}
