package trapline.commands;

import java.util.List;
import picocli.CommandLine.Command;
import trapline.checks.CheckInfo;
import trapline.checks.kprobes.Checks;
import trapline.cli.ExitCode;
import trapline.cli.Ink;
import trapline.cli.Json;
import trapline.cli.ToolCommand;
import trapline.cli.Words;

/** {@code checks}: what is judged. */
@Command(
        name = "checks",
        description = "Lists the built-in checks: id, invariant and claim; then the monitors for check --monitor.")
final class ChecksCommand extends ToolCommand {

    record Row(String id, String invariant, String claim, String citation, List<String> exceptions) {}

    @Override
    protected boolean paged() {
        return true;
    }

    @Override
    protected ExitCode execute() {
        if (json()) {
            out().println(Json.list(
                    1, Checks.infos().stream().map(ChecksCommand::row).toList()));
            return ExitCode.CLEAN;
        }
        Ink ink = new Ink(console());
        for (CheckInfo info : Checks.infos()) {
            out().println(ink.bold(String.format("%-22s", info.id())) + info.invariant());
            Words.wrap(info.claim(), console().columns(), "    ").forEach(out()::println);
        }
        for (ShippedMonitor monitor : ShippedMonitor.values()) {
            out().println(ink.bold(String.format("%-22s", monitor.label())) + "check --monitor " + monitor.label());
            Words.wrap(monitor.claim(), console().columns(), "    ").forEach(out()::println);
        }
        return ExitCode.CLEAN;
    }

    private static Row row(CheckInfo info) {
        return new Row(info.id(), info.invariant(), info.claim(), info.citation(), info.exceptions());
    }
}
