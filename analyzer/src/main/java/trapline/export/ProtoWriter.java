package trapline.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Fields of one protobuf message in wire format (protobuf encoding: varint = type 0, length-delimited = type 2). */
final class ProtoWriter {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    ProtoWriter number(int field, long value) {
        varint(((long) field << 3) | VARINT);
        varint(value);
        return this;
    }

    ProtoWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoWriter message(int field, ProtoWriter value) {
        return bytes(field, value.bytes.toByteArray());
    }

    private ProtoWriter bytes(int field, byte[] value) {
        varint(((long) field << 3) | LENGTH_DELIMITED);
        varint(value.length);
        bytes.write(value, 0, value.length);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest | 0x80) & 0xff);
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
    }
}
