/**
 * The frame of a command line: what every command has in common.
 *
 * <p>{@link trapline.cli.Tool} runs a {@link trapline.cli.CommandTable} and turns whatever goes wrong into one line and an
 * {@link trapline.cli.ExitCode}; {@link trapline.cli.ToolCommand} is what a command extends. Width, colour, progress, JSON,
 * man pages and completion are here. The frame knows no journal's content and no command.
 */
@NullMarked
package trapline.cli;

import org.jspecify.annotations.NullMarked;
