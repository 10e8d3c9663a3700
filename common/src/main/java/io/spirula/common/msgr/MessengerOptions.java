package io.spirula.common.msgr;

import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * A messenger's settings: policies by the peer's kind, limits, times.
 *
 * @param maxFrontBytes the longest front or middle segment that is accepted
 * @param maxDataBytes the longest data segment that is accepted
 * @param dispatchThrottleBytes once messages of that many bytes are held for handling, nothing more is read. Ceph: ms_dispatch_throttle_bytes
 * @param maxConnections accepted connections beyond this are closed at once
 */
public record MessengerOptions(
        Policy defaultPolicy,
        Map<EntityType, Policy> policies,
        int maxFrontBytes,
        int maxDataBytes,
        long dispatchThrottleBytes,
        int maxConnections,
        Duration handshakeTimeout,
        Duration initialBackoff,
        Duration maxBackoff) {

    public MessengerOptions {
        EnumMap<EntityType, Policy> copy = new EnumMap<>(EntityType.class);
        copy.putAll(policies);
        policies = java.util.Collections.unmodifiableMap(copy);
    }

    /** For a client: every connection is lossy. */
    public static MessengerOptions client() {
        return of(Policy.LOSSY_CLIENT);
    }

    /** For a monitor: lossless with monitors, lossy with everybody else. */
    public static MessengerOptions mon() {
        return of(Policy.STATELESS_SERVER).withPolicy(EntityType.MON, Policy.LOSSLESS_PEER_REUSE);
    }

    /** For an OSD's public and cluster messengers: lossless with OSDs, a lossy client of monitors and the manager, a lossy server of clients. */
    public static MessengerOptions osd() {
        return of(Policy.STATELESS_SERVER)
                .withPolicy(EntityType.OSD, Policy.LOSSLESS_PEER)
                .withPolicy(EntityType.MON, Policy.LOSSY_CLIENT)
                .withPolicy(EntityType.MGR, Policy.LOSSY_CLIENT);
    }

    /** For an OSD's heartbeats, either side. */
    public static MessengerOptions osdHeartbeat(boolean server) {
        return of(server ? Policy.STATELESS_SERVER : Policy.LOSSY_CLIENT);
    }

    public static MessengerOptions of(Policy policy) {
        return new MessengerOptions(
                policy,
                Map.of(),
                64 << 20,
                160 << 20,
                100 << 20,
                10_000,
                Duration.ofSeconds(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(15));
    }

    public MessengerOptions withPolicy(EntityType peer, Policy policy) {
        EnumMap<EntityType, Policy> more = new EnumMap<>(EntityType.class);
        more.putAll(policies);
        more.put(peer, policy);
        return new MessengerOptions(
                defaultPolicy,
                more,
                maxFrontBytes,
                maxDataBytes,
                dispatchThrottleBytes,
                maxConnections,
                handshakeTimeout,
                initialBackoff,
                maxBackoff);
    }

    public Policy policy(EntityType peer) {
        return policies.getOrDefault(peer, defaultPolicy);
    }
}
