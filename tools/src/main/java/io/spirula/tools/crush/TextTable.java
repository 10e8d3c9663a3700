package io.spirula.tools.crush;

import java.util.ArrayList;
import java.util.List;

/** Rows of columns that are as wide as their widest cell. Ceph: src/common/TextTable.cc. */
final class TextTable {
    private final List<String> headings = new ArrayList<>();
    private final List<Boolean> rightAligned = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    void column(String heading, boolean alignRight) {
        headings.add(heading);
        rightAligned.add(alignRight);
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        int[] widths = headings.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            out.append(i == 0 ? "" : "  ").append(headings.get(i)).append(pad(widths[i], headings.get(i)));
        }
        out.append('\n');
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String pad = pad(widths[i], cell);
                out.append(i == 0 ? "" : "  ").append(rightAligned.get(i) ? pad + cell : cell + pad);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String pad(int width, String cell) {
        return " ".repeat(width - cell.length());
    }
}
