package io.spirula.common.format;

import java.util.ArrayList;
import java.util.List;

/** A table in columns as wide as their widest cell, two spaces apart. Ceph: TextTable (common/TextTable.cc). */
public final class TextTable {
    /** Where a text stands in its column. */
    public enum Align {
        LEFT,
        CENTER,
        RIGHT
    }

    private static final String SEPARATION = "  ";

    private record Column(String heading, Align headingAlign, Align cellAlign) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private int indent;

    /** With these columns, all at the left. */
    public TextTable(String... headings) {
        for (String heading : headings) {
            column(heading, Align.LEFT, Align.LEFT);
        }
    }

    /** Aligns these columns' cells to the right, and their headings too. */
    public TextTable right(int... numbers) {
        return aligned(Align.RIGHT, numbers);
    }

    /** Aligns these columns' cells to the right under headings at the left. */
    public TextTable rightUnderLeft(int... numbers) {
        return aligned(Align.LEFT, numbers);
    }

    private TextTable aligned(Align headings, int... numbers) {
        for (int i : numbers) {
            columns.set(i, new Column(columns.get(i).heading, headings, Align.RIGHT));
        }
        return this;
    }

    public TextTable column(String heading, Align headingAlign, Align cellAlign) {
        columns.add(new Column(heading, headingAlign, cellAlign));
        return this;
    }

    /** Spaces in front of every cell. */
    public TextTable indent(int spaces) {
        indent = spaces;
        return this;
    }

    /** A row; cells that are left out at its end are empty. */
    public TextTable row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        return row(row);
    }

    public TextTable row(List<String> cells) {
        if (cells.size() > columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    public TextTable rows(List<List<String>> more) {
        for (List<String> cells : more) {
            row(cells);
        }
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** With a newline after each row. */
    @Override
    public String toString() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).heading.length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], cell(row, i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            Column column = columns.get(i);
            append(out, i, column.heading, widths[i], column.headingAlign);
        }
        out.append('\n');
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                append(out, i, cell(row, i), widths[i], columns.get(i).cellAlign);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String cell(List<String> row, int column) {
        return column < row.size() ? row.get(column) : "";
    }

    private void append(StringBuilder out, int column, String text, int width, Align align) {
        if (column > 0) {
            out.append(SEPARATION);
        }
        int pad = width - text.length();
        int left = switch (align) {
            case LEFT -> 0;
            case CENTER -> pad / 2;
            case RIGHT -> pad;
        };
        out.repeat(' ', indent + left).append(text).repeat(' ', pad - left);
    }
}
