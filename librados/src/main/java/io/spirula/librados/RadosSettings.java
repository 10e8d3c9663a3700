package io.spirula.librados;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * A client's limits. A time of 0 in Ceph's configuration means "for ever" there; here it means the default, because no call may hang.
 *
 * @param connectTimeout client_mount_timeout
 * @param operationTimeout rados_osd_op_timeout
 * @param monitorTimeout rados_mon_op_timeout
 * @param notifyTimeout client_notify_timeout
 * @param operationsInFlight objecter_inflight_ops
 * @param bytesInFlight objecter_inflight_op_bytes
 */
record RadosSettings(
        Duration connectTimeout,
        Duration operationTimeout,
        Duration monitorTimeout,
        Duration notifyTimeout,
        int operationsInFlight,
        int bytesInFlight) {
    static RadosSettings of(Config config) {
        return new RadosSettings(
                span(config, "client_mount_timeout", 300),
                span(config, "rados_osd_op_timeout", 300),
                span(config, "rados_mon_op_timeout", 300),
                span(config, "client_notify_timeout", 10),
                Math.clamp(config.integer("objecter_inflight_ops", 1024), 1, 1 << 20),
                Math.clamp(config.integer("objecter_inflight_op_bytes", 100 << 20), 1 << 20, 1 << 30));
    }

    private static Duration span(Config config, String option, int defaultSeconds) {
        Duration fallback = Duration.ofSeconds(defaultSeconds);
        Duration set = config.span(option, fallback);
        return set.isZero() || set.isNegative() ? fallback : set;
    }
}
