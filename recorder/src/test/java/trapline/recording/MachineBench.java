package trapline.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the machine runs, without observation and with everything recorded to a journal on disk, beside QEMU and Bochs
 * where they are installed, all in one run: {@code mvn -Pbench -pl recorder -am test}. Medians of five.
 */
final class MachineBench {

    private static final int WARM_UP = 3;
    private static final int RUNS = 5;
    private static final Path GUESTS =
            Path.of("../samples/bench/guests").toAbsolutePath().normalize();
    private static final Path SHORT = GUESTS.resolve("loop50m.elf");
    private static final Path LONG = GUESTS.resolve("loop1g.elf");
    private static final String SHORT_CHECKSUM = "312a813b";
    private static final long SHORT_STEPS = 50_000_000;
    private static final long LONG_STEPS = 1_000_000_000;
    private static final int SECTOR_BYTES = 512;
    private static final int FLOPPY_BYTES = 1_474_560;

    @TempDir
    private Path directory;

    /** Medians of one way to run one guest. */
    private record Speed(double instructionsPerSecond, double bytesPerEvent, double eventsPerSecond) {}

    @Test
    void table() throws Exception {
        BenchRun.printMachine(RUNS);
        pair("loop.S", LONG.toString(), "-");
        pair("kprobes pounding", "pounding", "variables.rounds=300000");
        peer("QEMU (TCG)", "qemu-system-i386", "qemu-system-x86", this::qemu);
        peer("Bochs", "bochs", "bochs bochs-term bochsbios vgabios", this::bochs);
    }

    private void pair(String guest, String target, String assignment) throws Exception {
        Speed plain = own("plain", target, assignment);
        Speed recorded = own("recorded", target, assignment);
        print(guest + ", not observed", plain.instructionsPerSecond());
        print(guest + ", recorded", recorded.instructionsPerSecond());
        System.out.printf(
                Locale.ROOT,
                "  %-34s %8.2f%n",
                "ratio",
                plain.instructionsPerSecond() / recorded.instructionsPerSecond());
        System.out.printf(
                Locale.ROOT,
                "  %-34s %8.1f M/s, %.2f bytes each%n",
                "events",
                recorded.eventsPerSecond() / 1e6,
                recorded.bytesPerEvent());
    }

    private static void print(String what, double instructionsPerSecond) {
        System.out.printf(Locale.ROOT, "  %-34s %8.1f M instructions/s%n", what, instructionsPerSecond / 1e6);
    }

    private Speed own(String mode, String target, String assignment) throws Exception {
        List<String> lines = BenchRun.run(
                        600,
                        BenchRun.java(
                                List.of(),
                                SpeedRun.class,
                                mode,
                                target,
                                assignment,
                                Integer.toString(WARM_UP + RUNS),
                                directory.toString()))
                .lines()
                .toList();
        assertThat(lines).hasSize(WARM_UP + RUNS);
        List<String> counted = lines.subList(WARM_UP, lines.size());
        double[] rate = counted.stream()
                .map(l -> l.split(" ", -1))
                .mapToDouble(f -> Long.parseLong(f[0]) * 1e9 / Long.parseLong(f[1]))
                .toArray();
        double[] events = counted.stream()
                .map(l -> l.split(" ", -1))
                .mapToDouble(f -> Long.parseLong(f[2]) * 1e9 / Long.parseLong(f[1]))
                .toArray();
        String[] last = counted.get(0).split(" ", -1);
        long count = Long.parseLong(last[2]);
        return new Speed(
                BenchRun.median(rate), count == 0 ? 0 : Double.parseDouble(last[3]) / count, BenchRun.median(events));
    }

    /** Runs the loop of some length in a peer. */
    private interface Peer {
        /** Returns what it printed. */
        String run(Path elf) throws Exception;
    }

    /** Speed from the difference of two lengths, which leaves the start-up out. */
    private void peer(String name, String program, String packages, Peer peer) throws Exception {
        String why = BenchRun.isInstalled(program) ? cannotStart(peer) : program + " is not installed";
        if (!why.isEmpty()) {
            System.out.printf("  %-34s %8s (%s; Debian: %s)%n", "loop.S, " + name, "-", why, packages);
            return;
        }
        double[] rates = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            double shorter = seconds(peer, SHORT, SHORT_CHECKSUM);
            double longer = seconds(peer, LONG, "ee079286");
            rates[i] = (LONG_STEPS - SHORT_STEPS) / (longer - shorter);
        }
        print("loop.S, " + name, BenchRun.median(rates));
    }

    /** Why a peer that is installed does not run the guest, such as for want of a display or of its BIOS; empty if it does. */
    private static String cannotStart(Peer peer) throws Exception {
        try {
            String printed = peer.run(SHORT);
            return printed.contains(SHORT_CHECKSUM) ? "" : BenchRun.reason(printed);
        } catch (IOException e) {
            return BenchRun.reason("error: " + e.getMessage());
        }
    }

    private static double seconds(Peer peer, Path elf, String checksum) throws Exception {
        long start = System.nanoTime();
        String printed = peer.run(elf);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(printed).contains(checksum);
        return seconds;
    }

    private String qemu(Path elf) throws Exception {
        return BenchRun.run(
                120,
                List.of(
                        "qemu-system-i386",
                        "-machine",
                        "pc",
                        "-accel",
                        "tcg",
                        "-m",
                        "16",
                        "-display",
                        "none",
                        "-nodefaults",
                        "-no-reboot",
                        "-serial",
                        "stdio",
                        "-device",
                        "isa-debug-exit,iobase=0xf4,iosize=4",
                        "-kernel",
                        elf.toString()));
    }

    /** Bochs knows no Multiboot: a floppy with a boot sector, the guest's bytes behind it. */
    private String bochs(Path elf) throws Exception {
        byte[] floppy = Arrays.copyOf(Files.readAllBytes(GUESTS.resolve("boot.bin")), FLOPPY_BYTES);
        byte[] image = rawImage(Files.readAllBytes(elf));
        System.arraycopy(image, 0, floppy, SECTOR_BYTES, image.length);
        Path disk = Files.write(directory.resolve("floppy.img"), floppy);
        Path setup = Files.writeString(directory.resolve("bochsrc"), """
                megs: 16
                romimage: file=/usr/share/bochs/BIOS-bochs-latest
                vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
                floppya: 1_44=%s, status=inserted
                boot: floppy
                display_library: term
                port_e9_hack: enabled=1
                speaker: enabled=0
                log: /dev/null
                """.formatted(disk));
        Path commands = Files.writeString(directory.resolve("commands"), "c\n");
        // Bochs draws on a terminal: script gives it one.
        return BenchRun.run(
                300, List.of("script", "-qec", "TERM=vt100 bochs -q -f " + setup + " -rc " + commands, "/dev/null"));
    }

    /** The one loaded segment of the loop's ELF file. */
    private static byte[] rawImage(byte[] elf) {
        java.nio.ByteBuffer file = java.nio.ByteBuffer.wrap(elf).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int header = file.getInt(28);
        int offset = file.getInt(header + 4);
        return Arrays.copyOfRange(elf, offset, offset + file.getInt(header + 16));
    }
}
