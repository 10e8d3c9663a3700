package io.spirula.it.rules;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The one format of all sources. Run as a program, with the checkout's folder, it writes them in it. */
final class SourceFormat {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    private SourceFormat() {}

    public static void main(String[] args) throws Exception {
        for (Path file : sources(Path.of(args[0]))) {
            String text = Files.readString(file);
            String formatted = format(text);
            if (!formatted.equals(text)) {
                Files.writeString(file, formatted);
                System.out.println("formatted " + file);
            }
        }
    }

    static String format(String text) throws FormatterException {
        String withImports = RemoveUnusedImports.removeUnusedImports(text);
        return FORMATTER.formatSource(ImportOrderer.reorderImports(withImports, JavaFormatterOptions.Style.PALANTIR));
    }

    /** Every Java file of every module, in order. */
    static List<Path> sources(Path checkout) throws IOException {
        try (Stream<Path> modules = Files.list(checkout)) {
            return modules.map(m -> m.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(SourceFormat::javaFiles)
                    .sorted()
                    .toList();
        }
    }

    private static Stream<Path> javaFiles(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(f -> f.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
