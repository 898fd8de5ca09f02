package trapline.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trapline.events.Event;
import trapline.events.EventFields.Note;
import trapline.events.EventKind;
import trapline.events.Field;
import trapline.text.EventTextFile;
import trapline.text.EventTextTables;

/** What the export wrote, read by Apache's own reader. */
final class ParquetExportTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path export(EventTextTables tables, List<Event> events) throws IOException {
        Path file = directory.resolve("events.parquet");
        try (OutputStream out = Files.newOutputStream(file);
                ParquetExport export = new ParquetExport(out, tables)) {
            events.forEach(export::accept);
        }
        return file;
    }

    /** The JDK's gzip, where the reader would take Hadoop's. */
    private static final class Gzip implements CompressionCodecFactory {

        private record Decompressor() implements BytesInputDecompressor {
            @Override
            public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
                try (InputStream in = new GZIPInputStream(bytes.toInputStream())) {
                    return BytesInput.from(in.readAllBytes());
                }
            }

            @Override
            public void decompress(ByteBuffer input, int inputSize, ByteBuffer output, int outputSize) {
                throw new UnsupportedOperationException("pages come as bytes");
            }

            @Override
            public void release() {}
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            assertThat(codec).isEqualTo(CompressionCodecName.GZIP);
            return new Decompressor();
        }

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException("a reader compresses nothing");
        }

        @Override
        public void release() {}
    }

    private static List<Group> read(Path file) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new Gzip())
                .build();
        List<Group> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
            for (PageReadStore group; (group = reader.readNextRowGroup()) != null; ) {
                RecordReader<Group> records = columns.getRecordReader(group, new GroupRecordConverter(schema));
                for (long i = 0; i < group.getRowCount(); i++) {
                    rows.add(records.read());
                }
            }
        }
        return rows;
    }

    private static @Nullable Object value(Group row, String column) {
        if (row.getFieldRepetitionCount(column) == 0) {
            return null;
        }
        boolean number = row.getType()
                .getType(column)
                .asPrimitiveType()
                .getPrimitiveTypeName()
                .name()
                .equals("INT64");
        return number ? (Object) row.getLong(column, 0) : row.getString(column, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden.t1", "golden.t4", "golden.t6"})
    void everyValueOfEveryEventIsReadBack(String name) throws IOException {
        String resource = "/trapline/checks/" + name + ".events";
        EventTextFile trace;
        try (InputStream in = Objects.requireNonNull(ParquetExportTest.class.getResourceAsStream(resource))) {
            trace = EventTextFile.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
        List<Group> rows = read(export(trace.tables(), trace.events()));
        assertThat(rows).hasSameSizeAs(trace.events());
        for (int i = 0; i < rows.size(); i++) {
            Event e = trace.events().get(i);
            Group row = rows.get(i);
            assertThat(value(row, "ordinal")).isEqualTo(e.ordinal());
            assertThat(value(row, "step")).isEqualTo(e.step());
            assertThat(value(row, "cpu")).isEqualTo((long) e.cpu());
            assertThat(value(row, "eip")).isEqualTo(e.ip());
            assertThat(value(row, "kind")).isEqualTo(e.kind().label());
            assertThat(value(row, "text")).isEqualTo(e.kind().hasText() ? e.text() : null);
            fieldsAreEqual(trace.tables(), e, row);
        }
    }

    private static void fieldsAreEqual(EventTextTables tables, Event e, Group row) {
        Set<String> own = new HashSet<>();
        for (int i = 0; i < e.kind().fields().size(); i++) {
            Field field = e.kind().fields().get(i);
            Object expected = switch (field.type()) {
                case LABEL -> field.labelOf(e.value(i));
                case OBSERVED -> tables.observed().get((int) e.value(i)).name();
                default -> e.value(i);
            };
            assertThat(value(row, field.name()))
                    .as(e.kind() + " " + field.name())
                    .isEqualTo(expected);
            own.add(field.name());
        }
        for (int c = 7; c < row.getType().getFieldCount(); c++) {
            String column = row.getType().getFieldName(c);
            assertThat(own.contains(column) || value(row, column) == null)
                    .as(e.kind() + " has " + column)
                    .isTrue();
        }
    }

    @Test
    void largeValuesTextsAndManyRowsAreKept() throws IOException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 150_000; i++) {
            events.add(new Event()
                    .begin(EventKind.MARK, i, 0, 0xffff_ffff_8100_0000L + i)
                    .set(Note.VALUE, -1L - i)
                    .text(i % 1000 == 0 ? "žluť " + i : "")
                    .ordinal(i));
        }
        List<Group> rows = read(export(EventTextTables.EMPTY, events));
        assertThat(rows).hasSize(150_000);
        for (int i = 0; i < rows.size(); i += 997) {
            Group row = rows.get(i);
            assertThat(row.getLong("step", 0)).isEqualTo(i);
            assertThat(row.getLong("eip", 0)).isEqualTo(0xffff_ffff_8100_0000L + i);
            assertThat(row.getLong("value", 0)).isEqualTo(-1L - i);
            assertThat(row.getString("text", 0)).isEqualTo(i % 1000 == 0 ? "žluť " + i : "");
        }
        assertThat(rows.get(0).getType().getType("eip").getLogicalTypeAnnotation())
                .hasToString("INTEGER(64,false)");
    }

    @Test
    void aRunWithoutEventsIsAFileToo() throws IOException {
        assertThat(read(export(EventTextTables.EMPTY, List.of()))).isEmpty();
    }
}
