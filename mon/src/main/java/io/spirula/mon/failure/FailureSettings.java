package io.spirula.mon.failure;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * By what the monitors judge OSDs. Named as Ceph's options are, without {@code mon_osd_}.
 *
 * @param heartbeatGrace osd_heartbeat_grace
 * @param heartbeatStale osd_heartbeat_stale: after this time more a report that led to nothing is forgotten
 */
public record FailureSettings(
        Duration heartbeatGrace,
        Duration heartbeatStale,
        boolean adjustHeartbeatGrace,
        Laggy laggy,
        int minDownReporters,
        String reporterSubtreeLevel,
        double minUpRatio,
        double minInRatio,
        Duration reportTimeout,
        Out out,
        In in) {
    /** How long a bad experience with an OSD is remembered. */
    public record Laggy(Duration halflife, double weight, int maxIntervalSeconds) {}

    /** When an OSD that is down goes out. */
    public record Out(Duration downInterval, boolean adjust, String subtreeLimit, Duration destroyedInterval) {}

    /** Which OSDs come in when they boot: all, those that went out by themselves, new ones. */
    public record In(boolean any, boolean autoOut, boolean fresh) {}

    public static FailureSettings of(Config config) {
        return new FailureSettings(
                config.span("osd_heartbeat_grace", Duration.ofSeconds(20)),
                config.span("osd_heartbeat_stale", Duration.ofMinutes(10)),
                config.bool("mon_osd_adjust_heartbeat_grace", true),
                new Laggy(
                        config.span("mon_osd_laggy_halflife", Duration.ofHours(1)),
                        config.real("mon_osd_laggy_weight", 0.3),
                        (int) config.integer("mon_osd_laggy_max_interval", 300)),
                (int) config.integer("mon_osd_min_down_reporters", 2),
                config.string("mon_osd_reporter_subtree_level", "host"),
                config.real("mon_osd_min_up_ratio", 0.3),
                config.real("mon_osd_min_in_ratio", 0.75),
                config.span("mon_osd_report_timeout", Duration.ofMinutes(15)),
                new Out(
                        config.span("mon_osd_down_out_interval", Duration.ofMinutes(10)),
                        config.bool("mon_osd_adjust_down_out_interval", true),
                        config.string("mon_osd_down_out_subtree_limit", "rack"),
                        config.span("mon_osd_destroyed_out_interval", Duration.ofMinutes(10))),
                new In(
                        config.bool("mon_osd_auto_mark_in", false),
                        config.bool("mon_osd_auto_mark_auto_out_in", true),
                        config.bool("mon_osd_auto_mark_new_in", true)));
    }
}
