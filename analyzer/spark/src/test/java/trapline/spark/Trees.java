package trapline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import trapline.block.JournalHeader;
import trapline.cli.Console;
import trapline.commands.AnalyzerMain;
import trapline.journal.JournalOptions;
import trapline.journal.JournalWriter;
import trapline.text.EventTextFile;

/** Trees of journals as a farm leaves them: good, failing, cut off, damaged, and what is none at all. */
final class Trees {

    private static final Path TRACES = Path.of("../src/test/resources/trapline/checks");
    private static final List<String> NAMES = List.of("golden.t1", "golden.t4", "golden.t8", "golden.t9");

    private Trees() {}

    /** Makes a tree of some folders with seven journals and bundles each, three of which are not whole. */
    static Path make(Path tree, int folders) throws IOException {
        for (int i = 0; i < folders; i++) {
            Path folder = Files.createDirectories(tree.resolve(String.format("folder-%05d", i)));
            for (String name : NAMES) {
                write(name, folder, true);
            }
            bundle(folder.resolve("golden.t4.journal"), folder.resolve("bundled.trap"));
            write("golden.t6", folder, false);
            Path damaged = Files.createDirectory(folder.resolve("damaged.journal"));
            byte[] bytes = Files.readAllBytes(folder.resolve("golden.t1.journal/19700101F.cq4"));
            Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x55);
            Arrays.fill(bytes, 0, 4096, (byte) 0);
            Files.write(damaged.resolve("19700101F.cq4"), bytes);
            Files.writeString(folder.resolve("half.trap"), "PK and no more");
        }
        return tree;
    }

    private static void write(String name, Path folder, boolean finish) throws IOException {
        String text = Files.readString(TRACES.resolve(name + ".events"));
        EventTextFile trace = EventTextFile.parse(text, name);
        JournalHeader header = new JournalHeader(
                "tests",
                1,
                "text",
                "retired instructions",
                trace.tables().cpus(),
                trace.tables().eflagsAll(),
                trace.tables().delivers().stream().sorted().toList(),
                trace.tables().observed(),
                trace.tables().symbols().symbols(),
                Map.of(),
                name,
                "linux-2.6.24",
                name,
                "",
                "");
        try (JournalWriter writer =
                JournalWriter.create(folder.resolve(name + ".journal"), header, JournalOptions.DEFAULT)) {
            trace.events().forEach(writer::accept);
            if (finish) {
                writer.finish();
            }
        }
    }

    private static void bundle(Path journal, Path bundle) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream all = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        AnalyzerMain.tool(Console.plain(all, all)).run("bundle", journal.toString(), "-o", bundle.toString());
        assertThat(bundle).as(bytes.toString(StandardCharsets.UTF_8)).exists();
    }
}
