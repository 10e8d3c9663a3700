package io.spirula.common.auth;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * For how long tickets hold.
 *
 * @param monitors those for the monitors, auth_mon_ticket_ttl
 * @param services those for OSDs and managers, auth_service_ticket_ttl
 */
public record TicketTimes(Duration monitors, Duration services) {
    public static final TicketTimes DEFAULT = new TicketTimes(Duration.ofHours(72), Duration.ofHours(1));

    public static TicketTimes of(Config config) {
        return new TicketTimes(
                config.span("auth_mon_ticket_ttl", DEFAULT.monitors),
                config.span("auth_service_ticket_ttl", DEFAULT.services));
    }
}
