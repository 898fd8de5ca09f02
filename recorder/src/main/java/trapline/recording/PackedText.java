package trapline.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A scenario small enough for a recipe: deflated (RFC 1951) with the words of scenarios known beforehand, as base64 of
 * letters, digits, {@code -} and {@code _} (RFC 4648 §5, no padding).
 */
final class PackedText {

    private static final int BYTES_MAX = 1 << 16;

    /** Part of the recipe's format: never changed. What is likely stands at the end, where references are short. */
    private static final byte[] WORDS =
            ("variables: {}switches: [{at: {page: , vector: , event: trap_entry, address: 0x"
                            + ", debugger: true, faults: true, what: not-present, what: irq, what: poke, bytes: "
                            + "retired injection call_entry eflags_write kprobe_status changes: , length: "
                            + "do_debug kprobe_handler post_kprobe_handler resume_execution get_kprobe synchronize_sched "
                            + "wait_for_cpu_online workload_cpu wait_for_cpus_done do_int3 "
                            + "flow: patch-2008-01-01 review-a review-b linux-3.16 linux-5.13 linux-2.6.25-merge "
                            + "linux-2.6.33 linux-2.6.34 linux-2.6.25 linux-2.6.26 linux-2.6.24\nworkload: "
                            + "nmi- unregister-while-hit disable-in-handler reenter-in-pre-handler probe-on-int3 plain-probe\n"
                            + "schedule: {kind: random, seed: , quantum: , kind: round-robin, quantum: 1000}\n"
                            + "schedule: {kind: explicit, switches: [{at: {arrival: \"cpu: 0, count: 1}, to: 1}, "
                            + "{at: {arrival: , cpu: 1, count: 1}, to: 0}, {at: {step: }, {at: {arrival: }]}\n"
                            + "inject: [{what: nmi, cpu: 0, at: {arrival: , cpu: 0, count: 1}}]\ninject: []\n"
                            + "name: \nflow: linux-2.6.2\nworkload: \ncpus: 2\ncpus: 1\nmemory: 16\n"
                            + "limits: {instructions: 1000000}\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private PackedText() {}

    static String pack(String text) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setDictionary(WORDS);
            deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1024];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    /**
     * Unpacks.
     *
     * @throws IllegalArgumentException if it is nothing that was packed, or longer than any scenario
     */
    static String unpack(String packed) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setDictionary(WORDS);
            inflater.setInput(Base64.getUrlDecoder().decode(packed));
            byte[] text = new byte[BYTES_MAX];
            int length = 0;
            int more = 1;
            while (more > 0 && length < BYTES_MAX) {
                more = inflater.inflate(text, length, BYTES_MAX - length);
                length += more;
            }
            if (!inflater.finished()) {
                throw new IllegalArgumentException("the scenario in the recipe is not whole");
            }
            return new String(text, 0, length, StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("the scenario in the recipe cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }
}
