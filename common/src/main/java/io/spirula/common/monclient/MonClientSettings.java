package io.spirula.common.monclient;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * How a {@link MonClient} behaves in time. Ceph: mon_client_*.
 *
 * @param hostname told to the monitors with subscriptions, for their lists of sessions
 * @param parallelHunt how many monitors are tried at once, mon_client_hunt_parallel
 * @param huntInterval how long a round of hunting may take, mon_client_hunt_interval
 * @param huntIntervalMax what the interval grows to
 * @param pingInterval mon_client_ping_interval
 * @param pingTimeout how long a monitor may be silent, mon_client_ping_timeout
 */
public record MonClientSettings(
        String hostname,
        int parallelHunt,
        Duration huntInterval,
        Duration huntIntervalMax,
        Duration pingInterval,
        Duration pingTimeout) {
    public static final MonClientSettings DEFAULTS = new MonClientSettings(
            "", 3, Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30));

    public static MonClientSettings of(Config config) {
        Duration hunt = config.span("mon_client_hunt_interval", DEFAULTS.huntInterval);
        return new MonClientSettings(
                config.string("host", "$host"),
                Math.clamp(config.integer("mon_client_hunt_parallel", DEFAULTS.parallelHunt), 1, 100),
                hunt,
                Duration.ofMillis(
                        10 * hunt.toMillis()), // multipliedBy takes BigDecimal, which every command would load
                config.span("mon_client_ping_interval", DEFAULTS.pingInterval),
                config.span("mon_client_ping_timeout", DEFAULTS.pingTimeout));
    }
}
