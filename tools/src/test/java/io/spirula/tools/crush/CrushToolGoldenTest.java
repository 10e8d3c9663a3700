package io.spirula.tools.crush;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands with the exit code, the output, the errors and the SHA-256 of the file "out" that stock crushtool left. Words
 * that begin with {@code file:} are files.
 */
class CrushToolGoldenTest {
    @TempDir
    Path directory;

    static List<String> commands() throws IOException {
        return new String(resource("cases.txt.gz"), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandDoesWhatStocksDoes(String line) throws IOException {
        List<String> words = Arrays.asList(line.split("\t"));
        for (String file : List.of("a.bin", "b.bin", "c.bin", "a.txt")) {
            Files.write(directory.resolve(file), resource(file + ".gz"));
        }
        String prefix = directory + "/";
        String[] args = words.subList(4, words.size()).stream()
                .map(word -> word.replace("file:", prefix))
                .toArray(String[]::new);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode;
        try (PrintStream o = new PrintStream(out, false, StandardCharsets.ISO_8859_1);
                PrintStream e = new PrintStream(err, false, StandardCharsets.ISO_8859_1)) {
            exitCode = CrushTool.run(args, new ByteArrayInputStream(new byte[0]), o, e);
        }
        assertThat(text(err).replace(prefix, "")).isEqualTo(decoded(words.get(2)));
        assertThat(text(out).replace(prefix, "")).isEqualTo(decoded(words.get(1)));
        assertThat(exitCode).isEqualTo(Integer.parseInt(words.get(0)));
        Path written = directory.resolve("out");
        assertThat(Files.exists(written) ? sha256(Files.readAllBytes(written)) : "-")
                .isEqualTo(words.get(3));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String decoded(String base64) {
        return base64.equals("-") ? "" : new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = new GZIPInputStream(
                Objects.requireNonNull(CrushToolGoldenTest.class.getResourceAsStream("/crushtool/" + name)))) {
            return in.readAllBytes();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
