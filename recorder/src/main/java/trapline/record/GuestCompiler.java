package trapline.record;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.GuestException;
import trapline.scenario.Catalogue;

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
final class GuestCompiler {

    private static final int SOURCE_BYTES_MAX = 16 << 20;

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
    private final CompilerProcess gcc;

    private GuestCompiler(Path source, Path folder, Path scratch) throws IOException {
        this.source = source;
        this.folder = folder;
        this.scratch = scratch;
        this.gcc = new CompilerProcess(Files.createDirectory(scratch.resolve("work")));
    }

    /** gcc refused the source; its own words are in {@link #output()}. */
    static final class Refused extends Exception {
        private final String output;

        Refused(Path source, String output) {
            super(source + ": does not compile");
            this.output = output;
        }

        /** What gcc printed, lines and all. */
        String output() {
            return output;
        }
    }

    /**
     * Compiles one file.
     *
     * @param source C that includes the guest's headers ({@code flow.h}, {@code workload.h})
     * @return the object, named as the source
     * @throws Refused if gcc finds errors
     * @throws GuestException if there is no gcc, or it cannot make i386 objects, or the source reads what it must not
     */
    static ElfFile compile(Path source) throws GuestException, Refused {
        try {
            Path folder = SourceReach.folderOf(source);
            Path scratch = Files.createTempDirectory("trapline").toRealPath();
            try {
                return new GuestCompiler(source, folder, scratch).run();
            } finally {
                remove(scratch);
            }
        } catch (IOException e) {
            throw new GuestException(source + ": cannot be compiled: " + e.getMessage());
        }
    }

    private ElfFile run() throws IOException, GuestException, Refused {
        Path runtime = Files.createDirectory(scratch.resolve("runtime"));
        for (String header : Catalogue.names("guest/runtime", ".h")) {
            byte[] bytes = Objects.requireNonNull(Catalogue.find("guest/runtime/" + header + ".h"));
            Files.write(runtime.resolve(header + ".h"), bytes);
        }
        Files.createSymbolicLink(scratch.resolve("source"), folder);
        preprocess();
        compileText();
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
                List.of("-E", "-MD", "-MF", "../deps", "-MT", "x", "-x", "c", "-"));
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
        SourceReach.checkAssembled(source, reads, List.of("../part.s", displayName()));
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

    /** The text below a line that gives it its name, in messages and in the object. */
    private byte[] named(byte[] content) {
        byte[] line = ("# 1 \"" + displayName() + "\"\n").getBytes(StandardCharsets.US_ASCII);
        byte[] text = new byte[line.length + content.length];
        System.arraycopy(line, 0, text, 0, line.length);
        System.arraycopy(content, 0, text, line.length, content.length);
        return text;
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
