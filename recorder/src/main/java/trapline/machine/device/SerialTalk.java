package trapline.machine.device;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import trapline.machine.bus.StateReader;
import trapline.machine.bus.StateWriter;
import trapline.machine.bus.Stateful;

/** Somebody at the other end of a serial line: waits for a text, sends another, and so on. */
public final class SerialTalk implements Stateful {

    private final List<byte[]> expected = new ArrayList<>();
    private final List<byte[]> sent = new ArrayList<>();
    private int next;
    private int matched;

    /** Adds a line of the conversation; an empty {@code expect} waits for nothing. */
    public void add(String expect, String send) {
        expected.add(expect.getBytes(StandardCharsets.UTF_8));
        sent.add(send.getBytes(StandardCharsets.UTF_8));
    }

    /** What is sent before the guest has said anything. */
    byte[] begin() {
        return next < expected.size() && expected.get(next).length == 0 ? sent.get(next++) : new byte[0];
    }

    /** Hears a byte of the guest; what is sent because of it. */
    byte[] hear(int value) {
        if (next >= expected.size()) {
            return new byte[0];
        }
        byte[] wanted = expected.get(next);
        while (matched > 0 && wanted[matched] != (byte) value) {
            matched = shorter(wanted);
        }
        matched += wanted[matched] == (byte) value ? 1 : 0;
        if (matched < wanted.length) {
            return new byte[0];
        }
        matched = 0;
        byte[] answer = sent.get(next++);
        byte[] more = begin();
        byte[] all = java.util.Arrays.copyOf(answer, answer.length + more.length);
        System.arraycopy(more, 0, all, answer.length, more.length);
        return all;
    }

    /** The longest shorter beginning of the text that what was heard ends with. */
    private int shorter(byte[] wanted) {
        for (int length = matched - 1; length > 0; length--) {
            if (java.util.Arrays.equals(wanted, 0, length, wanted, matched - length, matched)) {
                return length;
            }
        }
        return 0;
    }

    @Override
    public void save(StateWriter out) {
        out.ints(next, matched);
    }

    @Override
    public void load(StateReader in) {
        int[] values = in.ints();
        next = values[0];
        matched = values[1];
    }
}
