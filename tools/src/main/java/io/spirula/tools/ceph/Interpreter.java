package io.spirula.tools.ceph;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code ceph} without a command: reads commands line by line until {@code quit} or the end of the input. */
final class Interpreter {
    /** What is done with one line's words. */
    interface Line {
        void run(List<String> words) throws IOException;
    }

    private final Line line;
    private final InputStream in;
    private final PrintStream out;
    private final boolean interactive = isTerminal();

    Interpreter(Line line, InputStream in, PrintStream out) {
        this.line = line;
        this.in = in;
        this.out = out;
    }

    /** Where neither input nor output is a terminal there is no console, whatever newer JDKs promise. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    int run() throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        while (true) {
            if (interactive) {
                out.print("ceph> ");
                out.flush();
            }
            String text = reader.readLine();
            if (text == null || List.of("q", "quit", "exit").contains(text.strip())) {
                return 0;
            }
            List<String> words = CephCommand.words(text);
            if (!words.isEmpty()) {
                line.run(words);
            }
        }
    }
}
