package trapline.commands;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import trapline.checks.Check;
import trapline.cli.WholeOutput;
import trapline.export.DataSet;
import trapline.export.DataSet.Form;
import trapline.tables.JournalTables;
import trapline.tables.Table;
import trapline.verdicts.JournalVerdicts;
import trapline.verdicts.Loads;

/** Writes a data set of many journals: all of it, or nothing. */
final class DataSetExport {

    /** Tables of verdicts alone. */
    static final Set<Table> OF_VERDICTS = EnumSet.of(Table.RUNS, Table.VERDICTS, Table.FINDINGS);

    private final Supplier<? extends List<? extends Check>> checks;
    private final Set<Table> tables;
    private final Form form;

    DataSetExport(Supplier<? extends List<? extends Check>> checks, Set<Table> tables, Form form) {
        this.checks = checks;
        this.tables = tables;
        this.form = form;
    }

    /**
     * Writes it.
     *
     * @param directory does not exist yet
     * @param verdicts told of each journal, in their order
     * @return number of journals that could be read, and lack events
     */
    long write(List<Path> journals, Path directory, Consumer<JournalVerdicts> verdicts) throws IOException {
        List<Loads.Load> loads = Loads.pack(journals);
        AtomicLong lacking = new AtomicLong();
        WholeOutput.write(directory, partial -> {
            for (int part = 0; part < loads.size(); part++) {
                lacking.addAndGet(write(loads.get(part).journals(), partial, part, verdicts));
            }
        });
        return lacking.get();
    }

    private long write(List<Path> journals, Path directory, int part, Consumer<JournalVerdicts> verdicts)
            throws IOException {
        try (DataSet set = new DataSet(name -> create(directory.resolve(name)), form, part, tables)) {
            JournalTables writer = new JournalTables(checks, set.rows());
            for (Path journal : journals) {
                verdicts.accept(Objects.requireNonNull(writer.write(journal), "verdicts are among the tables"));
            }
            return writer.lacking();
        }
    }

    private static OutputStream create(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.newOutputStream(file);
    }
}
