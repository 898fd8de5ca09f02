package trapline.record;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import trapline.analyze.ExitCode;
import trapline.analyze.ToolVersion;
import trapline.analyze.UserError;
import trapline.guest.GuestException;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;
import trapline.schedule.UnresolvedPointException;

/** What the commands that run scenarios share: reading, preparing, and what their failures are for the user. */
final class Runs {

    private Runs() {}

    /** A run, or anything else that ends with a result or an I/O error. */
    interface Task<T> {
        T run() throws IOException;
    }

    static Scenario scenario(String nameOrFile, ScenarioOptions options, PrintStream err) {
        return scenario(nameOrFile, overrides(options), err);
    }

    static Scenario scenario(String nameOrFile, Overrides overrides, PrintStream err) {
        try {
            return ScenarioReader.read(nameOrFile, overrides);
        } catch (ScenarioException e) {
            throw unreadable(e, err);
        }
    }

    static Scenario executable(Path file, ScenarioOptions options, PrintStream err) {
        try {
            return ScenarioReader.ofExecutable(file, overrides(options));
        } catch (ScenarioException e) {
            throw unreadable(e, err);
        }
    }

    static Overrides overrides(ScenarioOptions options) {
        try {
            return options.overrides();
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** One line each; a problem that an option's value caused is a usage error, all else is unreadable input. */
    private static UserError unreadable(ScenarioException e, PrintStream err) {
        List<String> problems = e.problems();
        int last = problems.size() - 1;
        problems.subList(0, last).forEach(problem -> err.println("trapline: " + problem));
        boolean usage =
                problems.stream().allMatch(problem -> problem.startsWith("--") && !problem.contains(": no such file"));
        return new UserError(usage ? ExitCode.USAGE : ExitCode.UNREADABLE, problems.get(last), e);
    }

    static Recording prepare(Scenario scenario, boolean eflagsAll, PrintStream err) {
        try {
            return Recording.prepare(scenario, "trapline " + ToolVersion.TOOL, eflagsAll);
        } catch (GuestCompiler.Refused e) {
            err.print(e.output());
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        } catch (GuestException | UnresolvedPointException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Runs so that Ctrl-C ends the recording at the next instruction. The JVM ends when the task has: its journal is closed
     * and all is said by then.
     */
    static <T> T interruptibly(Recording recording, Task<T> task) throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            // Chronicle cannot start while the JVM ends, and its threads would say so in stack traces.
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
            recording.interrupt();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return task.run();
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down, the hook runs already.
            }
        }
    }
}
