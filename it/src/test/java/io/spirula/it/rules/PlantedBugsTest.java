package io.spirula.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bugs that {@code it/plant} plants change lines that are still there: who changes these lines changes the patch with them, and does not leave it to the next long run. */
class PlantedBugsTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void everyPatchFindsItsLines() throws IOException {
        List<String> lost = new ArrayList<>();
        int hunks = 0;
        try (DirectoryStream<Path> patches =
                Files.newDirectoryStream(Path.of("src/test/resources/planted"), "*.patch")) {
            for (Path patch : patches) {
                List<String> source = List.of();
                List<String> wanted = new ArrayList<>();
                List<String> lines = new ArrayList<>(Files.readAllLines(patch));
                lines.add("@@");
                for (String line : lines) {
                    if (line.startsWith("@@") || line.startsWith("--- a/")) {
                        if (!wanted.isEmpty()) {
                            hunks++;
                            if (Collections.indexOfSubList(source, wanted) < 0) {
                                lost.add(patch.getFileName() + ": " + String.join("\n", wanted));
                            }
                        }
                        wanted.clear();
                    }
                    if (line.startsWith("--- a/")) {
                        source = Files.readAllLines(ROOT.resolve(line.substring("--- a/".length())));
                    } else if (!source.isEmpty() && (line.startsWith(" ") || line.startsWith("-"))) {
                        wanted.add(line.substring(1));
                    }
                }
            }
        }
        assertThat(lost).isEmpty();
        assertThat(hunks).isGreaterThan(20);
    }
}
