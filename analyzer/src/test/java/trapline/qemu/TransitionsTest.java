package trapline.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import trapline.events.Event;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;

/**
 * What is derived of kprobe_status and current_kprobe against what the gdbstub saw of the same run, store by store. What the
 * log cannot show is told by the code that made the store.
 */
class TransitionsTest {

    private static final String NAME = "gdbstub-k61-amd64-smp1";

    /** Of a store that the log cannot show: why, by the range of code that makes it in this kernel. */
    private enum Hidden {
        FTRACE("kprobe_ftrace_handler", 0xffffffff81070120L, 0xffffffff810702c0L),
        RETHOOK("kprobe_busy_begin, kprobe_busy_end", 0xffffffff811912f0L, 0xffffffff81191360L),
        EMULATED(
                "setup_singlestep: the instruction is emulated in the first trap",
                0xffffffff8106eac0L,
                0xffffffff8106ebe0L);

        private final String why;
        private final long from;
        private final long to;

        Hidden(String why, long from, long to) {
            this.why = why;
            this.from = from;
            this.to = to;
        }
    }

    private record Store(EventKind kind, long value, long ip) {
        boolean sameAs(Store other) {
            return kind == other.kind && value == other.value;
        }
    }

    @Test
    void derivedTransitionsAreTheTrueOnesWhereTheLogCanShowThem() throws IOException {
        List<Store> derived = derived();
        List<Store> seen = seen();
        Map<String, Integer> hidden = new LinkedHashMap<>();
        List<String> unexplained = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < seen.size(); i++) {
            Store store = seen.get(i);
            boolean isDerived = at < derived.size() && store.sameAs(derived.get(at)) && !isOfHiddenPart(seen, i);
            if (isDerived) {
                at++;
            } else {
                hidden.merge(why(store), 1, Integer::sum);
                if (why(store).isEmpty()) {
                    unexplained.add(i + " " + store);
                }
            }
        }
        assertThat(unexplained).isEmpty();
        assertThat(derived.subList(at, derived.size())).isEmpty();
        assertThat(seen).hasSize(1112);
        assertThat(at)
                .as("stores that are derived, in their order, with their values")
                .isEqualTo(792);
        assertThat(hidden).isEqualTo(Map.of(Hidden.FTRACE.why, 120, Hidden.RETHOOK.why, 120, Hidden.EMULATED.why, 80));
    }

    private static boolean isOfHiddenPart(List<Store> seen, int index) {
        long ip = seen.get(index).ip;
        return in(Hidden.FTRACE, ip) || in(Hidden.RETHOOK, ip) || isEmulation(seen, index);
    }

    /** SS and SSDONE stored by one function are an emulation; the SS of a step comes from it too, but not SSDONE. */
    private static boolean isEmulation(List<Store> seen, int index) {
        Store store = seen.get(index);
        if (store.kind != EventKind.KPROBE_STATUS || !in(Hidden.EMULATED, store.ip)) {
            return false;
        }
        return store.value == 8
                || (store.value == 2 && index + 1 < seen.size() && in(Hidden.EMULATED, seen.get(index + 1).ip));
    }

    private static boolean in(Hidden part, long ip) {
        return Long.compareUnsigned(ip, part.from) >= 0 && Long.compareUnsigned(ip, part.to) < 0;
    }

    private static String why(Store store) {
        for (Hidden part : Hidden.values()) {
            if (in(part, store.ip)) {
                return part.why;
            }
        }
        return "";
    }

    private static List<Store> derived() throws IOException {
        List<Store> stores = new ArrayList<>();
        for (Event event : Captures.judge(Captures.log(NAME), NAME).events()) {
            if (event.kind() == EventKind.KPROBE_STATUS) {
                stores.add(new Store(event.kind(), event.value(Variable.NEW), event.ip()));
            } else if (event.kind() == EventKind.CURRENT_KPROBE) {
                stores.add(new Store(event.kind(), event.value(Variable.NEW) == 0 ? 0 : 1, event.ip()));
            }
        }
        return stores;
    }

    private static List<Store> seen() throws IOException {
        JsonMapper json = new JsonMapper();
        List<Store> stores = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Captures.resource(NAME + ".jsonl.gz")), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode stop = json.readTree(line);
                long ip = Long.parseUnsignedLong(stop.get("rip").asText(), 16);
                boolean isStatus = stop.get("ev").asText().equals("kprobe_status");
                stores.add(
                        isStatus
                                ? new Store(
                                        EventKind.KPROBE_STATUS, stop.get("new").asLong(), ip)
                                : new Store(
                                        EventKind.CURRENT_KPROBE,
                                        stop.get("new").asText().equals("0") ? 0 : 1,
                                        ip));
            }
        }
        return stores;
    }
}
