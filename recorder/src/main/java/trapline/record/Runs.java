package trapline.record;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import trapline.cli.ExitCode;
import trapline.cli.ToolVersion;
import trapline.cli.UserError;
import trapline.guest.GuestException;
import trapline.recording.BootState;
import trapline.recording.GuestBuild;
import trapline.recording.GuestCompiler;
import trapline.recording.Recording;
import trapline.scenario.Overrides;
import trapline.scenario.Scenario;
import trapline.scenario.ScenarioException;
import trapline.scenario.ScenarioReader;
import trapline.schedule.UnresolvedPointException;

/** What the commands that run scenarios share: reading, preparing, and what their failures are for the user. */
public final class Runs {

    /** In the message of the JDK's IllegalStateException, and of those that come of it. */
    private static final String SHUTDOWN = "Shutdown in progress";

    private Runs() {}

    /** A run, or anything else that ends with a result or an I/O error. */
    public interface Task<T> {
        T run() throws IOException;
    }

    public static Scenario scenario(String nameOrFile, ScenarioOptions options, PrintStream err) {
        return scenario(nameOrFile, overrides(options), err);
    }

    public static Scenario scenario(String nameOrFile, Overrides overrides, PrintStream err) {
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

    static Scenario linux(Path kernel, Overrides overrides, PrintStream err) {
        try {
            return ScenarioReader.ofLinux(kernel, overrides);
        } catch (ScenarioException e) {
            throw unreadable(e, err);
        }
    }

    /** Reads a state. */
    static BootState state(Path file) {
        try {
            return BootState.read(file);
        } catch (GuestException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The scenario of a state. */
    static Scenario scenario(String file, BootState state, Overrides overrides, PrintStream err) {
        String late = overrides.first(key -> !ScenarioReader.canChangeLater(key));
        if (late != null) {
            throw new UserError(ExitCode.USAGE, late + ": comes too late for a kernel that has booted (--from-state)");
        }
        try {
            return ScenarioReader.ofState(file, state.scenario(), overrides);
        } catch (ScenarioException e) {
            throw unreadable(e, err);
        }
    }

    /** Runs a kernel up to where its recording begins; see {@link Recording#advance}. */
    static List<String> advance(Recording recording) {
        try {
            return recording.advance();
        } catch (GuestException e) {
            throw new UserError(ExitCode.UNREADABLE, String.valueOf(e.getMessage()), e);
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
        boolean usage = e.unknownName()
                || problems.stream()
                        .allMatch(problem -> problem.startsWith("--")
                                && !problem.contains(": no such file")
                                && !problem.contains(": not a regular file"));
        return new UserError(usage ? ExitCode.USAGE : ExitCode.UNREADABLE, problems.get(last), e);
    }

    public static Recording prepare(Scenario scenario, boolean eflagsAll, PrintStream err) {
        return prepare(scenario, null, eflagsAll, err);
    }

    /** As {@link #prepare(Scenario, boolean, PrintStream)}, going on from a state if there is one. */
    static Recording prepare(Scenario scenario, @Nullable BootState state, boolean eflagsAll, PrintStream err) {
        try {
            GuestBuild guest = state == null ? GuestBuild.of(scenario) : GuestBuild.of(scenario, state);
            return Recording.prepare(scenario, guest, "trapline " + ToolVersion.TOOL, eflagsAll);
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
    public static <T> T interruptibly(Recording recording, PrintStream err, Task<T> task) throws IOException {
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
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return task.run();
        } catch (IOException | RuntimeException | LinkageError e) {
            if (isOfShutdown(e)) {
                err.println("interrupted before anything was recorded");
                ended.countDown();
                awaitEndOfProcess();
            }
            throw e;
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down, the hook runs already.
            }
        }
    }

    /** Whether something failed since Ctrl-C came first: a JVM that ends takes no shutdown hooks, and Chronicle needs some. */
    private static boolean isOfShutdown(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(SHUTDOWN)) {
                return true;
            }
        }
        return false;
    }

    /** What this thread would say now is of no interest to anybody. */
    private static void awaitEndOfProcess() {
        while (true) {
            LockSupport.park();
        }
    }
}
