package trapline.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trapline.guest.ElfFile;
import trapline.guest.ElfReader;
import trapline.guest.GuestException;

/** Compiles a handler flow or a workload of the user's with the host's gcc, as the catalogue's own are compiled. */
public final class GuestCompiler {

    private static final String WEAK = "replaced-functions";
    private static final long LIMIT_SECONDS = 60;

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
            "-frandom-seed=trapline");

    private GuestCompiler() {}

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
     * @throws GuestException if there is no gcc, or it cannot make i386 objects
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
     * @throws GuestException if there is no gcc, or it cannot make i386 objects
     */
    static Map<String, ElfFile> compile(Map<String, byte[]> sources, Map<String, byte[]> headers, List<String> weak)
            throws GuestException, Refused {
        try {
            Path folder = Files.createTempDirectory("trapline");
            try {
                Map<String, ElfFile> objects = new LinkedHashMap<>();
                for (Map.Entry<String, byte[]> source : sources.entrySet()) {
                    Path file = Files.write(folder.resolve(source.getKey()), source.getValue());
                    boolean assembler = source.getKey().endsWith(".S");
                    if (assembler) {
                        Files.writeString(file, weak("\n.weak ", weak), StandardOpenOption.APPEND);
                    }
                    objects.put(source.getKey(), compile(file, headers, assembler ? List.of() : weak));
                }
                return objects;
            } finally {
                remove(folder);
            }
        } catch (IOException e) {
            throw new GuestException("the runtime cannot be compiled: " + e.getMessage());
        }
    }

    private static String weak(String directive, List<String> names) {
        return names.stream().map(name -> directive + name + "\n").collect(Collectors.joining());
    }

    private static ElfFile compile(Path source, Map<String, byte[]> headers, List<String> weak)
            throws GuestException, Refused {
        try {
            Path scratch = Files.createTempDirectory("trapline");
            try {
                for (Map.Entry<String, byte[]> header : headers.entrySet()) {
                    Files.write(scratch.resolve(header.getKey()), header.getValue());
                }
                // What is weak is neither inlined nor otherwise taken for known.
                Files.writeString(scratch.resolve(WEAK), weak("#pragma weak ", weak));
                return compile(source, scratch, !weak.isEmpty());
            } finally {
                remove(scratch);
            }
        } catch (IOException e) {
            throw new GuestException(source + ": cannot be compiled: " + e.getMessage());
        }
    }

    private static ElfFile compile(Path source, Path scratch, boolean withWeak)
            throws IOException, GuestException, Refused {
        Path object = scratch.resolve("out.o");
        Path output = scratch.resolve("out.txt");
        String compiler = System.getenv().getOrDefault("CC", "gcc");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(FLAGS);
        Path folder = Objects.requireNonNullElse(source.toAbsolutePath().getParent(), Path.of("/"));
        command.addAll(List.of("-ffile-prefix-map=" + scratch + "=runtime", "-ffile-prefix-map=" + folder + "=."));
        if (withWeak) {
            command.addAll(List.of("-include", scratch.resolve(WEAK).toString()));
        }
        command.addAll(List.of("-I" + scratch, "-c", String.valueOf(source.getFileName())));
        command.addAll(List.of("-o", object.toString()));
        // In the source's folder, so that neither messages nor the object depend on where the user is.
        int exitCode = run(command, folder, output);
        String said = Files.readString(output, StandardCharsets.UTF_8);
        if (exitCode != 0 || !Files.exists(object)) {
            throw new Refused(source, said);
        }
        return ElfReader.parse(source.toString(), Files.readAllBytes(object));
    }

    private static int run(List<String> command, Path folder, Path output) throws IOException, GuestException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new GuestException(
                    command.get(0) + ": not found; to compile C, install gcc (Debian: apt install gcc) or set CC");
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new GuestException(command.get(0) + ": still compiling after " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while compiling");
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
