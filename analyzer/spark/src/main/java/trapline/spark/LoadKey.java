package trapline.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import trapline.checks.kprobes.Checks;
import trapline.cli.ToolVersion;
import trapline.tables.Table;

/** Names what a load is judged by and what its journals are, by sizes and times: reading their bytes is what a load costs. */
final class LoadKey {

    private LoadKey() {}

    static String of(CheckPlan plan, List<Path> journals) {
        StringBuilder text = new StringBuilder(ToolVersion.TOOL);
        Checks.all().forEach(check -> text.append(' ').append(check.info().id()));
        text.append(' ').append(Table.SCHEMA_VERSION).append(plan.tables());
        text.append(plan.json()).append(plan.allowIdle()).append(plan.journals() > 1);
        journals.forEach(journal -> text.append('\n').append(journal).append(stamp(journal)));
        try {
            byte[] sum =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String stamp(Path journal) {
        try {
            if (!Files.isDirectory(journal)) {
                return stampOfFile(journal);
            }
            TreeSet<String> stamps = new TreeSet<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(journal, "*.cq4")) {
                for (Path file : files) {
                    stamps.add(file.getFileName() + stampOfFile(file));
                }
            }
            return stamps.toString();
        } catch (IOException e) {
            return "unreadable";
        }
    }

    private static String stampOfFile(Path file) throws IOException {
        return "/" + Files.size(file) + "/" + Files.getLastModifiedTime(file);
    }
}
