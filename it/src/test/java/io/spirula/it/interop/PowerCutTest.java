package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Every daemon is killed with SIGKILL in the middle of a write load: what was acknowledged is there afterwards. */
class PowerCutTest {
    private static final String[] EVERY_DAEMON = {"mon.a", "osd.0", "osd.1", "osd.2"};
    private static final int BEFORE_THE_CUT = 300;

    @Test
    void nothingAcknowledgedIsMissingAfterEveryDaemonWasKilled() throws Exception {
        try (VstartCluster cluster = VstartCluster.start("--auth", "cephx")) {
            Config config = Config.of(EntityName.client("admin"), CephConf.load(cluster.conf()));
            for (int round = 0; round < 2; round++) {
                List<String> acknowledged = writeUntilTheCut(cluster, config, "round" + round);
                cluster.vstart("start");
                try (Rados rados = Rados.connect(config)) {
                    IoCtx io = rados.ioCtx("P");
                    for (String name : acknowledged) {
                        assertThat(io.read(name)).as(name).isEqualTo(contents(name));
                    }
                }
            }
        }
    }

    private static List<String> writeUntilTheCut(VstartCluster cluster, Config config, String prefix) throws Exception {
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch enough = new CountDownLatch(BEFORE_THE_CUT);
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        try (Rados rados = Rados.connect(config)) {
            if (!rados.pools().contains("P")) {
                rados.createPool("P");
            }
            for (int w = 0; w < 8; w++) {
                String name = prefix + "-" + w + "-";
                writers.add(Thread.startVirtualThread(() -> {
                    try {
                        IoCtx io = rados.ioCtx("P");
                        for (int i = 0; !stop.get(); i++) {
                            io.writeFull(name + i, contents(name + i));
                            acknowledged.add(name + i);
                            enough.countDown();
                        }
                    } catch (RuntimeException e) {
                        // the cut: this write was not acknowledged
                    }
                }));
            }
            assertThat(enough.await(60, TimeUnit.SECONDS))
                    .as("writes before the cut")
                    .isTrue();
            cluster.kill(EVERY_DAEMON);
            stop.set(true);
        } // what still waits for an answer fails now
        for (Thread writer : writers) {
            writer.join();
        }
        return List.copyOf(acknowledged);
    }

    private static byte[] contents(String name) {
        Random random = new Random(name.hashCode());
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 500_000 : 20_000)];
        random.nextBytes(bytes);
        return bytes;
    }
}
