package trapline.tables;

import java.util.Locale;

/** The tables and their columns: {@code trapline help schema}. */
public final class SchemaPage {

    private SchemaPage() {}

    /** The page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("# Runs as tables: JSON lines, Parquet, SQL\n\n## Version\n\n");
        page.append("Version ").append(Table.SCHEMA_VERSION).append(" of the schema. ");
        page.append("""
                A later version of the same tables only appends columns; what a file was written with stands in it under
                trapline.schema.

                ## All tables

                Numbers are signed 64-bit integers; an address above 2^63 is negative. A column marked *?* may have no
                value. Steps, ordinals, names and flags are those of `show`.
                """);
        for (Table table : Table.values()) {
            page.append("\n## ")
                    .append(table.label())
                    .append("\n\n")
                    .append(table.meaning())
                    .append(".\n");
            page.append("\n| column | type | meaning |\n|---|---|---|\n");
            for (Column column : table.columns()) {
                String type = column.type().name().toLowerCase(Locale.ROOT) + (column.optional() ? "?" : "");
                String meaning = column.meaning().replace("|", "\\|");
                page.append("| `" + column.name() + "` | *" + type + "* | " + meaning + " |\n");
            }
        }
        return page.toString();
    }
}
