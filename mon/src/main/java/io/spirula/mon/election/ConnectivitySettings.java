package io.spirula.mon.election;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * How links between monitors are looked at and scored.
 *
 * @param timeout a link is dead when nothing was answered for so long. Ceph: mon_elector_ping_timeout
 * @param interval how often a link that is alive is tried: the timeout by mon_elector_ping_divisor
 * @param halfLife of what is remembered of a link. Ceph: mon_con_tracker_score_halflife
 * @param persistInterval after so many changes the scores are written. Ceph: mon_con_tracker_persist_interval
 * @param margin by how much another monitor must be better connected than the leader for somebody outside of the quorum to call an election. Ceph: mon_elector_ignore_propose_margin
 */
public record ConnectivitySettings(
        Duration timeout, Duration interval, Duration halfLife, int persistInterval, double margin) {
    public static ConnectivitySettings of(Config config) {
        Duration timeout = config.span("mon_elector_ping_timeout", Duration.ofSeconds(2));
        long divisor = Math.max(1, config.integer("mon_elector_ping_divisor", 2));
        return new ConnectivitySettings(
                timeout,
                timeout.dividedBy(divisor),
                Duration.ofSeconds(config.integer("mon_con_tracker_score_halflife", 43_200)),
                (int) config.integer("mon_con_tracker_persist_interval", 10),
                config.real("mon_elector_ignore_propose_margin", 0.0005));
    }

    double halfLifeSeconds() {
        return halfLife.toNanos() / 1e9;
    }
}
