package trapline.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What is the same for all loads of a job.
 *
 * @param output the folder
 * @param json whether verdicts are written as JSON lines, not as text
 * @param allowIdle whether a journal in which nothing was exercised is clean
 * @param journals number of journals of the job
 * @param tables names of the tables that are written
 */
record CheckPlan(String output, boolean json, boolean allowIdle, int journals, List<String> tables)
        implements Serializable {

    /** Name of what is printed of a load. */
    String printed(int part) {
        return String.format("check/part-%05d.%s", part, json ? "ndjson" : "txt");
    }
}
