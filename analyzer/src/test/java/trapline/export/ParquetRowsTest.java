package trapline.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trapline.tables.Table;

/** What stands in the footer of a table, as Apache's own reader sees it. */
final class ParquetRowsTest {

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void theFooterNamesTheSchemaAndWhatTheValuesAreBetween() throws IOException {
        Path file = directory.resolve("spans.parquet");
        try (ParquetRows rows = new ParquetRows(Files.newOutputStream(file), Table.SPANS)) {
            for (int i = -3; i < 200_000; i++) {
                rows.text("run" + i % 10);
                rows.text("hit");
                rows.number(0);
                rows.text("none");
                rows.number(i);
                rows.number(i + 1L);
                rows.number(1);
                rows.endRow();
            }
        }
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            ParquetMetadata footer = reader.getFooter();
            assertThat(footer.getFileMetaData().getKeyValueMetaData())
                    .containsEntry("trapline.schema", "1")
                    .containsEntry("trapline.table", "spans");
            assertThat(footer.getBlocks()).hasSizeGreaterThan(1);
            var begin = footer.getBlocks().get(0).getColumns().get(4).getStatistics();
            assertThat(begin.minAsString()).isEqualTo("-3");
            assertThat(begin.getNumNulls()).isZero();
            var run = footer.getBlocks().get(0).getColumns().get(0).getStatistics();
            assertThat(run.minAsString()).isEqualTo("run-1");
            assertThat(run.maxAsString()).isEqualTo("run9");
        }
    }
}
