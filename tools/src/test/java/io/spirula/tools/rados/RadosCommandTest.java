package io.spirula.tools.rados;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the command does before it needs a cluster. */
class RadosCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return RadosCommand.run(
                arguments,
                Map.of(),
                InputStream.nullInputStream(),
                new PrintStream(out, false, java.nio.charset.StandardCharsets.UTF_8),
                new PrintStream(err));
    }

    @Test
    void withoutACommandItPointsToItsHelp() {
        assertThat(run()).isEqualTo(1);
        assertThat(err).hasToString("rados: -h or --help for usage\n");
    }

    @Test
    void helpIsPrinted() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("usage: rados")
                .contains("bench <seconds> write|seq|rand");
    }

    @Test
    void anUnknownCommandIsNamed() {
        assertThat(run("frobnicate")).isEqualTo(1);
        assertThat(err).hasToString("unrecognized command frobnicate; -h or --help for usage\n");
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThat(run("ls", "--frob")).isEqualTo(1);
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8)).startsWith("unrecognized option --frob");
    }

    @Test
    void anAbsentConfigurationIsOneLine() {
        assertThat(run("-c", "/nonexistent/ceph.conf", "lspools")).isEqualTo(1);
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8))
                .contains("/nonexistent/ceph.conf")
                .hasLineCount(1);
    }

    @Test
    void anObjectNeedsAPool() {
        assertThat(run("put", "a", "b")).isEqualTo(1);
        assertThat(err).hasToString("pool name was not specified\n");
    }

    @Test
    void optionsAndWordsComeInAnyOrder() {
        RadosArguments parsed = RadosArguments.parse(
                List.of("-p", "data", "bench", "--no-cleanup", "10", "-b", "4K", "write", "--concurrent-ios=3"));
        assertThat(parsed.words()).containsExactly("bench", "10", "write");
        assertThat(parsed.get("pool", "")).isEqualTo("data");
        assertThat(parsed.size("block-size", 0)).isEqualTo(4096);
        assertThat(parsed.size("concurrent-ios", 0)).isEqualTo(3);
        assertThat(parsed.has("--no-cleanup")).isTrue();
    }

    @Test
    void aNegativeNumberIsAWord() {
        assertThat(RadosArguments.parse(List.of("truncate", "o", "-5")).words()).containsExactly("truncate", "o", "-5");
    }

    @Test
    void benchObjectsAreStocks() {
        BenchObjects objects = BenchObjects.of(Bytes.ofHex("0040000000000000bd010000691800000020000000000000"), "vm");
        assertThat(objects).isEqualTo(new BenchObjects("benchmark_data_vm_6249", 16384, 445, 6249, 8192));
        assertThat(objects.objectOf(3)).isEqualTo(Bytes.of("benchmark_data_vm_6249_object1"));
        assertThat(objects.offsetOf(3)).isEqualTo(8192);
        assertThat(objects.objectCount()).isEqualTo(223);
        byte[] data = new byte[8192];
        BenchObjects.fill(data);
        BenchObjects.stamp(data, 3);
        assertThat(Bytes.wrap(data, 0, 32)).hasToString("I'm the                3th op!\0z");
        assertThat(objects.matches(3, Bytes.wrap(data))).isTrue();
        assertThat(objects.matches(2, Bytes.wrap(data))).isFalse();
        data[8000] = 0;
        assertThat(objects.matches(3, Bytes.wrap(data))).isFalse();
    }
}
