package io.spirula.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every source file, read as text. */
class SourcesTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void everySourceIsFormatted() throws Exception {
        List<Path> unformatted = new ArrayList<>();
        for (Path file : SourceFormat.sources(CHECKOUT)) {
            String text = Files.readString(file);
            if (!SourceFormat.format(text).equals(text)) {
                unformatted.add(CHECKOUT.relativize(file));
            }
        }
        assertThat(unformatted)
                .as("format them with: mvn -q -pl it -am test-compile exec:exec@format")
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        List<Path> silent = SourceFormat.sources(CHECKOUT).stream()
                .filter(f -> f.toString().contains("/src/main/java/"))
                .map(Path::getParent)
                .distinct()
                .filter(p -> !Files.exists(p.resolve("package-info.java")))
                .map(CHECKOUT::relativize)
                .toList();
        assertThat(silent).as("packages without a package-info.java").isEmpty();
    }

    @Test
    void testsDoNotSleep() throws IOException {
        assertThat(filesMatching("/src/test/java/", Pattern.compile("Thread\\.sleep|TimeUnit\\.\\w+\\.sleep")))
                .as("wait for a fact, not for time")
                .isEmpty();
    }

    private static List<Path> filesMatching(String folder, Pattern pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : SourceFormat.sources(CHECKOUT)) {
            boolean self = file.endsWith("SourcesTest.java");
            if (!self
                    && file.toString().contains(folder)
                    && pattern.matcher(Files.readString(file)).find()) {
                found.add(CHECKOUT.relativize(file));
            }
        }
        return found;
    }
}
