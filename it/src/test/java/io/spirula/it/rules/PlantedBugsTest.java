package io.spirula.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final String SOURCE = "--- a/";

    /** A place in a source that a patch changes: the lines that it has to find there. */
    private record Hunk(Path patch, Path source, List<String> lines) {
        boolean isLost() {
            try {
                return Collections.indexOfSubList(Files.readAllLines(source), lines) < 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Hunk> hunks(Path patch) throws IOException {
        List<Hunk> hunks = new ArrayList<>();
        Path source = ROOT;
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith(SOURCE)) {
                source = ROOT.resolve(line.substring(SOURCE.length()));
            } else if (line.startsWith("@@")) {
                hunks.add(new Hunk(patch, source, new ArrayList<>()));
            } else if (!hunks.isEmpty() && (line.startsWith(" ") || line.startsWith("-"))) {
                hunks.getLast().lines.add(line.substring(1));
            }
        }
        return hunks;
    }

    @Test
    void everyPatchFindsItsLines() throws IOException {
        List<Hunk> hunks = new ArrayList<>();
        try (DirectoryStream<Path> patches =
                Files.newDirectoryStream(Path.of("src/test/resources/planted"), "*.patch")) {
            for (Path patch : patches) {
                hunks.addAll(hunks(patch));
            }
        }
        assertThat(hunks).hasSizeGreaterThan(20);
        assertThat(hunks.stream().filter(Hunk::isLost)).isEmpty();
    }
}
