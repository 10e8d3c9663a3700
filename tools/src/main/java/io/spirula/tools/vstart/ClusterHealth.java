package io.spirula.tools.vstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How well a cluster says that it is, asked from outside as a client. */
public final class ClusterHealth {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private ClusterHealth() {}

    /**
     * Returns null once every OSD is up and in and nothing but the settings of pools is complained of, or what is missing where the time is up before.
     *
     * @param connect makes a client; may throw RadosException, which is tried again
     * @param check called before every look; throws where there is no point in waiting on
     */
    public static @Nullable String await(Supplier<Rados> connect, int osds, Duration most, Runnable check) {
        long deadline = System.nanoTime() + most.toNanos();
        String missing = "no monitor answers";
        while (System.nanoTime() - deadline < 0) {
            check.run();
            try (Rados rados = connect.get()) {
                while (System.nanoTime() - deadline < 0) {
                    check.run();
                    missing = missing(rados, osds);
                    if (missing == null) {
                        return null;
                    }
                    pause();
                }
            } catch (RadosException e) {
                missing = "no monitor answers: " + e.getMessage();
                pause();
            }
        }
        return missing;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a cluster", e);
        }
    }

    /** What keeps a cluster from being healthy with this many OSDs, or null. */
    static @Nullable String missing(Rados rados, int osds) {
        JsonNode status = command(rados, "status");
        JsonNode map = status.path("osdmap");
        int up = map.path("num_up_osds").asInt();
        int in = map.path("num_in_osds").asInt();
        if (up < osds || in < osds) {
            return up + " of " + osds + " OSDs are up, " + in + " in";
        }
        List<String> troubles = new ArrayList<>();
        status.path("health").path("checks").properties().forEach(check -> {
            // How somebody set up a pool does not keep a cluster from being whole.
            if (!check.getKey().startsWith("POOL_")) {
                troubles.add(check.getKey() + ": "
                        + check.getValue().path("summary").path("message").asText());
            }
        });
        for (JsonNode state : status.path("pgmap").path("pgs_by_state")) {
            if (!state.path("state_name").asText().equals("active+clean")) {
                troubles.add(state.path("count").asInt() + " placement groups are "
                        + state.path("state_name").asText());
            }
        }
        return troubles.isEmpty() ? null : String.join(", ", troubles);
    }

    static JsonNode command(Rados rados, String prefix) {
        try {
            return new ObjectMapper()
                    .readTree(rados.monCommand("{\"prefix\":\"" + prefix + "\",\"format\":\"json\"}")
                            .orThrow()
                            .output()
                            .toReadOnlyArray());
        } catch (IOException e) {
            throw new VstartException("the answer to '" + prefix + "' is no JSON: " + e.getMessage());
        }
    }
}
