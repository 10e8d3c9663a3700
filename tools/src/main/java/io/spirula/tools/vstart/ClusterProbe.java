package io.spirula.tools.vstart;

import com.fasterxml.jackson.databind.JsonNode;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Looks at a cluster from outside, as a client, until it is what it should be or the time is up. */
final class ClusterProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 100;

    private final ClusterFolder folder;
    private final List<DaemonProcess> daemons;

    ClusterProbe(ClusterFolder folder, List<DaemonProcess> daemons) {
        this.folder = folder;
        this.daemons = daemons;
    }

    /** Returns once the cluster says that it is healthy. Throws VstartException with the reason where a daemon dies or a minute passes. */
    void awaitHealthy() {
        int osds = (int)
                daemons.stream().filter(d -> d.program().equals("ceph-osd")).count();
        String missing = ClusterHealth.await(() -> connect("2"), osds, PATIENCE, () -> requireRunning(daemons));
        if (missing != null) {
            throw new VstartException("vstart: the cluster is not healthy after " + PATIENCE.toSeconds() + " s: "
                    + missing + "\nlogs: " + folder.root().resolve("log"));
        }
    }

    /** Returns once some daemons are there as far as the cluster can tell. */
    void awaitRunning(List<DaemonProcess> chosen) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String missing = "no monitor answers";
        while (System.nanoTime() < deadline) {
            requireRunning(chosen);
            try (Rados rados = connect("2")) {
                JsonNode osds = ClusterHealth.command(rados, "osd dump").path("osds");
                missing = null;
                for (DaemonProcess daemon : chosen) {
                    boolean up = !daemon.program().equals("ceph-osd") || isUp(osds, daemon.id());
                    missing = up ? missing : daemon.name() + " is not up yet";
                }
                if (missing == null) {
                    return;
                }
            } catch (RadosException e) {
                missing = "no monitor answers: " + e.getMessage();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new VstartException("vstart: not there after 60 s: " + missing);
    }

    /** One line about the cluster's health, or why there is none. */
    String health() {
        try (Rados rados = connect("3")) {
            JsonNode health = ClusterHealth.command(rados, "health");
            return health.path("status").asText();
        } catch (RadosException e) {
            return "no monitor answers: " + e.getMessage();
        }
    }

    private static boolean isUp(JsonNode osds, String id) {
        for (JsonNode osd : osds) {
            if (osd.path("osd").asText().equals(id)) {
                return osd.path("up").asInt() == 1;
            }
        }
        return false;
    }

    private Rados connect(String seconds) {
        Config config = Config.of(EntityName.client("admin"), CephConf.load(folder.conf()))
                .with(Map.of("client_mount_timeout", seconds, "rados_mon_op_timeout", "10"));
        return Rados.connect(config);
    }

    private static void requireRunning(List<DaemonProcess> wanted) {
        for (DaemonProcess daemon : wanted) {
            if (daemon.running().isEmpty()) {
                throw new VstartException("vstart: " + daemon.name() + " ended: " + daemon.lastWords());
            }
        }
    }
}
