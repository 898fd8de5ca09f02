package trapline.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.GuestException;

/**
 * Compiles a handler flow or a workload of the user's with the host's gcc, as the catalogue's own are compiled.
 *
 * <p>The source may be a stranger's, so gcc's arguments are fixed words: the text comes in through standard input, and
 * its name in a line of that text. The steps are taken apart, in an empty directory:
 *
 * <pre>
 *   scratch/runtime/   the guest's headers          text ─► preprocessor ─► part.i ─► compiler ─► part.s ─► assembler ─► out.o
 *   scratch/source     link to the source's folder            │ deps: what it included                      │ deps: what it included
 *   scratch/work/      empty, where gcc runs                  └► {@link SourceReach} refuses                └► must be nothing
 * </pre>
 *
 * <p>What is compiled is the preprocessed text that was checked, so a header that changes, or a precompiled header beside
 * it, has no say.
 */
public final class GuestCompiler {

    private static final int SOURCE_BYTES_MAX = 16 << 20;
    private static final String WEAK = "replaced-functions";

    /** Names that an object may have, less those that would be more than a name in a text. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_.$][A-Za-z0-9_.$]{0,250}");

    /** As in {@code samples/guest/build.sh}: a guest has no libc, no FPU and no position-independent code. */
    private static final List<String> FLAGS = List.of(
            "-m32",
            "-march=i486",
            "-mregparm=3",
            "-ffreestanding",
            "-fno-pic",
            "-fno-pie",
            "-fno-stack-protector",
            "-fno-asynchronous-unwind-tables",
            "-fno-common",
            "-fcf-protection=none",
            "-mno-sse",
            "-mno-mmx",
            "-mno-80387",
            "-mgeneral-regs-only",
            "-O2",
            "-g1",
            "-gdwarf-4",
            "-Wall",
            "-std=gnu11",
            "-frandom-seed=trapline",
            "-fno-diagnostics-show-caret",
            "-ffile-prefix-map=../source/=",
            "-ffile-prefix-map=../runtime/=runtime/");

    private final Path source;
    private final Path folder;
    private final Path scratch;
    private final Map<String, byte[]> headers;
    private final List<String> weak;
    private final CompilerProcess gcc;

    private GuestCompiler(Path source, Path folder, Path scratch, Map<String, byte[]> headers, List<String> weak)
            throws IOException {
        this.headers = headers;
        this.weak = weak.stream().filter(name -> NAME.matcher(name).matches()).toList();
        this.source = source;
        this.folder = folder;
        this.scratch = scratch;
        this.gcc = new CompilerProcess(Files.createDirectory(scratch.resolve("work")));
    }

    /** gcc refused the source; its own words are in {@link #output()}. */
    public static final class Refused extends Exception {
        private final String output;

        Refused(Path source, String output) {
            super(source + ": does not compile");
            this.output = output;
        }

        /** What gcc printed, lines and all. */
        public String output() {
            return output;
        }
    }

    /**
     * Compiles one file.
     *
     * @param source C that includes the guest's headers ({@code flow.h}, {@code workload.h})
     * @param headers of the runtime, by name
     * @return the object, named as the source
     * @throws Refused if gcc finds errors
     * @throws GuestException if there is no gcc, or it cannot make i386 objects, or the source reads what it must not
     */
    static ElfFile compile(Path source, Map<String, byte[]> headers) throws GuestException, Refused {
        return compile(source, headers, List.of());
    }

    /**
     * Compiles the files of a runtime.
     *
     * @param sources C and assembler by name
     * @param headers of the runtime, by name
     * @param weak functions and variables that may be replaced by others of the same name
     * @return the objects, by the names of their sources
     * @throws Refused if gcc finds errors
     * @throws GuestException if there is no gcc, or it cannot make i386 objects, or a source reads what it must not
     */
    static Map<String, ElfFile> compile(Map<String, byte[]> sources, Map<String, byte[]> headers, List<String> weak)
            throws GuestException, Refused {
        try {
            Path folder = Files.createTempDirectory("trapline");
            try {
                Map<String, ElfFile> objects = new LinkedHashMap<>();
                for (Map.Entry<String, byte[]> source : sources.entrySet()) {
                    Path file = Files.write(folder.resolve(source.getKey()), source.getValue());
                    objects.put(source.getKey(), compile(file, headers, weak));
                }
                return objects;
            } finally {
                remove(folder);
            }
        } catch (IOException e) {
            throw new GuestException("the runtime cannot be compiled: " + e.getMessage());
        }
    }

    private static ElfFile compile(Path source, Map<String, byte[]> headers, List<String> weak)
            throws GuestException, Refused {
        try {
            Path folder = SourceReach.folderOf(source);
            Path scratch = Files.createTempDirectory("trapline").toRealPath();
            try {
                return new GuestCompiler(source, folder, scratch, headers, weak).run();
            } finally {
                remove(scratch);
            }
        } catch (IOException e) {
            throw new GuestException(source + ": cannot be compiled: " + e.getMessage());
        }
    }

    private ElfFile run() throws IOException, GuestException, Refused {
        Path runtime = Files.createDirectory(scratch.resolve("runtime"));
        for (Map.Entry<String, byte[]> header : headers.entrySet()) {
            Files.write(runtime.resolve(header.getKey()), header.getValue());
        }
        Files.createSymbolicLink(scratch.resolve("source"), folder);
        preprocess();
        if (isAssembler()) {
            Files.move(scratch.resolve("part.i"), scratch.resolve("part.s"));
        } else {
            compileText();
        }
        assemble();
        return ElfReader.parse(source.toString(), Files.readAllBytes(scratch.resolve("out.o")));
    }

    /** Leaves {@code part.i}, in which nothing is included any more. */
    private void preprocess() throws IOException, GuestException, Refused {
        Path own = Path.of(gcc.answer("-print-file-name=include"));
        SourceReach reach = new SourceReach(source, folder, scratch.resolve("runtime"), own, scratch.resolve("work"));
        Path text = scratch.resolve("text");
        Files.write(text, named(content()));
        gcc.from(text);
        gcc.into(scratch.resolve("all.i"));
        int exitCode = gcc.run(
                FLAGS,
                List.of("-nostdinc", "-isystem", own.toString(), "-iquote", "../source", "-I../runtime"),
                List.of(
                        "-E",
                        "-MD",
                        "-MF",
                        "../deps",
                        "-MT",
                        "x",
                        "-x",
                        isAssembler() ? "assembler-with-cpp" : "c",
                        "-"));
        String expanded = text("all.i", StandardCharsets.ISO_8859_1);
        reach.checkMarkers(expanded);
        refuseIf(exitCode != 0);
        reach.checkIncluded(text("deps", StandardCharsets.UTF_8));
        reach.checkDirectives(expanded);
        // From the source's own first line on: what stands above it names standard input.
        int start = Math.max(0, expanded.indexOf("# 1 \"" + displayName() + '"'));
        Files.writeString(scratch.resolve("part.i"), expanded.substring(start), StandardCharsets.ISO_8859_1);
    }

    private void compileText() throws IOException, GuestException, Refused {
        refuseIf(0
                != gcc.run(
                        FLAGS,
                        List.of("-ffile-prefix-map=" + scratch.resolve("work") + "=."),
                        List.of("-S", "-x", "cpp-output", "../part.i", "-o", "../part.s")));
    }

    private void assemble() throws IOException, GuestException, Refused {
        SourceReach.checkAssembler(source, text("part.s", StandardCharsets.ISO_8859_1));
        refuseIf(0
                != gcc.run(
                        List.of("-m32", "-Wa,--MD,../asm-deps"),
                        List.of("-c", "-x", "assembler", "../part.s", "-o", "../out.o")));
        String reads = text("asm-deps", StandardCharsets.UTF_8);
        SourceReach.checkAssembled(source, reads, List.of("../part.s", displayName(), WEAK));
    }

    private void refuseIf(boolean failed) throws IOException, Refused {
        if (failed) {
            throw new Refused(source, gcc.said().replace("../source/", ""));
        }
    }

    private String text(String name, Charset charset) throws IOException {
        return new String(Files.readAllBytes(scratch.resolve(name)), charset);
    }

    private byte[] content() throws IOException, GuestException {
        if (Files.size(source) > SOURCE_BYTES_MAX) {
            throw new GuestException(source + ": larger than " + (SOURCE_BYTES_MAX >> 20) + " MiB, not a source");
        }
        return Files.readAllBytes(source);
    }

    /** The text below a line that gives it its name, in messages and in the object, and with what is weak said. */
    private byte[] named(byte[] content) {
        String line = "# 1 \"" + displayName() + "\"\n";
        // What is weak is neither inlined nor otherwise taken for known.
        String pragmas = "# 1 \"" + WEAK + "\" 1\n" + weak("#pragma weak ") + "# 1 \"" + displayName() + "\" 2\n";
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes((weak.isEmpty() || isAssembler() ? line : line + pragmas).getBytes(StandardCharsets.US_ASCII));
        text.writeBytes(content);
        text.writeBytes((isAssembler() ? "\n" + weak(".weak ") : "").getBytes(StandardCharsets.US_ASCII));
        return text.toByteArray();
    }

    private String weak(String directive) {
        return weak.stream().map(name -> directive + name + "\n").collect(Collectors.joining());
    }

    private boolean isAssembler() {
        return source.toString().endsWith(".S");
    }

    private String displayName() {
        return String.valueOf(source.getFileName()).replaceAll("[^A-Za-z0-9._+-]", "_");
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
