package trapline.codec;

import java.util.List;
import trapline.block.ByteInput;
import trapline.block.ByteOutput;
import trapline.block.MalformedBlockException;
import trapline.events.Observed;
import trapline.events.StreamState;

/** The start state of a block: see {@link StreamState#save} for the order of its numbers, each a signed varint. */
public final class StateCodec {

    private StateCodec() {}

    public static byte[] encode(StreamState state) {
        ByteOutput out = new ByteOutput(256);
        state.save(value -> {
            out.ensure(ByteOutput.VARINT_BYTES_MAX);
            out.putSigned(value);
        });
        return java.util.Arrays.copyOf(out.bytes, out.length);
    }

    public static StreamState decode(ByteInput in, int cpus, List<Observed> observed) throws MalformedBlockException {
        StreamState state = new StreamState(cpus, observed);
        long[] values = new long[Math.min(in.end - in.position, state.numbersMax())];
        int count = 0;
        while (in.hasMore()) {
            if (count == values.length) {
                throw new MalformedBlockException("start state is too long", in.position);
            }
            values[count++] = in.getSigned();
        }
        if (!state.load(values, count)) {
            throw new MalformedBlockException("start state does not fit the header", in.position);
        }
        return state;
    }
}
