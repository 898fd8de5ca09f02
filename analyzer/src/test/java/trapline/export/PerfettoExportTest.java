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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.events.Event;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventKind;
import trapline.events.EventText;
import trapline.events.EventTextFile;
import trapline.events.TrapVector;
import trapline.replay.Guest;
import trapline.replay.Replay;
import trapline.replay.ReplayState;

/** What the export wrote, read by Google's protobuf runtime through descriptors of its own. */
final class PerfettoExportTest {

    /** A slice as the reader sees it. */
    private record Slice(String track, String name, long begin, long end) {}

    private static EventTextFile trace(String name) throws IOException {
        String resource = "/trapline/checks/" + name + ".events";
        try (InputStream in = Objects.requireNonNull(PerfettoExportTest.class.getResourceAsStream(resource))) {
            return EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
    }

    private static byte[] export(EventTextFile trace) {
        Guest guest = new Guest(trace.tables());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PerfettoExport export = new PerfettoExport(out, "test", guest, new EventText(trace.tables()));
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
                .addField(field("counter_value", 30, FieldDescriptorProto.Type.TYPE_INT64, false, ""))
                .build();
        DescriptorProto track = DescriptorProto.newBuilder()
                .setName("TrackDescriptor")
                .addField(field("uuid", 1, FieldDescriptorProto.Type.TYPE_UINT64, false, ""))
                .addField(field("name", 2, FieldDescriptorProto.Type.TYPE_STRING, false, ""))
                .addField(field("parent_uuid", 5, FieldDescriptorProto.Type.TYPE_UINT64, false, ""))
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

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        assertThat(export(trace("golden.t8"))).isEqualTo(export(trace("golden.t8")));
    }
}
