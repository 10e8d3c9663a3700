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
 * @param heldBytesMax once messages of that many bytes are {@linkplain Connection#hold held}, nothing more is read from peers that are clients of ours. Ceph: osd_client_message_size_cap
 * @param heldMessagesMax the same for their number. Ceph: osd_client_message_cap
 * @param maxConnections accepted connections beyond this are closed at once
 * @param ports where a messenger listens that is told no port
 */
public record MessengerOptions(
        Policy defaultPolicy,
        Map<EntityType, Policy> policies,
        int maxFrontBytes,
        int maxDataBytes,
        long heldBytesMax,
        int heldMessagesMax,
        int maxConnections,
        Duration handshakeTimeout,
        Duration initialBackoff,
        Duration maxBackoff,
        PortRange ports) {

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
                500L << 20,
                256,
                10_000,
                Duration.ofSeconds(10),
                Duration.ofMillis(200),
                Duration.ofSeconds(15),
                PortRange.FREE);
    }

    public MessengerOptions withPolicy(EntityType peer, Policy policy) {
        EnumMap<EntityType, Policy> more = new EnumMap<>(EntityType.class);
        more.putAll(policies);
        more.put(peer, policy);
        return with(more, heldBytesMax, heldMessagesMax, ports);
    }

    /** With other limits of what clients may have held; 0 for no limit. */
    public MessengerOptions withHeldMax(long bytes, int messages) {
        return with(policies, bytes == 0 ? Long.MAX_VALUE : bytes, messages == 0 ? Integer.MAX_VALUE : messages, ports);
    }

    /** With other ports to listen at where none is named. */
    public MessengerOptions withPorts(PortRange range) {
        return with(policies, heldBytesMax, heldMessagesMax, range);
    }

    private MessengerOptions with(
            Map<EntityType, Policy> byPeer, long bytesHeld, int messagesHeld, PortRange listening) {
        return new MessengerOptions(
                defaultPolicy,
                byPeer,
                maxFrontBytes,
                maxDataBytes,
                bytesHeld,
                messagesHeld,
                maxConnections,
                handshakeTimeout,
                initialBackoff,
                maxBackoff,
                listening);
    }

    public Policy policy(EntityType peer) {
        return policies.getOrDefault(peer, defaultPolicy);
    }
}
