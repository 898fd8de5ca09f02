package trapline.journal;

import java.io.IOException;
import java.nio.file.Path;
import trapline.block.JournalFooter;
import trapline.chronicle.ChronicleSink;
import trapline.events.Event;
import trapline.events.StreamConsumer;
import trapline.events.StreamState;

/** Makes journals of journals. */
public final class JournalCopy {

    private JournalCopy() {}

    /**
     * Copies the blocks as they are: of a whole journal in one file the copy is the same, byte for byte.
     *
     * @param journal a journal or bundle
     * @param directory to be created; must not exist, the directory above it must
     * @throws IOException if it cannot be written
     */
    public static void copy(Journal journal, Path directory) throws IOException {
        JournalWriter.createDirectory(directory);
        try (ChronicleSink sink = new ChronicleSink(directory, false)) {
            JournalSlice.whole(journal).copyTo((name, block) -> sink.append(block, block.length));
        }
    }

    /**
     * Writes all events that can be read into a new journal, with a {@code lost} event in each gap. The new journal is
     * whole and closed; what is missing in it stays said.
     *
     * @param journal a journal or bundle
     * @param directory to be created; must not exist, the directory above it must
     * @return footer of the new journal
     * @throws IOException if it cannot be written
     */
    public static JournalFooter recover(Journal journal, Path directory) throws IOException {
        try (JournalWriter writer = JournalWriter.create(directory, journal.header(), JournalOptions.DEFAULT)) {
            journal.read(new StreamConsumer() {
                @Override
                public void accept(Event event) {
                    writer.accept(event);
                }

                @Override
                public void resume(StreamState state) {
                    writer.resume(state);
                }
            });
            return writer.finish();
        }
    }
}
