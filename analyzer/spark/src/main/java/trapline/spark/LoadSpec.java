package trapline.spark;

import java.io.Serializable;
import java.util.List;

/**
 * A load as it is sent to whoever judges it.
 *
 * @param part its number
 * @param journals paths, in the order of the verdicts
 * @param key see {@link LoadOutcome}
 */
record LoadSpec(int part, List<String> journals, String key) implements Serializable {}
