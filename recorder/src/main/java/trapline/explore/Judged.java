package trapline.explore;

import java.util.List;
import trapline.recording.Recording;
import trapline.replay.ReplayListener;

/** Runs that are judged while they run, and of which nothing is kept but that. */
public final class Judged {

    private Judged() {}

    /**
     * Runs it once.
     *
     * @param recording prepared, and not used otherwise
     * @param others also hear the replay, such as those of a latency table
     */
    public static Outcome once(Recording recording, List<ReplayListener> others) {
        Judge judge = new Judge(recording.header().textTables(), List.of(), others);
        return judge.outcome(recording.observe(judge));
    }

    /**
     * Runs it again and again, each time from its start.
     *
     * @param recording prepared, and not used otherwise
     * @param expected what each run is to come to
     * @return how many of them did
     */
    public static int again(Recording recording, Outcome expected, int times) {
        Session session = new Session(recording, List.of());
        Session.State start = session.save();
        int same = 0;
        for (int i = 0; i < times; i++) {
            session.restore(start);
            same += session.finish().equals(expected) ? 1 : 0;
        }
        return same;
    }
}
