package io.spirula.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.PgId;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The cluster inside the process as a user's test sees it. */
@SpirulaCluster(osds = 3)
class SpirulaClusterTest {
    @Test
    void whatIsWrittenCanBeReadAndListed(Rados rados) {
        rados.createPool("fruits");
        IoCtx io = rados.ioCtx("fruits");
        for (String name : new String[] {"apple", "pear", "plum"}) {
            io.writeFull(Bytes.of(name), Bytes.of("a " + name));
        }
        assertThat(io.read(Bytes.of("pear"), 0, 100)).isEqualTo(Bytes.of("a pear"));
        assertThat(rados.pools()).contains("fruits");
    }

    @Test
    void aClusterIsHealthyWhenItHasStarted() {
        long before = System.nanoTime();
        try (InProcessCluster cluster = InProcessCluster.builder().start();
                Rados rados = cluster.connect()) {
            System.out.printf("3 OSDs: healthy after %d ms%n", (System.nanoTime() - before) / 1_000_000);
            assertThat(rados.monCommand("{\"prefix\":\"health\"}")
                            .orThrow()
                            .output()
                            .utf8())
                    .startsWith("HEALTH_OK");
        }
    }

    @Test
    void aGroupOfAPoolThatAnotherClientHasMadeCanBeAskedAtOnce(Rados rados, InProcessCluster cluster) {
        rados.latestOsdMap();
        long pool;
        try (Rados other = cluster.connect()) {
            other.createPool("others");
            pool = other.osdMap().poolId("others");
        }
        String query = "{\"prefix\":\"query\",\"pgid\":\"" + pool + ".0\",\"format\":\"json\"}";
        assertThat(rados.pgCommand(new PgId(pool, 0), query, Bytes.EMPTY)
                        .orThrow()
                        .output()
                        .utf8())
                .contains("\"pgid\":\"" + pool + ".0\"");
    }

    @Test
    void theTestsOfAClassShareItsClusterAndClient(Rados rados, InProcessCluster cluster) {
        assertThat(cluster.osds()).isEqualTo(3);
        assertThat(rados.fsid()).isEqualTo(cluster.fsid());
    }

    @Test
    @SpirulaCluster(osds = 1, auth = "none")
    void aTestMayHaveAClusterOfItsOwn(Rados rados, InProcessCluster cluster) {
        assertThat(cluster.osds()).isEqualTo(1);
        rados.createPool("data");
        rados.ioCtx("data").writeFull(Bytes.of("o"), Bytes.of("x"));
        assertThat(rados.ioCtx("data").read(Bytes.of("o"), 0, 10)).isEqualTo(Bytes.of("x"));
    }

    @Test
    @SpirulaCluster(osds = 3)
    void anOsdThatWasStoppedComesBackWithItsObjects(InProcessCluster cluster, Rados rados) {
        rados.createPool("data");
        IoCtx io = rados.ioCtx("data");
        IntStream.range(0, 20).forEach(i -> io.writeFull(Bytes.of("o" + i), Bytes.of("before " + i)));
        for (int osd = 0; osd < cluster.osds(); osd++) {
            cluster.stopOsd(osd);
            assertThat(cluster.isRunning(osd)).isFalse();
            assertThat(io.read(Bytes.of("o7"), 0, 100)).isEqualTo(Bytes.of("before 7"));
            cluster.startOsd(osd);
        }
        cluster.awaitHealthy();
        IntStream.range(0, 20)
                .forEach(i -> assertThat(io.read(Bytes.of("o" + i), 0, 100)).isEqualTo(Bytes.of("before " + i)));
    }
}
