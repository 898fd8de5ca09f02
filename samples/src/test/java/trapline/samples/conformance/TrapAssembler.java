package trapline.samples.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Assembles the {@code asm} lines of the trap corpus with GNU as, each at the address of the box's code. */
final class TrapAssembler {
    private static final int SECTION_HEADER_BYTES = 40;

    private TrapAssembler() {}

    /** Why nothing can be assembled, or an empty string. */
    static String missing() {
        for (String program : new String[] {"as", "ld"}) {
            boolean isFound = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if (!isFound) {
                return program + " is not installed";
            }
        }
        return "";
    }

    /** The code of each case, in order. */
    static List<byte[]> assemble(List<TrapCase> cases, Path folder) throws IOException, InterruptedException {
        StringBuilder source = new StringBuilder(".set code, 0x201800\n");
        StringBuilder script = new StringBuilder("SECTIONS { OVERLAY 0x201800 : {");
        for (int i = 0; i < cases.size(); i++) {
            source.append(".section .case")
                    .append(i)
                    .append(",\"ax\"\n.code32\n")
                    .append(cases.get(i).asm)
                    .append('\n');
            script.append(" .case").append(i).append(" { *(.case").append(i).append(") }");
        }
        Path assembly = Files.writeString(folder.resolve("cases.s"), source);
        Path layout = Files.writeString(folder.resolve("cases.ld"), script.append(" } }"));
        Path object = folder.resolve("cases.o");
        Path linked = folder.resolve("cases.elf");
        execute(folder, "as", "--32", "-o", object.toString(), assembly.toString());
        execute(
                folder,
                "ld",
                "-melf_i386",
                "--no-check-sections",
                "-T",
                layout.toString(),
                "-o",
                linked.toString(),
                object.toString());
        return sections(Files.readAllBytes(linked), cases.size());
    }

    private static void execute(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve(command[0] + ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
        }
    }

    private static List<byte[]> sections(byte[] elf, int count) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        int headers = file.getInt(32);
        int names = file.getInt(headers + SECTION_HEADER_BYTES * file.getShort(50) + 16);
        byte[][] found = new byte[count][];
        for (int i = 0; i < file.getShort(48); i++) {
            int header = headers + SECTION_HEADER_BYTES * i;
            String name = text(elf, names + file.getInt(header));
            if (name.startsWith(".case")) {
                int offset = file.getInt(header + 16);
                found[Integer.parseInt(name.substring(5))] =
                        Arrays.copyOfRange(elf, offset, offset + file.getInt(header + 20));
            }
        }
        List<byte[]> code = new ArrayList<>();
        for (byte[] bytes : found) {
            code.add(bytes == null ? new byte[0] : bytes);
        }
        return code;
    }

    private static String text(byte[] bytes, int from) {
        int to = from;
        while (bytes[to] != 0) {
            to++;
        }
        return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
