package trapline.tables;

import java.util.Locale;
import trapline.cli.ToolVersion;

/** The tables and their columns: {@code trapline man schema}, in man(7) macros. */
public final class SchemaPage {

    /** What is typed to see it. */
    public static final String NAME = "schema";

    private SchemaPage() {}

    /** The page. */
    public static String text() {
        StringBuilder page =
                new StringBuilder(".TH \"TRAPLINE-SCHEMA\" 7 \"\" \"Trapline " + ToolVersion.TOOL + "\"\n");
        page.append("""
                .SH NAME
                trapline-schema - runs as tables: JSON lines, Parquet, SQL
                .SH VERSION
                """);
        page.append("Version ").append(Table.SCHEMA_VERSION).append(" of the schema. ");
        page.append("""
                A later version of the same tables only appends columns; what a file was written with stands in it under
                trapline.schema.
                .SH ALL TABLES
                Numbers are signed 64-bit integers; an address above 2^63 is negative. A column marked \\fI?\\fR may have no
                value. Steps, ordinals, names and flags are those of \\fBshow\\fR.
                """);
        for (Table table : Table.values()) {
            page.append(".SH ")
                    .append(table.label().toUpperCase(Locale.ROOT))
                    .append('\n')
                    .append(table.meaning())
                    .append(".\n");
            for (Column column : table.columns()) {
                String type = column.type().name().toLowerCase(Locale.ROOT) + (column.optional() ? "?" : "");
                page.append(".TP\n\\fB")
                        .append(column.name())
                        .append("\\fR \\fI")
                        .append(type)
                        .append("\\fR\n");
                page.append(column.meaning().replace("'", "\\(aq")).append('\n');
            }
        }
        return page.toString();
    }
}
