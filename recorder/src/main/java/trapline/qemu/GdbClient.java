package trapline.qemu;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The part of gdb's remote protocol that watching a kernel needs: packets {@code $data#checksum}, each answered by one. A
 * watch point stops behind the store, a break point in front of its instruction.
 */
final class GdbClient implements Closeable {

    private static final int PACKET_BYTES_MAX = 1 << 16;
    private static final long ANSWER_NANOS_MAX = Duration.ofSeconds(20).toNanos();

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(PACKET_BYTES_MAX);

    private GdbClient(SocketChannel channel) {
        this.channel = channel;
        in.flip();
    }

    /** Connects to a stub that listens. */
    static GdbClient connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            return new GdbClient(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a request and waits for its answer; the machine stands still. */
    String ask(String request) throws IOException {
        send(request);
        long deadline = System.nanoTime() + ANSWER_NANOS_MAX;
        while (System.nanoTime() < deadline) {
            String answer = poll();
            if (!answer.isEmpty()) {
                return answer.substring(1);
            }
            Thread.onSpinWait();
        }
        throw new QemuException("the gdbstub of QEMU does not answer to " + request);
    }

    /** As above, for a request that is answered with OK. */
    void command(String request) throws IOException {
        String answer = ask(request);
        if (!answer.equals("OK")) {
            throw new QemuException("the gdbstub of QEMU answers '" + answer + "' to " + request);
        }
    }

    /** Sends a request and does not wait. */
    void send(String request) throws IOException {
        int sum = 0;
        for (int i = 0; i < request.length(); i++) {
            sum += request.charAt(i);
        }
        String packet = String.format("$%s#%02x", request, sum & 0xff);
        ByteBuffer out = ByteBuffer.wrap(packet.getBytes(StandardCharsets.US_ASCII));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** The next packet with a blank in front, or empty if none is whole yet. */
    String poll() throws IOException {
        in.compact();
        int count = channel.read(in);
        in.flip();
        String packet = packet();
        if (packet.isEmpty() && count < 0) {
            throw new QemuException("QEMU has closed its gdbstub");
        }
        return packet;
    }

    private String packet() throws IOException {
        int dollar = indexOf((byte) '$', in.position());
        int hash = dollar < 0 ? -1 : indexOf((byte) '#', dollar);
        if (hash < 0 || hash + 2 >= in.limit()) {
            return "";
        }
        String data = new String(in.array(), dollar + 1, hash - dollar - 1, StandardCharsets.US_ASCII);
        in.position(hash + 3);
        channel.write(ByteBuffer.wrap(new byte[] {'+'}));
        return " " + data;
    }

    private int indexOf(byte wanted, int from) {
        for (int i = from; i < in.limit(); i++) {
            if (in.get(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** A little-endian number in memory. */
    long memory(long address, int bytes) throws IOException {
        return number(ask(String.format("m%x,%x", address, bytes)), bytes);
    }

    /** A register by its number in gdb's order. */
    long register(int number, int bytes) throws IOException {
        return number(ask(String.format("p%x", number)), bytes);
    }

    /** The number of hexadecimal bytes, the lowest first. */
    static long number(String hex, int bytes) throws QemuException {
        if (hex.length() < 2 * bytes || !hex.matches("[0-9a-f]+")) {
            throw new QemuException("the gdbstub of QEMU answers '" + hex + "' instead of a number");
        }
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 8) | Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
