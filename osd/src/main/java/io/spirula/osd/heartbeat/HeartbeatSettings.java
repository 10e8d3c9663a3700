package io.spirula.osd.heartbeat;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * How OSDs watch each other. Ceph's options osd_heartbeat_*, mon_osd_min_down_reporters and mon_osd_reporter_subtree_level.
 *
 * @param minReporters of how many parts of the hierarchy peers are wanted, so that enough of them can report
 * @param minHealthyRatio which share of its peers must answer an OSD that was marked down wrongly before it boots again
 * @param fastFail whether a refused connection is reported as a certain failure
 */
public record HeartbeatSettings(
        Duration interval,
        Duration grace,
        int minPeers,
        int minReporters,
        String subtreeLevel,
        double minHealthyRatio,
        boolean fastFail) {
    public static HeartbeatSettings of(Config config) {
        return new HeartbeatSettings(
                config.span("osd_heartbeat_interval", Duration.ofSeconds(6)),
                config.span("osd_heartbeat_grace", Duration.ofSeconds(20)),
                (int) config.integer("osd_heartbeat_min_peers", 10),
                (int) config.integer("mon_osd_min_down_reporters", 2),
                config.string("mon_osd_reporter_subtree_level", "host"),
                config.real("osd_heartbeat_min_healthy_ratio", 0.33),
                config.bool("osd_fast_fail_on_connection_refused", true));
    }
}
