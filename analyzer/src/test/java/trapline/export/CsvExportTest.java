package trapline.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import trapline.text.EventTextFile;

final class CsvExportTest {

    @Test
    void everyEventIsARowWithTheColumnsOfItsKind() throws IOException {
        EventTextFile trace = EventTextFile.parse("""
                @symbol 1000+100 do_int3
                      7  0   1004 trap    #BP ip+1 cs=8 fl=202 sp=8ff0 n=1
                      9  0   1010 mark    =2a "a, \\"quoted\\" text"
                """, "csv");
        StringBuilder out = new StringBuilder();
        CsvExport export = new CsvExport(out, trace.tables());
        trace.events().forEach(export::accept);
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("ordinal,step,cpu,eip,symbol,kind,text,vector,error,cs,ip,eflags");
        assertThat(lines.get(1)).startsWith("0,7,0,0x1004,do_int3+0x4,trap_entry,,3,-1,0x8,0x1005,0x202,0x8ff0,");
        assertThat(lines.get(2)).startsWith("1,9,0,0x1010,do_int3+0x10,mark,\"a, \"\"quoted\"\" text\",");
        int columns = lines.get(0).split(",", -1).length;
        assertThat(lines.get(1).split(",", -1)).hasSize(columns);
    }
}
