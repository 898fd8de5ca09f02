package trapline.commands;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import trapline.events.EventKind;
import trapline.latency.Span;

/** What a shell can complete: the names that values of options can have. */
abstract class Candidates implements Iterable<String> {

    private final List<String> names;

    private Candidates(Stream<String> names) {
        this.names = names.toList();
    }

    @Override
    public Iterator<String> iterator() {
        return names.iterator();
    }

    static final class Kinds extends Candidates {
        Kinds() {
            super(Arrays.stream(EventKind.values()).map(EventKind::label));
        }
    }

    static final class Spans extends Candidates {
        Spans() {
            super(Arrays.stream(Span.values()).map(Span::label));
        }
    }

    static final class Monitors extends Candidates {
        Monitors() {
            super(ShippedMonitor.labels().stream());
        }
    }

    static final class Exports extends Candidates {
        Exports() {
            super(Stream.of("perfetto", "csv", "parquet", "jsonl"));
        }
    }

    static final class Imports extends Candidates {
        Imports() {
            super(Stream.of("mail", "qemu-int", "perf", "trace-cmd", "oops"));
        }
    }

    static final class Variables extends Candidates {
        Variables() {
            super(Stream.of("TF", "IF", "status", "current", "preempt", "nmissed", "text:"));
        }
    }
}
