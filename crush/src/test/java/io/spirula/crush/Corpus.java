package io.spirula.crush;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Random maps with what stock crushtool made of them, from the test resources. */
final class Corpus {
    private Corpus() {}

    static Stream<String> names() {
        return IntStream.range(0, 30).mapToObj(i -> String.format("%03d", i));
    }

    static byte[] binary(String name) {
        return resource("/corpus/" + name + ".bin.gz");
    }

    static CrushMap map(String name) {
        return CrushMap.decode(binary(name));
    }

    static String text(String resource) {
        return new String(resource(resource), StandardCharsets.ISO_8859_1);
    }

    static List<String> lines(String resource) {
        return text(resource).lines().toList();
    }

    static byte[] resource(String path) {
        try (InputStream in =
                new GZIPInputStream(Objects.requireNonNull(Corpus.class.getResourceAsStream(path), path))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
