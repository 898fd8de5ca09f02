package trapline.recording;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import trapline.events.Eflags;
import trapline.events.Event;
import trapline.events.EventConsumer;
import trapline.events.EventFields.EflagsWrite;
import trapline.events.EventFields.TrapEntry;
import trapline.events.EventFields.TrapExit;
import trapline.events.EventFields.Variable;
import trapline.events.EventKind;
import trapline.events.FlagCause;

/**
 * The same events in the forms of the yardsticks: as the 16-byte structs of {@code samples/bench/scan.c}, and as a trace
 * in the Common Trace Format (CTF 1.8) with the same fields and a 64-bit time.
 */
final class PlainEvents implements EventConsumer, Closeable {

    private static final String METADATA = """
            /* CTF 1.8 */
            typealias integer { size = 8; align = 8; signed = false; } := u8;
            typealias integer { size = 16; align = 8; signed = false; } := u16;
            typealias integer { size = 32; align = 8; signed = false; } := u32;
            trace { major = 1; minor = 8; byte_order = le; };
            clock { name = steps; freq = 1000000000; };
            typealias integer { size = 64; align = 8; signed = false; map = clock.steps.value; } := time;
            stream { event.header := struct { time timestamp; }; };
            event { name = "event"; fields := struct { u32 eip; u32 value; u8 kind; u8 cpu; u16 vector; }; };
            """;

    private final OutputStream structs;
    private final OutputStream ctf;
    private final long ctfMax;
    private final ByteBuffer buffer = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    private long lastStep;
    private long events;

    /**
     * Begins the files.
     *
     * @param structs file of structs
     * @param ctf directory of the trace
     * @param ctfMax events that the trace holds at the most
     */
    PlainEvents(Path structs, Path ctf, long ctfMax) throws IOException {
        Files.createDirectories(ctf);
        Files.writeString(ctf.resolve("metadata"), METADATA);
        this.structs = new BufferedOutputStream(Files.newOutputStream(structs), 1 << 20);
        this.ctf = new BufferedOutputStream(Files.newOutputStream(ctf.resolve("stream")), 1 << 20);
        this.ctfMax = ctfMax;
    }

    @Override
    public void accept(Event e) {
        try {
            put(structs, true, e);
            if (events++ < ctfMax) {
                put(ctf, false, e);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        lastStep = e.step();
    }

    private void put(OutputStream out, boolean struct, Event e) throws IOException {
        buffer.clear();
        if (struct) {
            buffer.putInt((int) (e.step() - lastStep));
        } else {
            buffer.putLong(e.step());
        }
        buffer.putInt((int) e.ip()).putInt(value(e)).put(kind(e)).put((byte) e.cpu());
        buffer.putShort((short) (e.kind() == EventKind.TRAP_ENTRY ? e.intValue(TrapEntry.VECTOR) : 0));
        out.write(buffer.array(), 0, buffer.position());
    }

    private static byte kind(Event e) {
        return switch (e.kind()) {
            case TRAP_ENTRY -> 1;
            case TRAP_EXIT -> 2;
            case KPROBE_STATUS -> 3;
            default -> 0;
        };
    }

    /** EFLAGS of the register, the new status, or nothing. */
    private static int value(Event e) {
        return switch (e.kind()) {
            case TRAP_ENTRY -> e.intValue(TrapEntry.EFLAGS);
            case TRAP_EXIT -> e.intValue(TrapExit.EFLAGS);
            case KPROBE_STATUS -> e.intValue(Variable.NEW);
            case EFLAGS_WRITE ->
                e.value(EflagsWrite.CAUSE) == FlagCause.FRAME.code() ? Eflags.FIXED : e.intValue(EflagsWrite.NEW);
            default -> 0;
        };
    }

    @Override
    public void close() throws IOException {
        structs.close();
        ctf.close();
    }
}
