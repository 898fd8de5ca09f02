package trapline.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;

/**
 * A Parquet file as its parts come: row groups of one page for each column, then the footer. Headers and footer are
 * Thrift structures, which Parquet's own classes write.
 *
 * <pre>
 * PAR1  { { page header, page } for each column } for each row group   footer  footer bytes u32  PAR1
 * </pre>
 */
final class ParquetFile {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private final Counting out;
    private final List<ParquetColumn> columns;
    private final Map<String, String> metadata;
    private final List<RowGroup> groups = new ArrayList<>();
    private long rows;

    /** Knows where in the file it is. */
    private static final class Counting extends FilterOutputStream {
        private long position;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            position += length;
        }
    }

    /**
     * Begins a file.
     *
     * @param metadata what the footer says besides
     */
    ParquetFile(OutputStream out, List<ParquetColumn> columns, Map<String, String> metadata) throws IOException {
        this.out = new Counting(out);
        this.columns = columns;
        this.metadata = metadata;
        this.out.write(MAGIC);
    }

    /** Writes what the columns hold. */
    void group(int rowsOfGroup) throws IOException {
        List<ColumnChunk> chunks = new ArrayList<>();
        long begin = out.position;
        long plainBytes = 0;
        for (ParquetColumn column : columns) {
            ColumnMetaData chunk = chunk(column, rowsOfGroup);
            plainBytes += chunk.getTotal_uncompressed_size();
            ColumnChunk entry = new ColumnChunk(0);
            entry.setMeta_data(chunk);
            chunks.add(entry);
        }
        RowGroup group = new RowGroup(chunks, plainBytes, rowsOfGroup);
        group.setFile_offset(begin);
        group.setTotal_compressed_size(out.position - begin);
        group.setOrdinal((short) groups.size());
        groups.add(group);
        rows += rowsOfGroup;
    }

    private ColumnMetaData chunk(ParquetColumn column, int rowsOfGroup) throws IOException {
        ParquetColumn.Page page = column.page();
        PageHeader header = new PageHeader(PageType.DATA_PAGE, page.plainBytes(), page.compressed().length);
        header.setData_page_header(new DataPageHeader(rowsOfGroup, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
        long begin = out.position;
        Util.writePageHeader(header, out);
        long headerBytes = out.position - begin;
        out.write(page.compressed());
        ColumnMetaData chunk = new ColumnMetaData(
                column.physicalType(),
                List.of(Encoding.PLAIN, Encoding.RLE),
                List.of(column.name()),
                CompressionCodec.GZIP,
                rowsOfGroup,
                headerBytes + page.plainBytes(),
                out.position - begin,
                begin);
        chunk.setStatistics(column.statistics());
        return chunk;
    }

    /** Writes the footer. */
    void finish() throws IOException {
        List<SchemaElement> schema = new ArrayList<>();
        SchemaElement root = new SchemaElement("event");
        root.setNum_children(columns.size());
        schema.add(root);
        columns.forEach(column -> schema.add(column.schema()));
        FileMetaData footer = new FileMetaData(VERSION, schema, rows, groups);
        footer.setCreated_by("trapline");
        footer.setColumn_orders(Collections.nCopies(columns.size(), ColumnOrder.TYPE_ORDER(new TypeDefinedOrder())));
        metadata.forEach((key, value) -> {
            KeyValue entry = new KeyValue(key);
            entry.setValue(value);
            footer.addToKey_value_metadata(entry);
        });
        long begin = out.position;
        Util.writeFileMetaData(footer, out);
        long bytes = out.position - begin;
        for (int shift = 0; shift < 32; shift += 8) {
            out.write((int) (bytes >>> shift));
        }
        out.write(MAGIC);
        out.flush();
    }
}
