package io.spirula.crush;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A map's text form as one line without comments and needless space, and the way back to the lines of the file for
 * messages.
 */
final class CrushSource {
    private final StringBuilder joined = new StringBuilder();
    /** Position in the joined text to line number; the last of several lines that begin there. */
    private final NavigableMap<Integer, Integer> lineAt = new TreeMap<>();

    private final List<String> lines;

    private CrushSource(List<String> lines) {
        this.lines = lines;
    }

    static CrushSource of(String text) {
        // As C++'s getline: only '\n' ends a line, and what follows the last one is a line unless it is empty.
        String[] lines = text.split("\n", -1);
        int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        CrushSource source = new CrushSource(List.of(lines).subList(0, count));
        for (int i = 0; i < count; i++) {
            source.append(lines[i], i + 1);
        }
        return source;
    }

    private void append(String line, int number) {
        int comment = line.indexOf('#');
        String stripped = consolidated(comment < 0 ? line : line.substring(0, comment));
        if (!stripped.isEmpty() && joined.length() > 0 && joined.charAt(joined.length() - 1) != ' ') {
            joined.append(' ');
        }
        lineAt.put(joined.length(), number);
        joined.append(stripped);
    }

    private static String consolidated(String line) {
        StringBuilder out = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (CrushGrammar.isSpace(c)) {
                space = true;
                continue;
            }
            if (space && out.length() > 0) {
                out.append(' ');
            }
            space = false;
            out.append(c);
        }
        return out.toString();
    }

    List<Statement> parse(String fileName) {
        CrushGrammar grammar = new CrushGrammar(joined.toString());
        List<Statement> statements = grammar.statements();
        if (!grammar.atEnd()) {
            throw new CrushCompileException(fileName + ":" + errorAt(grammar.position()));
        }
        return statements;
    }

    private String errorAt(int position) {
        Map.Entry<Integer, Integer> start = lineAt.floorEntry(position);
        if (start == null) {
            start = lineAt.firstEntry();
        }
        String line = lines.get(start.getValue() - 1);
        int column = Math.min(position - start.getKey(), line.length());
        return start.getValue() + " error: parse error at '" + line.substring(column) + "'";
    }
}
