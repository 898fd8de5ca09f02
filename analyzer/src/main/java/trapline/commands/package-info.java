/**
 * The commands of the analyzer, one class each, and what they print. {@link trapline.commands.AnalyzerCommands} lists them.
 */
@NullMarked
package trapline.commands;

import org.jspecify.annotations.NullMarked;
