package io.spirula.osd.pg;

import io.spirula.common.config.Config;

/**
 * For what clients are told to hold back, beside groups that are down, incomplete or too small to be active.
 *
 * @param onUnfound requests for an object that nobody who is up has: osd_backoff_on_unfound
 * @param onDegraded requests that wait for any object's recovery: osd_backoff_on_degraded
 * @param onPeering requests while the members are still agreeing: osd_backoff_on_peering
 */
public record BackoffPolicy(boolean onUnfound, boolean onDegraded, boolean onPeering) {
    public static final BackoffPolicy DEFAULT = new BackoffPolicy(true, false, false);

    public static BackoffPolicy of(Config config) {
        return new BackoffPolicy(
                config.bool("osd_backoff_on_unfound", DEFAULT.onUnfound),
                config.bool("osd_backoff_on_degraded", DEFAULT.onDegraded),
                config.bool("osd_backoff_on_peering", DEFAULT.onPeering));
    }
}
