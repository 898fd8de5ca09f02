package trapline.zip;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockStore;
import trapline.block.DamageLog;
import trapline.block.JournalException;
import trapline.block.StoredBlock;

/**
 * The blocks in a bundle, each an entry of its own: {@code blocks/NUMBER} in a bundle of a whole journal,
 * {@code slice/NUMBER} in one of a part, whose other blocks nobody misses.
 */
public final class BundleBlocks implements BlockStore {

    static final String WHOLE = "blocks/";
    static final String SLICE = "slice/";

    private static final int BLOCK_BYTES_MAX = BlockLayout.TEXT_BYTES_MAX + (1 << 12);

    private final ZipArchive zip;
    private final List<String> names = new ArrayList<>();
    private boolean slice;
    private boolean scanned;
    private int newerVersion = -1;

    public BundleBlocks(ZipArchive zip) {
        this.zip = zip;
        slice = zip.names().stream().anyMatch(name -> name.startsWith(SLICE));
    }

    /** Whether an entry of this name is a block. */
    static boolean isBlock(String name) {
        return name.startsWith(WHOLE) || name.startsWith(SLICE);
    }

    /** The name of a block's entry. */
    public static String name(boolean slice, int sequence) {
        return String.format("%s%08d", slice ? SLICE : WHOLE, sequence);
    }

    @Override
    public boolean isSlice() {
        return slice;
    }

    @Override
    public void scan(Finder finder, DamageLog damage) throws IOException {
        if (scanned) {
            return;
        }
        scanned = true;
        if (!zip.problem().isEmpty()) {
            damage.add(zip.path(), 0, 0, zip.problem());
        }
        for (String name : zip.names()) {
            if (!name.startsWith(slice ? SLICE : WHOLE)) {
                continue;
            }
            StoredBlock block = null;
            try {
                block = block(names.size(), zip.read(name, BLOCK_BYTES_MAX));
            } catch (JournalException e) {
                damage.add(zip.path(), 0, 0, name + " cannot be unpacked");
                continue;
            }
            if (block == null) {
                damage.add(zip.path(), 0, 0, name + " is no block");
            } else {
                names.add(name);
                finder.found(block);
            }
        }
    }

    private @Nullable StoredBlock block(int index, byte @Nullable [] bytes) {
        if (bytes == null || bytes.length < BlockLayout.STATE_OFFSET + BlockLayout.TRAILER_BYTES) {
            return null;
        }
        BlockInfo info = BlockInfo.get(bytes, 0);
        if (info == null || info.length() != bytes.length) {
            return null;
        }
        if (BlockInfo.version(bytes, 0) != BlockLayout.VERSION) {
            newerVersion = BlockInfo.version(bytes, 0);
            return null;
        }
        byte[] trailer = Arrays.copyOfRange(bytes, bytes.length - BlockLayout.TRAILER_BYTES, bytes.length);
        return StoredBlock.of(index, 0, info, bytes, 0, trailer);
    }

    @Override
    public byte[] load(StoredBlock block) throws IOException {
        try {
            byte[] bytes = zip.read(names.get(block.file()), BLOCK_BYTES_MAX);
            return bytes == null ? new byte[0] : bytes;
        } catch (JournalException e) {
            return new byte[0];
        }
    }

    @Override
    public Path file(int index) {
        return zip.path();
    }

    @Override
    public int newerVersion() {
        return newerVersion;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
