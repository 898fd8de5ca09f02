package trapline.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The column that others are measured by.
 *
 * @param column its index; -1 if there is none
 */
record CompareBaseline(int column) {

    /** Whether there is one. */
    boolean exists() {
        return column >= 0;
    }

    /** The baseline's cell of a row. */
    CompareCell of(List<CompareCell> row) {
        return row.get(column);
    }

    /** Whether a cell is another than the baseline's. */
    boolean differs(CompareCell cell, List<CompareCell> row) {
        return exists() && cell.differsFrom(of(row));
    }

    /** Whether any cell of a row is. */
    boolean differs(List<CompareCell> row) {
        return firstOther(row) != null;
    }

    /** The first cell that is; null if there is none. */
    @Nullable CompareCell firstOther(List<CompareCell> row) {
        return row.stream().filter(cell -> differs(cell, row)).findFirst().orElse(null);
    }

    /** Whether something is wrong with a cell: any check that fails, or with a baseline anything that its cell does not have. */
    boolean isFinding(CompareCell cell, List<CompareCell> row) {
        return exists()
                ? !of(row).wrong().containsAll(cell.wrong())
                : cell.verdict().equals("FAIL");
    }
}
