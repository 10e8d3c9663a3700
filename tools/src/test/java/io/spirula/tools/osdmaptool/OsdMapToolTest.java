package io.spirula.tools.osdmaptool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs command lines that were run with stock osdmaptool before, and compares all that comes of them. */
class OsdMapToolTest {
    private static final TimeZone HERE = TimeZone.getDefault();
    private static final Map<String, byte[]> GOLDEN = new TreeMap<>();
    /** Where a map has the times of its creation and change, which differ from run to run. */
    private static final int TIMES_AT = 32;

    private static final int TIMES_SIZE = 16;
    private static final int CRC_SIZE = 4;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() throws IOException {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        try (InputStream resource =
                        Objects.requireNonNull(OsdMapToolTest.class.getResourceAsStream("/osdmaptool/golden.zip"));
                ZipInputStream zip = new ZipInputStream(resource)) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                GOLDEN.put(e.getName(), zip.readAllBytes());
            }
        }
    }

    @AfterAll
    static void hereAgain() {
        TimeZone.setDefault(HERE);
    }

    private record Result(int code, String out, String err) {}

    private Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = OsdMapTool.run(
                words, InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true));
        return new Result(code, relative(out), relative(err));
    }

    /** The text as it were if the tool had run in the folder. */
    private String relative(ByteArrayOutputStream text) {
        return text.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }

    private void layOut() throws IOException {
        for (Map.Entry<String, byte[]> e : GOLDEN.entrySet()) {
            if (e.getKey().startsWith("in/")) {
                Files.write(folder.resolve(e.getKey().substring(3)), e.getValue());
            }
        }
        Files.deleteIfExists(folder.resolve("new"));
        Files.deleteIfExists(folder.resolve("out"));
    }

    private String[] inFolder(String line) {
        return Arrays.stream(line.split(" "))
                .map(word -> word.matches("(no|in|map|crush|new|out|odd|garbage).*")
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
    }

    @Test
    void everyCommandLineDoesWhatStockDid() throws IOException {
        String[] lines = text("cases").strip().split("\n");
        for (int i = 0; i < lines.length; i++) {
            layOut();
            Result result = run(inFolder(lines[i]));
            assertThat(result.out).as(lines[i]).isEqualTo(text(i + ".out"));
            assertThat(result.err).as(lines[i]).isEqualTo(text(i + ".err"));
            assertThat(result.code).as(lines[i]).isEqualTo(Integer.parseInt(text(i + ".rc")));
            for (String file : new String[] {"new", "out", "map"}) {
                byte[] expected = GOLDEN.get(i + ".file." + file);
                if (expected != null) {
                    assertThat(Files.readAllBytes(folder.resolve(file)))
                            .as("%s: %s", lines[i], file)
                            .isEqualTo(lines[i].contains("createsimple") ? withTimesOf(file, expected) : expected);
                }
            }
        }
    }

    private static String text(String name) {
        return new String(Objects.requireNonNull(GOLDEN.get(name), name), StandardCharsets.UTF_8);
    }

    private byte[] withTimesOf(String file, byte[] map) throws IOException {
        byte[] ours = Files.readAllBytes(folder.resolve(file));
        byte[] adjusted = map.clone();
        System.arraycopy(ours, TIMES_AT, adjusted, TIMES_AT, TIMES_SIZE);
        System.arraycopy(ours, ours.length - CRC_SIZE, adjusted, adjusted.length - CRC_SIZE, CRC_SIZE);
        return adjusted;
    }

    @Test
    void anIncrementalIsApplied() throws IOException {
        layOut();
        Result result = run(inFolder("map49 --apply-incremental inc50 -o out"));
        assertThat(result)
                .isEqualTo(new Result(0, "osdmaptool: writing epoch 50 to out\n", "osdmaptool: osdmap file 'map49'\n"));
        assertThat(folder.resolve("out")).hasSameBinaryContentAs(folder.resolve("map50"));
    }

    @Test
    void anIncrementalOfAnotherEpochIsRefused() throws IOException {
        layOut();
        Result result = run(inFolder("map50 --apply-incremental inc50 -o out"));
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err.toLowerCase(Locale.ROOT)).contains("epoch 50 does not follow 50");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anIncrementalThatIsNoneIsRefused() throws IOException {
        layOut();
        Result result = run(inFolder("map49 --apply-incremental garbage -o out"));
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err).contains("error decoding incremental 'garbage'");
    }
}
