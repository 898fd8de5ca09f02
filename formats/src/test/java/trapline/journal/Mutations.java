package trapline.journal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import trapline.block.BlockLayout;
import trapline.chronicle.QueueFile;

/** Ways to damage a data file, each seeded: what disks, cables, editors and people do to it. */
public enum Mutations {
    FLIP_BITS {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return file;
        }
    },
    FLIP_IN_A_HEADER {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            int[] block = any(blocks(file), random);
            int at = block[0]
                    - QueueFile.HEADER_BYTES
                    + random.nextInt(QueueFile.HEADER_BYTES + BlockLayout.STATE_OFFSET + 40);
            file[at] ^= (byte) (1 << random.nextInt(8));
            return file;
        }
    },
    FLIP_IN_A_TRAILER {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            int[] block = any(blocks(file), random);
            file[block[1] - 1 - random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
            return file;
        }
    },
    TRUNCATE {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            return Arrays.copyOf(file, random.nextInt(file.length));
        }
    },
    ZERO_PAGES {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            int from = random.nextInt(file.length) & ~511;
            Arrays.fill(file, from, Math.min(file.length, from + 512 * (1 + random.nextInt(32))), (byte) 0);
            return file;
        }
    },
    RANDOM_PAGE {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            byte[] noise = new byte[1 + random.nextInt(5000)];
            random.nextBytes(noise);
            int at = random.nextInt(file.length);
            System.arraycopy(noise, 0, file, at, Math.min(noise.length, file.length - at));
            return file;
        }
    },
    WILD_NUMBER {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            int[] block = any(blocks(file), random);
            int at = block[0] - QueueFile.HEADER_BYTES + 4 * random.nextInt(14);
            int[] wild = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x40000000, random.nextInt()};
            BlockLayout.putInt(file, at, wild[random.nextInt(wild.length)]);
            return file;
        }
    },
    SWAP_BLOCKS {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            return rebuild(
                    file,
                    (parts, byRandom) -> {
                        int a = byRandom.nextInt(parts.size());
                        int b = byRandom.nextInt(parts.size());
                        byte[] part = parts.get(a);
                        parts.set(a, parts.get(b));
                        parts.set(b, part);
                    },
                    random);
        }
    },
    DROP_BLOCKS {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            return rebuild(file, (parts, byRandom) -> parts.remove(byRandom.nextInt(parts.size())), random);
        }
    },
    REPEAT_BLOCKS {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            return rebuild(
                    file,
                    (parts, byRandom) ->
                            parts.add(byRandom.nextInt(parts.size()), parts.get(byRandom.nextInt(parts.size()))),
                    random);
        }
    },
    SPLICE_BLOCKS {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            List<int[]> foreign = blocks(other);
            return rebuild(
                    file,
                    (parts, byRandom) -> {
                        int[] block = any(foreign, byRandom);
                        byte[] part = Arrays.copyOfRange(other, block[0] - QueueFile.HEADER_BYTES, block[1]);
                        int at = byRandom.nextInt(parts.size());
                        if (byRandom.nextBoolean()) {
                            parts.set(at, part);
                        } else {
                            parts.add(at, part);
                        }
                    },
                    random);
        }
    },
    SPLICE_FILES {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            int cut = random.nextInt(Math.min(file.length, other.length));
            System.arraycopy(other, cut, file, cut, Math.min(file.length, other.length) - cut);
            return file;
        }
    },
    SHIFT {
        @Override
        public byte[] apply(byte[] file, byte[] other, SplittableRandom random) {
            int cut = random.nextInt(file.length);
            int by = 1 + random.nextInt(64);
            byte[] shifted = new byte[file.length + by];
            System.arraycopy(file, 0, shifted, 0, cut);
            System.arraycopy(file, cut, shifted, cut + by, file.length - cut);
            return shifted;
        }
    };

    /**
     * Damages a file.
     *
     * @param file its bytes, which may be changed in place
     * @param other those of another journal
     */
    public abstract byte[] apply(byte[] file, byte[] other, SplittableRandom random);

    interface Change {
        void apply(List<byte[]> parts, SplittableRandom random);
    }

    private static byte[] rebuild(byte[] file, Change change, SplittableRandom random) {
        List<int[]> blocks = blocks(file);
        List<byte[]> parts = new ArrayList<>();
        for (int[] block : blocks) {
            parts.add(Arrays.copyOfRange(file, block[0] - QueueFile.HEADER_BYTES, block[1]));
        }
        for (int changes = 1 + random.nextInt(3); changes > 0 && !parts.isEmpty(); changes--) {
            change.apply(parts, random);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, blocks.get(0)[0] - QueueFile.HEADER_BYTES);
        parts.forEach(out::writeBytes);
        out.write(new byte[4096], 0, 4096);
        return out.toByteArray();
    }

    static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    /** Start and end of each block of an undamaged file. */
    static List<int[]> blocks(byte[] file) {
        List<int[]> blocks = new ArrayList<>();
        int at = 0;
        while (at + 4 <= file.length && BlockLayout.getInt(file, at) > 0) {
            int header = BlockLayout.getInt(file, at);
            int length = header & QueueFile.LENGTH_MASK;
            if ((header & QueueFile.META) == 0) {
                blocks.add(new int[] {at + 4, at + 4 + length});
            }
            at += 4 + (int) QueueFile.align(length);
        }
        return blocks;
    }
}
