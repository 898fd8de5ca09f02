package trapline.block;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trapline.events.Architecture;
import trapline.events.Observed;

/**
 * Headers and footers as JSON. What is read is limited in depth, size and number before anything is made of it; unknown
 * keys are left for later versions.
 */
public final class TextBlocks {

    private static final int TOKENS_MAX = 2_000_000;

    private static final JsonMapper MAPPER = StrictJson.builder(TOKENS_MAX)
            .injectableValues(new InjectableValues.Std()
                    .addValue(JournalHeader.ARCHITECTURE, Architecture.I386)
                    .addValue(JournalHeader.FROM, 0L))
            .build();

    private TextBlocks() {}

    /**
     * The content of a header block.
     *
     * @param header what the journal says of itself
     * @param keepLast the number of events that a ring keeps; 0 where all are kept
     */
    public record Header(JournalHeader header, long keepLast) {}

    public static byte[] bytes(Object content) {
        try {
            return MAPPER.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("headers and footers are plain records", e);
        }
    }

    /** The header in a block whose checksum holds; null where there is none that can be used. */
    public static @Nullable Header header(byte[] block, BlockInfo info) {
        try {
            Header read = parse(block, info, Header.class);
            return read.keepLast >= 0 && isUsable(read.header) ? read : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static boolean isUsable(JournalHeader header) {
        return header.cpus() >= 1
                && header.cpus() <= JournalHeader.CPUS_MAX
                && header.observed().size() <= JournalHeader.OBSERVED_MAX
                && noneIsNull(header.observed())
                && header.observed().stream().allMatch(TextBlocks::isUsable)
                && header.from() >= 0
                && noneIsNull(header.delivers())
                && noneIsNull(header.symbols())
                && header.symbols().stream().noneMatch(s -> Objects.isNull(s.name()))
                && noneIsNull(header.images().values());
    }

    private static boolean isUsable(Observed row) {
        return row.count() >= 0
                && row.count() <= JournalHeader.CPUS_MAX
                && !Objects.isNull(row.kind())
                && !Objects.isNull(row.name());
    }

    private static boolean noneIsNull(Collection<?> values) {
        return values.stream().noneMatch(Objects::isNull);
    }

    /** The footer in a block whose checksum holds; null where there is none that fits it. */
    public static @Nullable JournalFooter footer(byte[] block, BlockInfo info) {
        try {
            JournalFooter read = parse(block, info, JournalFooter.class);
            return read.events() == info.firstOrdinal()
                            && read.steps() == info.lastStep()
                            && noneIsNull(read.counts().values())
                    ? read
                    : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static <T> T parse(byte[] block, BlockInfo info, Class<T> type) throws IOException {
        return MAPPER.readValue(block, BlockLayout.STATE_OFFSET + info.stateBytes(), info.payloadBytes(), type);
    }
}
