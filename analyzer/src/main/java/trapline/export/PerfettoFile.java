package trapline.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Writes packets of a Perfetto trace. Field numbers are those of Perfetto's public schema (trace.proto,
 * trace_packet.proto, track_descriptor.proto, track_event.proto), which never change.
 *
 * <pre>
 * Trace            1 packet*
 * TracePacket      8 timestamp   10 trusted_packet_sequence_id   11 track_event   60 track_descriptor
 * TrackDescriptor  1 uuid   2 name   3 process { 1 pid, 6 process_name }   5 parent_uuid   8 counter { 6 unit_name }
 *                  11 child_ordering   12 sibling_order_rank
 * TrackEvent       9 type   11 track_uuid   22 categories   23 name   30 counter_value
 *                  4 debug_annotations { 10 name, 6 string_value }
 * </pre>
 */
final class PerfettoFile {

    private static final int SEQUENCE = 1;
    private static final int EXPLICIT_ORDER = 3;

    private static final int SLICE_BEGIN = 1;
    private static final int SLICE_END = 2;
    private static final int INSTANT = 3;
    private static final int COUNTER = 4;

    private final OutputStream out;
    private long lastTrack;

    PerfettoFile(OutputStream out) {
        this.out = out;
    }

    /** The track that all others stand under. */
    long process(String name) {
        long uuid = ++lastTrack;
        ProtoWriter process = new ProtoWriter().number(1, 1).text(6, name);
        packet(new ProtoWriter()
                .message(
                        60,
                        new ProtoWriter().number(1, uuid).message(3, process).number(11, EXPLICIT_ORDER)));
        return uuid;
    }

    long track(long parent, String name) {
        long uuid = ++lastTrack;
        packet(new ProtoWriter().message(60, descriptor(uuid, parent, name)));
        return uuid;
    }

    long counter(long parent, String name) {
        long uuid = ++lastTrack;
        packet(new ProtoWriter()
                .message(60, descriptor(uuid, parent, name).message(8, new ProtoWriter().text(6, "flag"))));
        return uuid;
    }

    private static ProtoWriter descriptor(long uuid, long parent, String name) {
        return new ProtoWriter()
                .number(1, uuid)
                .text(2, name)
                .number(5, parent)
                .number(11, EXPLICIT_ORDER)
                .number(12, uuid);
    }

    /** A slice begins; the notes are names and values in turn. */
    void begin(long track, long step, String category, String name, String... notes) {
        event(step, named(SLICE_BEGIN, track, category, name, notes));
    }

    void end(long track, long step) {
        event(step, new ProtoWriter().number(9, SLICE_END).number(11, track));
    }

    void instant(long track, long step, String category, String name, String... notes) {
        event(step, named(INSTANT, track, category, name, notes));
    }

    void count(long track, long step, long value) {
        event(step, new ProtoWriter().number(9, COUNTER).number(11, track).number(30, value));
    }

    private static ProtoWriter named(int type, long track, String category, String name, String... notes) {
        ProtoWriter event = new ProtoWriter();
        for (int i = 0; i < notes.length; i += 2) {
            event.message(4, new ProtoWriter().text(10, notes[i]).text(6, notes[i + 1]));
        }
        return event.number(9, type).number(11, track).text(22, category).text(23, name);
    }

    private void event(long step, ProtoWriter event) {
        packet(new ProtoWriter().number(8, step).number(10, SEQUENCE).message(11, event));
    }

    private void packet(ProtoWriter packet) {
        try {
            new ProtoWriter().message(1, packet).writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
