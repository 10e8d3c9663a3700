package io.spirula.it.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.Errno;
import io.spirula.it.cluster.SpirulaCluster;
import io.spirula.librados.IoCtx;
import io.spirula.librados.ListedObject;
import io.spirula.librados.ObjectOperation;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import io.spirula.librados.WriteOperation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What our client offers, on our cluster. */
@SpirulaCluster(osds = 3)
class EveryCallTest {
    @Test
    void poolsComeAndGo(Rados rados) {
        rados.createPool("short-lived");
        assertThat(rados.pools()).contains("short-lived");
        rados.deletePool("short-lived");
        assertThat(rados.pools()).doesNotContain("short-lived");
        assertThatThrownBy(() -> rados.ioCtx("short-lived")).hasMessageStartingWith("ENOENT");
    }

    @Test
    void commandsReachEveryKindOfDaemon(Rados rados) {
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
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (rados.clusterStat().totalKib() == 0) {
            assertThat(System.nanoTime()).as("an OSD has told its size").isLessThan(deadline);
        }
    }

    @Test
    void everyOperation(Rados rados) {
        rados.createPool("operations");
        IoCtx io = rados.ioCtx("operations");
        Bytes name = Bytes.wrap(new byte[] {'n', (byte) 0xff, 0, 'x'}); // any bytes but none are a name
        io.write(name, 4, Bytes.of("5678"));
        io.append(name, Bytes.of("9"));
        io.zero(name, 5, 1);
        assertThat(io.read(name, 0, 100)).isEqualTo(Bytes.of("\0\0\0\0" + "5\0" + "789"));
        io.truncate(name, 5);
        assertThat(io.stat(name).size()).isEqualTo(5);
        io.setOmap(name, Map.of(Bytes.of("k"), Bytes.of("v"), Bytes.of("l"), Bytes.of("w")));
        io.operate(name, new WriteOperation().removeOmap(List.of(Bytes.of("k"))));
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
                .hasSize(2);
        byKey.remove(elsewhere);
        io.remove(name);
        assertThatThrownBy(() -> io.stat(name)).hasMessageStartingWith("ENOENT");
        assertThatThrownBy(() -> io.writeFull(name, Bytes.zeros((128 << 20) + 1)))
                .hasMessageStartingWith("EFBIG");
    }
}
