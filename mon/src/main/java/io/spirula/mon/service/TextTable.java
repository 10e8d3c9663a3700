package io.spirula.mon.service;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, two spaces apart, as Ceph's TextTable prints them. */
public final class TextTable {
    private final List<String> headings;
    private final boolean[] right;
    private final boolean[] headingRight;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... headings) {
        this.headings = List.of(headings);
        right = new boolean[headings.length];
        headingRight = new boolean[headings.length];
    }

    /** Aligns these columns' values to the right, and their headings too. */
    public TextTable right(int... columns) {
        for (int c : columns) {
            right[c] = true;
            headingRight[c] = true;
        }
        return this;
    }

    /** Aligns these columns' values to the right under headings at the left. */
    public TextTable rightUnderLeft(int... columns) {
        for (int c : columns) {
            right[c] = true;
            headingRight[c] = false;
        }
        return this;
    }

    public TextTable row(List<String> cells) {
        rows.add(cells);
        return this;
    }

    public TextTable row(String... cells) {
        return row(List.of(cells));
    }

    public TextTable rows(List<List<String>> more) {
        rows.addAll(more);
        return this;
    }

    /** Every line ended; the last column is padded too, as Ceph does. */
    @Override
    public String toString() {
        int[] width = new int[headings.size()];
        for (int c = 0; c < width.length; c++) {
            width[c] = headings.get(c).length();
            for (List<String> row : rows) {
                width[c] = Math.max(width[c], row.get(c).length());
            }
        }
        StringBuilder out = new StringBuilder();
        line(headings, width, headingRight, out);
        rows.forEach(row -> line(row, width, right, out));
        return out.toString();
    }

    private static void line(List<String> cells, int[] width, boolean[] toRight, StringBuilder out) {
        for (int c = 0; c < width.length; c++) {
            String cell = cells.get(c);
            String pad = " ".repeat(width[c] - cell.length());
            out.append(c == 0 ? "" : "  ").append(toRight[c] ? pad + cell : cell + pad);
        }
        out.append('\n');
    }
}
