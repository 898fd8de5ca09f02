package trapline.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.StringType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in the row group at hand, as a data page wants them (Parquet format, "Data Pages").
 *
 * <pre>
 * page, before gzip   [ length of levels   u32, little endian ]   of an optional column only:
 *                     [ levels             runs: varint(length &lt;&lt; 1), then 0 (null) or 1 (value) ]
 *                     values               PLAIN: u64 little endian, or u32 length and UTF-8
 * </pre>
 */
final class ParquetColumn {

    /** What a column holds. */
    enum Type {
        SIGNED,
        UNSIGNED,
        TEXT
    }

    /** Longer texts have no statistics. */
    private static final int STATISTICS_BYTES_MAX = 256;

    private final String name;
    private final Type type;
    private final boolean optional;
    private final byte[] eight = new byte[8];
    private final ByteArrayOutputStream levels = new ByteArrayOutputStream();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int run;
    private boolean runOfValues;
    private long nulls;
    private long numberMin;
    private long numberMax;
    private byte @Nullable [] textMin;
    private byte @Nullable [] textMax;
    private boolean any;

    ParquetColumn(String name, Type type, boolean optional) {
        this.name = name;
        this.type = type;
        this.optional = optional;
    }

    String name() {
        return name;
    }

    Type type() {
        return type;
    }

    org.apache.parquet.format.Type physicalType() {
        return type == Type.TEXT ? org.apache.parquet.format.Type.BYTE_ARRAY : org.apache.parquet.format.Type.INT64;
    }

    SchemaElement schema() {
        SchemaElement element = new SchemaElement(name);
        element.setType(physicalType());
        element.setRepetition_type(optional ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
        if (type == Type.TEXT) {
            element.setConverted_type(ConvertedType.UTF8);
            element.setLogicalType(LogicalType.STRING(new StringType()));
        } else {
            boolean signed = type == Type.SIGNED;
            element.setConverted_type(signed ? ConvertedType.INT_64 : ConvertedType.UINT_64);
            element.setLogicalType(LogicalType.INTEGER(new IntType((byte) 64, signed)));
        }
        return element;
    }

    void number(long value) {
        level(true);
        numberMin = any && order(numberMin) <= order(value) ? numberMin : value;
        numberMax = any && order(numberMax) >= order(value) ? numberMax : value;
        any = true;
        ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
        values.write(eight, 0, eight.length);
    }

    /** Makes unsigned numbers compare as signed ones do. */
    private long order(long value) {
        return type == Type.UNSIGNED ? value ^ Long.MIN_VALUE : value;
    }

    void textOrNull(@Nullable String text) {
        if (text == null) {
            none();
            return;
        }
        level(true);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        textMin = textMin != null && Arrays.compareUnsigned(textMin, utf8) <= 0 ? textMin : utf8;
        textMax = textMax != null && Arrays.compareUnsigned(textMax, utf8) >= 0 ? textMax : utf8;
        writeInt(values, utf8.length);
        values.write(utf8, 0, utf8.length);
    }

    /** What the values since the last page are between, for readers that skip what they do not look for. */
    Statistics statistics() {
        Statistics statistics = new Statistics();
        statistics.setNull_count(nulls);
        byte[] min = type == Type.TEXT ? textMin : any ? bytes(numberMin) : null;
        byte[] max = type == Type.TEXT ? textMax : any ? bytes(numberMax) : null;
        if (min != null && max != null && min.length <= STATISTICS_BYTES_MAX && max.length <= STATISTICS_BYTES_MAX) {
            statistics.setMin_value(min);
            statistics.setMax_value(max);
        }
        nulls = 0;
        any = false;
        textMin = null;
        textMax = null;
        return statistics;
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    /** The row has no value here. */
    void none() {
        nulls++;
        level(false);
    }

    private void level(boolean value) {
        if (run > 0 && value != runOfValues) {
            endRun();
        }
        runOfValues = value;
        run++;
    }

    private void endRun() {
        for (int rest = run << 1; ; rest >>>= 7) {
            boolean last = (rest & ~0x7f) == 0;
            levels.write(last ? rest : rest | 0x80);
            if (last) {
                break;
            }
        }
        levels.write(runOfValues ? 1 : 0);
        run = 0;
    }

    private static void writeInt(OutputStream out, int value) {
        try {
            for (int shift = 0; shift < 32; shift += 8) {
                out.write(value >>> shift);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory takes every byte", e);
        }
    }

    /** The content of a page, before and after compression. */
    @SuppressWarnings("ArrayRecordComponent") // Written once, and compared by nobody.
    record Page(int plainBytes, byte[] compressed) {}

    /** Everything since the last page. */
    Page page() throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(levels.size() + values.size() + 16);
        if (run > 0) {
            endRun();
        }
        if (optional) {
            writeInt(plain, levels.size());
            levels.writeTo(plain);
        }
        values.writeTo(plain);
        levels.reset();
        values.reset();
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(plain.size() / 4 + 64);
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            plain.writeTo(gzip);
        }
        return new Page(plain.size(), compressed.toByteArray());
    }
}
