package trapline.journal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import trapline.block.BlockLayout;

/** Ways to damage a bundle, each seeded; also what nobody does by accident. */
public enum BundleMutations {
    FLIP_BITS {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            return flip(zip, 0, zip.length, random);
        }
    },
    FLIP_IN_THE_DIRECTORY {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            return flip(zip, directoryAt(zip), zip.length, random);
        }
    },
    TRUNCATE {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            return Arrays.copyOf(zip, random.nextInt(zip.length));
        }
    },
    CUT_THE_DIRECTORY {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            int directory = directoryAt(zip);
            return Arrays.copyOf(zip, directory + random.nextInt(zip.length - directory));
        }
    },
    ZERO_PAGES {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            int from = random.nextInt(zip.length) & ~63;
            Arrays.fill(zip, from, Math.min(zip.length, from + 64 * (1 + random.nextInt(32))), (byte) 0);
            return zip;
        }
    },
    SPLICE_FILES {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            byte[] spliced = Arrays.copyOf(zip, random.nextBoolean() ? zip.length : other.length);
            int cut = random.nextInt(Math.min(spliced.length, other.length));
            System.arraycopy(other, cut, spliced, cut, Math.min(spliced.length, other.length) - cut);
            return spliced;
        }
    },
    WILD_NUMBER_IN_THE_DIRECTORY {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            int entry = any(directory(zip), random);
            return wild(zip, entry + random.nextInt(DIRECTORY_ENTRY_BYTES - 3), random);
        }
    },
    WILD_NUMBER_IN_FRONT_OF_AN_ENTRY {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            int entry = BlockLayout.getInt(zip, any(directory(zip), random) + LOCAL_OFFSET);
            return wild(zip, entry + random.nextInt(LOCAL_HEADER_BYTES - 3), random);
        }
    },
    WILD_NUMBER_IN_THE_END {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            return wild(zip, zip.length - END_BYTES + random.nextInt(END_BYTES - 3), random);
        }
    },
    SIZE_THAT_LIES {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            int entry = any(directory(zip), random);
            int size = BlockLayout.getInt(zip, entry + SIZE_OFFSET);
            int[] says = {0, 1, size - 1, size + 1, 2 * size, 1 << 24, Integer.MAX_VALUE, -2, random.nextInt()};
            BlockLayout.putInt(zip, entry + SIZE_OFFSET, says[random.nextInt(says.length)]);
            return zip;
        }
    },
    TWO_OF_ONE_NAME {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            List<Integer> entries = directory(zip);
            int from = any(entries, random);
            int to = any(entries, random);
            int length = Math.min(nameLength(zip, from), nameLength(zip, to));
            System.arraycopy(zip, from + DIRECTORY_ENTRY_BYTES, zip, to + DIRECTORY_ENTRY_BYTES, length);
            return zip;
        }
    },
    NAME_THAT_LEADS_ELSEWHERE {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            int entry = any(directory(zip), random);
            String[] names = {"../../../x", "/etc/passw", "C:\\x", "guest/../x", "a\u0000b", "blocks//0", "CON", "."};
            byte[] name = names[random.nextInt(names.length)].getBytes(StandardCharsets.ISO_8859_1);
            int length = Math.min(name.length, nameLength(zip, entry));
            System.arraycopy(name, 0, zip, entry + DIRECTORY_ENTRY_BYTES, length);
            if (random.nextBoolean()) {
                int local = BlockLayout.getInt(zip, entry + LOCAL_OFFSET);
                System.arraycopy(name, 0, zip, local + LOCAL_HEADER_BYTES, length);
            }
            return zip;
        }
    },
    ENTRIES_OVER_EACH_OTHER {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            List<Integer> entries = directory(zip);
            int one = any(entries, random);
            for (int entry : entries) {
                if (random.nextBoolean()) {
                    BlockLayout.putInt(zip, entry + LOCAL_OFFSET, BlockLayout.getInt(zip, one + LOCAL_OFFSET));
                }
            }
            return zip;
        }
    },
    BLOCKS_SWAPPED_DROPPED_OR_FOREIGN {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            List<Part> parts = parts(zip);
            List<Part> foreign = parts(other);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int a = random.nextInt(parts.size());
                int b = random.nextInt(parts.size());
                Part was = parts.get(a);
                switch (random.nextInt(4)) {
                    case 0 -> parts.set(a, new Part(was.name, parts.get(b).content));
                    case 1 -> parts.remove(a);
                    case 2 -> parts.set(a, new Part(was.name, any(foreign, random).content));
                    default -> parts.add(b, new Part("blocks/" + (99999999 - random.nextInt(99)), was.content));
                }
            }
            return zip(parts);
        }
    },
    BYTES_CHANGED_INSIDE {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            List<Part> parts = parts(zip);
            int at = random.nextInt(parts.size());
            byte[] content = parts.get(at).content.clone();
            if (content.length > 0) {
                parts.set(at, new Part(parts.get(at).name, flip(content, 0, content.length, random)));
            }
            return zip(parts);
        }
    },
    BOMB {
        @Override
        public byte[] apply(byte[] zip, byte[] other, SplittableRandom random) {
            List<Part> parts = parts(zip);
            String[] names = {"blocks/00000000", "blocks/00000003", "manifest.json", "guest/a.o", "zeros"};
            String name = names[random.nextInt(names.length)];
            parts.removeIf(part -> part.name.equals(name));
            parts.add(random.nextInt(parts.size()), new Part(name, new byte[1 << (16 + random.nextInt(10))]));
            return zip(parts);
        }
    };

    private static final int END_BYTES = 22;
    private static final int DIRECTORY_OFFSET_FROM_END = 6;
    private static final int DIRECTORY_ENTRY_BYTES = 46;
    private static final int DIRECTORY_MAGIC = 0x02014b50;
    private static final int SIZE_OFFSET = 24;
    private static final int LOCAL_OFFSET = 42;
    private static final int LOCAL_HEADER_BYTES = 30;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Part(String name, byte[] content) {}

    /**
     * Damages a bundle.
     *
     * @param zip its bytes, which may be changed in place
     * @param other those of another bundle
     */
    public abstract byte[] apply(byte[] zip, byte[] other, SplittableRandom random);

    private static byte[] flip(byte[] bytes, int from, int to, SplittableRandom random) {
        for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
            bytes[random.nextInt(from, to)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] wild(byte[] bytes, int at, SplittableRandom random) {
        int[] wild = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff, random.nextInt()};
        BlockLayout.putInt(bytes, at, wild[random.nextInt(wild.length)]);
        return bytes;
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private static int directoryAt(byte[] zip) {
        return BlockLayout.getInt(zip, zip.length - DIRECTORY_OFFSET_FROM_END);
    }

    private static int nameLength(byte[] zip, int entry) {
        return BlockLayout.getInt(zip, entry + 28) & 0xffff;
    }

    /** Where the entries of an undamaged bundle's directory start. */
    private static List<Integer> directory(byte[] zip) {
        List<Integer> entries = new ArrayList<>();
        int at = directoryAt(zip);
        while (BlockLayout.getInt(zip, at) == DIRECTORY_MAGIC) {
            entries.add(at);
            int extra = BlockLayout.getInt(zip, at + 28) >>> 16;
            int comment = BlockLayout.getInt(zip, at + 32) & 0xffff;
            at += DIRECTORY_ENTRY_BYTES + nameLength(zip, at) + extra + comment;
        }
        return entries;
    }

    private static List<Part> parts(byte[] zip) {
        List<Part> parts = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                parts.add(new Part(entry.getName(), in.readAllBytes()));
            }
            return parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] zip(List<Part> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            List<String> names = new ArrayList<>();
            for (Part part : parts) {
                if (!names.contains(part.name)) {
                    names.add(part.name);
                    zip.putNextEntry(new ZipEntry(part.name));
                    zip.write(part.content);
                    zip.closeEntry();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
