/**
 * Scenarios: YAML files that say which guest runs, on how many CPUs, under which schedule, with which injections, and for
 * how long; and the catalogue of ready-made ones that travels inside the executable.
 *
 * <p>A file is parsed into a tree whose nodes know their line and column ({@link trapline.scenario.Node}), so that every
 * complaint, be it about a key, a type or a file that is not there, names the place. The keys are described for users in
 * {@code samples/scenarios/README.md}.
 */
@NullMarked
package trapline.scenario;

import org.jspecify.annotations.NullMarked;
