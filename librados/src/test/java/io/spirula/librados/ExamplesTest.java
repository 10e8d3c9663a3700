package io.spirula.librados;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The guide's examples and more on a running cluster, stock or ours: {@code -Dspirula.test.conf=…/ceph.conf}. The pools that it makes are its own. */
@EnabledIfSystemProperty(named = "spirula.test.conf", matches = ".+", disabledReason = "no cluster is given")
class ExamplesTest {
    private final Path conf = Path.of(System.getProperty("spirula.test.conf", ""));

    @Test
    void theExamplesWork() {
        String pool = "examples-" + ProcessHandle.current().pid();
        try (Rados rados = Rados.builder().conf(conf).connect()) {
            rados.createPool(pool);
            try {
                assertThat(Examples.storeAndFetch(conf, pool)).isEqualTo("hello");
                IoCtx io = rados.ioCtx(pool);
                assertThat(Examples.claim(io, "house", "me")).isTrue();
                assertThat(Examples.claim(io, "house", "you")).isFalse();
                assertThat(Examples.describe(io, "house")).isEqualTo("7 bytes of me");
                Examples.storeMany(io.withNamespace("photos"), 2500);
                assertThat(Examples.names(io)).hasSize(2500);
                assertThat(Examples.health(rados)).startsWith("HEALTH_");
                everyOperation(io);
            } finally {
                rados.deletePool(pool);
            }
            assertThat(rados.pools()).doesNotContain(pool);
            assertThatThrownBy(() -> rados.ioCtx(pool)).hasMessageStartingWith("ENOENT");
        }
    }

    @Test
    void commandsReachEveryKindOfDaemon() {
        try (Rados rados = Rados.builder().conf(conf).connect()) {
            assertThat(rados.osdCommand(0, "{\"prefix\": \"version\"}", Bytes.EMPTY)
                            .orThrow()
                            .output()
                            .utf8())
                    .contains("version");
            assertThat(rados.mgrCommand("{\"prefix\": \"pg stat\"}", Bytes.EMPTY)
                            .orThrow()
                            .output()
                            .utf8())
                    .contains("pgs");
            assertThatThrownBy(() -> rados.osdCommand(99, "{\"prefix\": \"version\"}", Bytes.EMPTY))
                    .hasMessageContaining("osd.99 does not exist");
            assertThat(rados.monCommand("{\"prefix\": \"nonsense\"}").code()).isEqualTo(-22);
            long pool = rados.osdMap().pools().firstKey();
            assertThat(rados.pgCommand(
                                    new io.spirula.common.types.PgId(pool, 0),
                                    "{\"prefix\": \"query\", \"pgid\": \"" + pool + ".0\"}",
                                    Bytes.EMPTY)
                            .orThrow()
                            .output()
                            .utf8())
                    .contains("acting");
            assertThat(rados.clusterStat().totalKib()).isPositive();
        }
    }

    private static void everyOperation(IoCtx io) {
        Bytes name = Bytes.wrap(new byte[] {'n', (byte) 0xff, 0, 'x'}); // any bytes but none are a name
        io.write(name, 4, Bytes.of("5678"));
        io.append(name, Bytes.of("9"));
        io.zero(name, 5, 1);
        assertThat(io.read(name, 0, 100)).isEqualTo(Bytes.of("\0\0\0\0" + "5\0" + "789"));
        io.truncate(name, 5);
        assertThat(io.stat(name).size()).isEqualTo(5);
        io.setOmap(name, Map.of(Bytes.of("k"), Bytes.of("v"), Bytes.of("l"), Bytes.of("w")));
        io.operate(name, new WriteOperation().removeOmap(java.util.List.of(Bytes.of("k"))));
        assertThat(io.omap(name)).containsExactly(Map.entry(Bytes.of("l"), Bytes.of("w")));
        io.setXattr(name, "a", Bytes.of("1"));
        assertThat(io.xattrs(name)).containsOnlyKeys(Bytes.of("a"));
        assertThatThrownBy(() -> io.operate(
                        name,
                        new WriteOperation()
                                .compareXattr("a", ObjectOperation.Comparison.EQUAL, Bytes.of("2"))
                                .remove()))
                .isInstanceOfSatisfying(
                        RadosException.class,
                        e -> assertThat(e.is(Errno.ECANCELED)).isTrue());
        io.removeXattr(name, "a");
        assertThatThrownBy(() -> io.xattr(name, "a")).hasMessageStartingWith("ENODATA");
        Bytes elsewhere = Bytes.of("elsewhere");
        IoCtx byKey = io.withLocatorKey(Bytes.of("key"));
        byKey.writeFull(elsewhere, Bytes.of("x"));
        assertThat(io.withAllNamespaces().objects())
                .contains(new ListedObject(Bytes.EMPTY, elsewhere, Bytes.of("key")))
                .contains(new ListedObject(Bytes.EMPTY, name, Bytes.EMPTY))
                .hasSize(2500 + 4);
        byKey.remove(elsewhere);
        io.remove(name);
        assertThatThrownBy(() -> io.stat(name)).hasMessageStartingWith("ENOENT");
        assertThatThrownBy(() -> io.writeFull(name, Bytes.zeros((128 << 20) + 1)))
                .hasMessageStartingWith("EFBIG");
    }
}
