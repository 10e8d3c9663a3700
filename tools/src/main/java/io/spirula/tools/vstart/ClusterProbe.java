package io.spirula.tools.vstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster from outside, as a client, until it is what it should be or the time is up. */
final class ClusterProbe {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long PAUSE_MILLIS = 100;

    private final ClusterFolder folder;
    private final List<DaemonProcess> daemons;

    ClusterProbe(ClusterFolder folder, List<DaemonProcess> daemons) {
        this.folder = folder;
        this.daemons = daemons;
    }

    /** Returns once every OSD is up and in and nothing but the settings of pools is complained of: a new cluster then says HEALTH_OK. Throws VstartException with the reason where a daemon dies or a minute passes. */
    void awaitHealthy() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String missing = "no monitor answers";
        while (System.nanoTime() < deadline) {
            requireRunning(daemons);
            try (Rados rados = connect("2")) {
                while (System.nanoTime() < deadline) {
                    requireRunning(daemons);
                    missing = missing(rados);
                    if (missing == null) {
                        return;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (RadosException e) {
                missing = "no monitor answers: " + e.getMessage();
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        throw new VstartException("vstart: the cluster is not healthy after 60 s: " + missing + "\nlogs: "
                + folder.root().resolve("log"));
    }

    /** Returns once some daemons are there as far as the cluster can tell. */
    void awaitRunning(List<DaemonProcess> chosen) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String missing = "no monitor answers";
        while (System.nanoTime() < deadline) {
            requireRunning(chosen);
            try (Rados rados = connect("2")) {
                JsonNode osds = command(rados, "osd dump").path("osds");
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
            JsonNode health = command(rados, "health");
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

    private @Nullable String missing(Rados rados) {
        JsonNode status = command(rados, "status");
        JsonNode osds = status.path("osdmap");
        long wanted =
                daemons.stream().filter(d -> d.program().equals("ceph-osd")).count();
        int up = osds.path("num_up_osds").asInt();
        int in = osds.path("num_in_osds").asInt();
        if (up < wanted || in < wanted) {
            return up + " of " + wanted + " OSDs are up, " + in + " in";
        }
        List<String> troubles = new ArrayList<>();
        status.path("health").path("checks").properties().forEach(check -> {
            // How somebody set up a pool does not keep a cluster from being whole.
            if (!check.getKey().startsWith("POOL_")) {
                troubles.add(check.getKey() + ": "
                        + check.getValue().path("summary").path("message").asText());
            }
        });
        JsonNode groups = status.path("pgmap");
        for (JsonNode state : groups.path("pgs_by_state")) {
            if (!state.path("state_name").asText().equals("active+clean")) {
                troubles.add(state.path("count").asInt() + " placement groups are "
                        + state.path("state_name").asText());
            }
        }
        return troubles.isEmpty() ? null : String.join(", ", troubles);
    }

    private static JsonNode command(Rados rados, String prefix) {
        try {
            return new ObjectMapper()
                    .readTree(rados.monCommand("{\"prefix\":\"" + prefix + "\",\"format\":\"json\"}")
                            .orThrow()
                            .output()
                            .toReadOnlyArray());
        } catch (IOException e) {
            throw new VstartException("vstart: the answer to '" + prefix + "' is no JSON: " + e.getMessage());
        }
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
