package trapline.chronicle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import trapline.block.BlockStore;
import trapline.block.DamageLog;
import trapline.block.JournalException;
import trapline.block.ScanBudget;
import trapline.block.StoredBlock;

/**
 * The data files of a journal's directory. They are opened for reading only, must be regular files (a pipe would block,
 * a device or a link lead elsewhere), and stay open: a file that a ring drops can still be read to its end.
 */
public final class DataFiles implements BlockStore {

    private static final OpenOption[] READ = {StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS};

    private final Path directory;
    private final List<Path> paths = new CopyOnWriteArrayList<>();
    private final List<FileChannel> channels = new CopyOnWriteArrayList<>();
    private final List<BlockScan> scans = new CopyOnWriteArrayList<>();
    private final Set<Path> known = new HashSet<>();
    private int blocks;

    public DataFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public void scan(Finder finder, DamageLog damage) throws IOException {
        ScanBudget budget = new ScanBudget(blocks);
        int last = scans.size() - 1;
        if (last >= 0) {
            scans.get(last).advance(finder, damage, budget);
        }
        for (Path path : ChronicleFiles.dataFiles(directory)) {
            if (known.add(path) && open(path)) {
                scans.get(scans.size() - 1).advance(finder, damage, budget);
            }
        }
        blocks = budget.blocks();
        if (scans.isEmpty()) {
            throw new JournalException(directory + ": is not a journal (no .cq4 file in it)");
        }
    }

    /** False where a ring has dropped the file since it was listed. */
    private boolean open(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            throw new JournalException(path + ": is not a regular file; a journal has no links, pipes or devices");
        }
        if (paths.size() == ChronicleFiles.FILES_MAX) {
            throw new JournalException(directory + ": more than " + ChronicleFiles.FILES_MAX + " data files");
        }
        try {
            FileChannel channel = FileChannel.open(path, READ);
            channels.add(channel);
            scans.add(new BlockScan(path, paths.size(), channel));
            paths.add(path);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public byte[] load(StoredBlock block) throws IOException {
        return BlockScan.load(channels.get(block.file()), block);
    }

    @Override
    public byte[] load(StoredBlock block, byte[] into) throws IOException {
        if (into.length < block.info().length()) {
            return load(block);
        }
        BlockScan.load(channels.get(block.file()), block, into);
        return into;
    }

    @Override
    public Path file(int index) {
        return paths.get(index);
    }

    @Override
    public int newerVersion() {
        return scans.stream().mapToInt(BlockScan::newerVersion).max().orElse(-1);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels) {
            channel.close();
        }
    }
}
