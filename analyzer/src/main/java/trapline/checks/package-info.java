/**
 * Claims about kernel probes, judged from events and rebuilt state. A check knows no flow, no scenario and no address:
 * only generic names of the observation table. {@link trapline.checks.kprobes.Checks} lists all of them;
 * {@link trapline.checks.CheckRun} runs them over a stream.
 */
@NullMarked
package trapline.checks;

import org.jspecify.annotations.NullMarked;
