package trapline.journal;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trapline.block.BlockInfo;
import trapline.block.BlockLayout;
import trapline.block.BlockStore;
import trapline.block.Damage;
import trapline.block.DamageLog;
import trapline.block.JournalFooter;
import trapline.block.StoredBlock;

/** Reads a whole journal and compares everything in it that is said twice. */
final class JournalCheck {

    private final BlockStore store;
    private final BlockPass pass;
    private final DamageLog found = new DamageLog();
    /** The digest of the events before the next block; null where a block before it could not be read, or was cut. */
    private byte @Nullable [] chain = new byte[BlockLayout.CHAIN_BYTES];

    JournalCheck(BlockStore store, BlockReader reader) {
        this.store = store;
        this.pass = reader.pass();
    }

    List<Damage> run(List<StoredBlock> blocks, @Nullable JournalFooter footer) throws IOException {
        long nextOrdinal = 0;
        for (StoredBlock block : blocks) {
            if (block.info().firstOrdinal() != nextOrdinal) {
                chain = null;
            }
            nextOrdinal = block.info().endOrdinal();
            check(block);
        }
        byte[] last = chain;
        if (footer != null
                && last != null
                && nextOrdinal == footer.events()
                && !footer.digest().equals(HexFormat.of().formatHex(last))) {
            found.add(store.file(0), 0, 0, "the footer's digest is that of another stream");
        }
        return found.list();
    }

    private void check(StoredBlock block) throws IOException {
        byte[] bytes = store.load(block);
        if (!block.isIntact(bytes)) {
            report(block, "checksum does not hold");
            chain = null;
            return;
        }
        byte[] before =
                Arrays.copyOfRange(bytes, BlockLayout.CHAIN_OFFSET, BlockLayout.CHAIN_OFFSET + BlockLayout.CHAIN_BYTES);
        if (chain != null && !block.info().isPart() && !Arrays.equals(chain, before)) {
            report(block, "continues another stream");
        }
        BlockInfo info = block.info();
        int payload = BlockLayout.STATE_OFFSET + info.stateBytes();
        chain = info.isPart()
                ? null
                : BlockWriter.nextChain(BlockWriter.sha256(), before, bytes, payload, info.payloadBytes());
        String problem = BlockReader.problem(pass, block, bytes);
        if (!problem.isEmpty()) {
            report(block, problem);
        }
    }

    private void report(StoredBlock block, String what) {
        found.add(store.file(block.file()), block, "block " + block.info().sequence() + " " + what);
    }
}
