package trapline.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventFields.CallEntry;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.FlagCause;
import trapline.events.TrapVector;
import trapline.replay.Guest;
import trapline.replay.Replay;
import trapline.replay.ReplayState;
import trapline.text.EventText;
import trapline.text.EventTextFile;

/** What the export wrote, read by Google's protobuf runtime through descriptors of its own. */
final class PerfettoExportTest {

    private static final long SEED = Long.getLong("seed", 20_080_103);

    /** A slice as the reader sees it. */
    private record Slice(String track, String name, long begin, long end) {}

    private static EventTextFile trace(String name) throws IOException {
        String resource = "/trapline/checks/" + name + ".events";
        try (InputStream in = Objects.requireNonNull(PerfettoExportTest.class.getResourceAsStream(resource))) {
            return EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
    }

    private static byte[] export(EventTextFile trace) {
        return export(trace, PerfettoExport.Flags.ALL);
    }

    private static byte[] export(EventTextFile trace, PerfettoExport.Flags flags) {
        Guest guest = new Guest(trace.tables());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PerfettoExport export =
                new PerfettoExport(out, "test", "retired instructions", flags, guest, new EventText(trace.tables()));
        Replay replay = new Replay(new ReplayState(guest), List.of(export));
        trace.events().forEach(replay::accept);
        replay.end();
        return out.toByteArray();
    }

    private static FieldDescriptorProto field(
            String name, int number, FieldDescriptorProto.Type type, boolean repeated, String message) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
        return (message.isEmpty() ? field : field.setTypeName(message)).build();
    }

    private static Descriptor schema() throws DescriptorValidationException {
        DescriptorProto event = DescriptorProto.newBuilder()
                .setName("TrackEvent")
                .addField(field("type", 9, FieldDescriptorProto.Type.TYPE_INT32, false, ""))
                .addField(field("track_uuid", 11, FieldDescriptorProto.Type.TYPE_UINT64, false, ""))
                .addField(field("categories", 22, FieldDescriptorProto.Type.TYPE_STRING, true, ""))
                .addField(field("name", 23, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .addField(field("debug_annotations", 4, FieldDescriptorProto.Type.TYPE_MESSAGE, true, "Annotation"))
                .addField(field("counter_value", 30, FieldDescriptorProto.Type.TYPE_INT64, false, ""))
                .build();
        DescriptorProto track = DescriptorProto.newBuilder()
                .setName("TrackDescriptor")
                .addField(field("uuid", 1, FieldDescriptorProto.Type.TYPE_UINT64, false, ""))
                .addField(field("name", 2, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .addField(field("process", 3, FieldDescriptorProto.Type.TYPE_MESSAGE, false, "ProcessDescriptor"))
                .addField(field("parent_uuid", 5, FieldDescriptorProto.Type.TYPE_UINT64, false, ""))
                .addField(field("counter", 8, FieldDescriptorProto.Type.TYPE_MESSAGE, false, "CounterDescriptor"))
                .addField(field("child_ordering", 11, FieldDescriptorProto.Type.TYPE_INT32, false, ""))
                .addField(field("sibling_order_rank", 12, FieldDescriptorProto.Type.TYPE_INT32, false, ""))
                .build();
        DescriptorProto process = DescriptorProto.newBuilder()
                .setName("ProcessDescriptor")
                .addField(field("pid", 1, FieldDescriptorProto.Type.TYPE_INT32, false, ""))
                .addField(field("process_name", 6, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .build();
        DescriptorProto counter = DescriptorProto.newBuilder()
                .setName("CounterDescriptor")
                .addField(field("unit_name", 6, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .build();
        DescriptorProto annotation = DescriptorProto.newBuilder()
                .setName("Annotation")
                .addField(field("string_value", 6, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .addField(field("name", 10, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .build();
        DescriptorProto packet = DescriptorProto.newBuilder()
                .setName("TracePacket")
                .addField(field("timestamp", 8, FieldDescriptorProto.Type.TYPE_UINT64, false, ""))
                .addField(field("trusted_packet_sequence_id", 10, FieldDescriptorProto.Type.TYPE_UINT32, false, ""))
                .addField(field("track_event", 11, FieldDescriptorProto.Type.TYPE_MESSAGE, false, "TrackEvent"))
                .addField(
                        field("track_descriptor", 60, FieldDescriptorProto.Type.TYPE_MESSAGE, false, "TrackDescriptor"))
                .build();
        DescriptorProto root = DescriptorProto.newBuilder()
                .setName("Trace")
                .addField(field("packet", 1, FieldDescriptorProto.Type.TYPE_MESSAGE, true, "TracePacket"))
                .build();
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("trace.proto")
                .setSyntax("proto2")
                .addMessageType(root)
                .addMessageType(packet)
                .addMessageType(track)
                .addMessageType(process)
                .addMessageType(counter)
                .addMessageType(annotation)
                .addMessageType(event)
                .build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Trace");
    }

    private static Object get(DynamicMessage message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    private static boolean has(DynamicMessage message, String field) {
        return message.hasField(message.getDescriptorForType().findFieldByName(field));
    }

    /** Slices and counter values of a trace, by the names of their tracks. */
    private static final class Parsed {
        final List<Slice> slices = new ArrayList<>();
        final Map<String, List<String>> counters = new HashMap<>();
        private final Map<Long, String> tracks = new HashMap<>();
        private final Map<Long, Deque<Slice>> open = new HashMap<>();

        Parsed(byte[] bytes) throws DescriptorValidationException, InvalidProtocolBufferException {
            DynamicMessage trace = DynamicMessage.parseFrom(schema(), bytes);
            for (Object packet : (List<?>) get(trace, "packet")) {
                DynamicMessage message = (DynamicMessage) packet;
                if (has(message, "track_descriptor")) {
                    DynamicMessage track = (DynamicMessage) get(message, "track_descriptor");
                    String parent = tracks.getOrDefault((Long) get(track, "parent_uuid"), "");
                    tracks.put((Long) get(track, "uuid"), (parent.isEmpty() ? "" : parent + "/") + get(track, "name"));
                } else {
                    assertThat(get(message, "trusted_packet_sequence_id")).isEqualTo(1);
                    event((Long) get(message, "timestamp"), (DynamicMessage) get(message, "track_event"));
                }
            }
            open.values().forEach(stack -> assertThat(stack).isEmpty());
        }

        private void event(long step, DynamicMessage event) {
            long uuid = (Long) get(event, "track_uuid");
            String track = Objects.requireNonNull(tracks.get(uuid));
            Deque<Slice> stack = open.computeIfAbsent(uuid, u -> new ArrayDeque<>());
            switch ((Integer) get(event, "type")) {
                case 1 -> stack.push(new Slice(track, (String) get(event, "name"), step, -1));
                case 2 -> {
                    Slice slice = stack.pop();
                    slices.add(new Slice(track, slice.name(), slice.begin(), step));
                }
                case 4 ->
                    counters.computeIfAbsent(track, t -> new ArrayList<>())
                            .add(step + "=" + get(event, "counter_value"));
                default -> assertThat(get(event, "name")).isNotEqualTo("");
            }
        }

        List<Slice> of(String track) {
            return slices.stream().filter(s -> s.track().equals(track)).toList();
        }
    }

    /** Frames by their trap_entry and trap_exit, without any replay. */
    private static List<Slice> framesOf(EventTextFile trace) {
        Map<Long, Slice> live = new HashMap<>();
        List<Slice> frames = new ArrayList<>();
        for (Event e : trace.events()) {
            if (e.kind() == EventKind.TRAP_ENTRY) {
                String name = TrapVector.name(e.value(TrapEntry.VECTOR));
                live.put(e.value(TrapEntry.FRAME), new Slice("CPU 0/traps", name, e.step(), -1));
            } else if (e.kind() == EventKind.TRAP_EXIT) {
                Slice slice = live.remove(e.value(TrapExit.FRAME));
                if (slice != null) {
                    frames.add(new Slice(slice.track(), slice.name(), slice.begin(), e.step()));
                }
            }
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden.t1", "golden.t2", "golden.t4"})
    void slicesOfTrapsAreTheFrames(String name) throws Exception {
        EventTextFile trace = trace(name);
        assertThat(new Parsed(export(trace)).of("CPU 0/traps")).containsExactlyElementsOf(framesOf(trace));
    }

    @Test
    void statusProbeHitsAndFlagsAreThere() throws Exception {
        EventTextFile trace = trace("golden.t1");
        Parsed parsed = new Parsed(export(trace));
        assertThat(parsed.of("CPU 0/kprobe_status")).extracting(Slice::name).startsWith("ACTIVE", "SS");
        assertThat(parsed.of("CPU 0/current_kprobe")).extracting(Slice::name).contains("p1");
        assertThat(parsed.of("CPU 0/probe hits"))
                .hasSameSizeAs(framesOf(trace).stream()
                        .filter(frame -> frame.name().equals("#BP"))
                        .toList());
        assertThat(parsed.of("CPU 0/functions")).extracting(Slice::name).contains("pre_handler:p1", "get_kprobe");
        assertThat(parsed.counters).containsKeys("CPU 0/TF", "CPU 0/IF");
        assertThat(parsed.counters.get("CPU 0/TF")).hasSizeGreaterThan(2);
    }

    /** Each change of each bit of each CPU's EFLAGS, from the events alone. */
    private static Map<String, List<String>> flagsOf(EventTextFile trace, int shown) {
        Map<String, List<String>> changes = new HashMap<>();
        int[] before = new int[trace.tables().cpus()];
        for (int cpu = 0; cpu < before.length; cpu++) {
            for (int bit : new int[] {Eflags.TF, Eflags.IF}) {
                changes.put("CPU " + cpu + "/" + Eflags.names(bit), new ArrayList<>(List.of("0=0")));
            }
        }
        for (Event e : trace.events()) {
            boolean write = e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code();
            if (!write && e.kind() != EventKind.TRAP_EXIT) {
                continue;
            }
            int now = e.intValue(write ? EflagsWrite.NEW : TrapExit.EFLAGS);
            int changed = (before[e.cpu()] ^ now) & shown;
            for (int bit = 1; bit != 0; bit <<= 1) {
                String name = Eflags.names(bit);
                if ((changed & bit) != 0 && name.matches("[A-Z]F|VM|AC")) {
                    changes.computeIfAbsent("CPU " + e.cpu() + "/" + name, t -> new ArrayList<>(List.of("0=0")))
                            .add(e.step() + "=" + ((now & bit) == 0 ? 0 : 1));
                }
            }
            before[e.cpu()] = now;
        }
        return changes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden.t1", "golden.t2", "golden.t6", "golden.t9"})
    void countersAreTheFlagsValueByValue(String name) throws Exception {
        EventTextFile trace = withArithmetic(trace(name));
        assertThat(new Parsed(export(trace, PerfettoExport.Flags.ALL)).counters)
                .isEqualTo(flagsOf(trace, ~0))
                .containsKeys("CPU 0/CF", "CPU 0/ZF", "CPU 0/OF");
        assertThat(new Parsed(export(trace, PerfettoExport.Flags.CONTROL)).counters)
                .isEqualTo(flagsOf(trace, ~Eflags.STATUS));
        assertThat(new Parsed(export(trace, PerfettoExport.Flags.NONE)).counters)
                .isEmpty();
    }

    /** The same trace, with an arithmetic write of random flags before each event. */
    private static EventTextFile withArithmetic(EventTextFile trace) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Event> events = new ArrayList<>();
        int[] flags = new int[trace.tables().cpus()];
        for (Event e : trace.events()) {
            int now = (flags[e.cpu()] & ~Eflags.STATUS) | (random.nextInt() & Eflags.STATUS) | Eflags.FIXED;
            events.add(new Event()
                    .begin(EventKind.EFLAGS_WRITE, e.step(), e.cpu(), e.ip())
                    .set(EflagsWrite.OLD, flags[e.cpu()])
                    .set(EflagsWrite.NEW, now)
                    .set(EflagsWrite.CAUSE, FlagCause.ALU.code())
                    .ordinal(events.size()));
            flags[e.cpu()] = now;
            boolean write = e.kind() == EventKind.EFLAGS_WRITE && e.value(EflagsWrite.CAUSE) != FlagCause.FRAME.code();
            if (write) {
                flags[e.cpu()] = e.intValue(EflagsWrite.NEW);
            } else if (e.kind() == EventKind.TRAP_EXIT) {
                flags[e.cpu()] = e.intValue(TrapExit.EFLAGS);
            }
            events.add(e.copy().ordinal(events.size()));
        }
        return new EventTextFile(trace.tables(), events);
    }

    /** Declared functions that returned, by their entries and exits. */
    @ParameterizedTest
    @ValueSource(strings = {"golden.t1", "golden.t2", "golden.t4"})
    void slicesOfFunctionsAreTheCalls(String name) throws Exception {
        EventTextFile trace = trace(name);
        Guest guest = new Guest(trace.tables());
        Deque<Slice> open = new ArrayDeque<>();
        List<Slice> calls = new ArrayList<>();
        for (Event e : trace.events()) {
            if (e.kind() == EventKind.CALL_ENTRY) {
                open.push(new Slice("CPU 0/functions", guest.rowName(e.value(CallEntry.FUNCTION)), e.step(), -1));
            } else if (e.kind() == EventKind.CALL_EXIT) {
                Slice slice = open.pop();
                calls.add(new Slice(slice.track(), slice.name(), slice.begin(), e.step()));
            }
        }
        assertThat(open).isEmpty();
        assertThat(new Parsed(export(trace)).of("CPU 0/functions")).containsExactlyElementsOf(calls);
    }

    /** Perfetto's own importer drops what does not keep to these rules. */
    @Test
    void tracksStandBeforeTheirEventsAndCountersHaveCounterTracks() throws Exception {
        DynamicMessage trace = DynamicMessage.parseFrom(schema(), export(trace("golden.t5")));
        assertThat(trace.getUnknownFields().asMap()).isEmpty();
        Map<Long, Boolean> counters = new HashMap<>();
        long last = 0;
        for (Object packet : (List<?>) get(trace, "packet")) {
            DynamicMessage message = (DynamicMessage) packet;
            assertThat(message.getUnknownFields().asMap()).isEmpty();
            if (has(message, "track_descriptor")) {
                DynamicMessage track = (DynamicMessage) get(message, "track_descriptor");
                assertThat(track.getUnknownFields().asMap()).isEmpty();
                boolean isRoot = has(track, "process");
                assertThat(isRoot || counters.containsKey((Long) get(track, "parent_uuid")))
                        .isTrue();
                assertThat(counters.put((Long) get(track, "uuid"), has(track, "counter")))
                        .isNull();
                assertThat((Long) get(track, "uuid")).isPositive();
            } else {
                DynamicMessage event = (DynamicMessage) get(message, "track_event");
                assertThat(event.getUnknownFields().asMap()).isEmpty();
                boolean isCounter = (Integer) get(event, "type") == 4;
                assertThat(counters).containsEntry((Long) get(event, "track_uuid"), isCounter);
                assertThat(has(event, "counter_value")).isEqualTo(isCounter);
                assertThat((Long) get(message, "timestamp")).isGreaterThanOrEqualTo(isCounter ? 0 : last);
                last = Math.max(last, (Long) get(message, "timestamp"));
            }
        }
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        assertThat(export(trace("golden.t8"))).isEqualTo(export(trace("golden.t8")));
    }
}
