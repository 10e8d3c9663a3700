package io.spirula.it.sim;

import io.spirula.common.message.Message;
import io.spirula.common.message.MessageRegistry;
import io.spirula.common.message.Payload;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Policy;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated session. What was sent stays queued here until the other end's dispatcher has it; when the link breaks a lossy end is reset and loses its queue, a lossless one keeps it for the next link.
 */
final class SimConnection implements Connection {
    /** How long TCP tries before it gives a silent peer up. */
    private static final long GIVE_UP_NANOS = 15_000_000_000L;

    private static final long RETRANSMIT_NANOS = 200_000_000L;

    private final SimMessenger messenger;
    private final Policy policy;
    private final EntityType peerType;
    private EntityAddrs peerAddrs;
    private EntityId peerId;
    private @Nullable AuthenticatedPeer authenticated;
    private @Nullable SimConnection otherEnd;
    private @Nullable Object attachment;
    private final Deque<Payload> undelivered = new ArrayDeque<>();
    /** How many of them were on their way when the link broke. */
    private int lostUnderway;

    private boolean closed;
    private boolean deliveryPending;
    private boolean everConnected;
    private long lastArrivalNanos;
    private long lastKeepaliveAckNanos;
    private long link;

    SimConnection(SimMessenger messenger, Policy policy, EntityType peerType, EntityAddrs peerAddrs) {
        this.messenger = messenger;
        this.policy = policy;
        this.peerType = peerType;
        this.peerAddrs = peerAddrs;
        this.peerId = new EntityId(peerType, -1);
    }

    SimMessenger messenger() {
        return messenger;
    }

    Policy policy() {
        return policy;
    }

    boolean everConnected() {
        return everConnected;
    }

    /** Joins two ends; what either has queued begins to flow. */
    static void join(SimConnection client, SimConnection server, AuthenticatedPeer peer) {
        server.authenticated = peer;
        client.attachTo(server);
        server.attachTo(client);
        if (server.peerType == EntityType.CLIENT) {
            server.peerId = new EntityId(EntityType.CLIENT, peer.globalId());
        }
    }

    private void attachTo(SimConnection other) {
        otherEnd = other;
        lostUnderway = 0;
        link++;
        everConnected = true;
        peerId = other.messenger.self();
        deliveryPending = false;
        lastKeepaliveAckNanos = messenger.host().nanoTime();
        scheduleDelivery();
    }

    @Override
    public void send(Message message) {
        if (closed) {
            return;
        }
        messenger.network().sent(messenger.host(), message);
        undelivered.add(message.type().encode(message));
        if (otherEnd != null) {
            scheduleDelivery();
        } else if (everConnected && !policy.server() && !policy.lossy()) {
            messenger.reconnect(this, 0);
        }
    }

    private void scheduleDelivery() {
        if (deliveryPending || undelivered.isEmpty() || otherEnd == null) {
            return;
        }
        deliveryPending = true;
        SimNetwork network = messenger.network();
        long now = messenger.host().nanoTime();
        lastArrivalNanos = Math.max(lastArrivalNanos, now + network.delayNanos());
        deliverAfter(lastArrivalNanos - now, now, link);
    }

    private void deliverAfter(long delayNanos, long sentNanos, long onLink) {
        SimConnection target = otherEnd;
        if (target == null) {
            return;
        }
        SimHost receiver = target.messenger.host();
        messenger.network().simulation().after(delayNanos, receiver, () -> {
            if (onLink != link || otherEnd != target || target.closed) {
                return;
            }
            if (messenger.network().isCut(messenger.host(), receiver)) {
                if (receiver.nanoTime() - sentNanos > GIVE_UP_NANOS) {
                    breakLink();
                } else {
                    deliverAfter(RETRANSMIT_NANOS, sentNanos, onLink);
                }
                return;
            }
            deliveryPending = false;
            Payload payload = undelivered.poll();
            if (payload != null) {
                scheduleDelivery();
                target.arrive(payload);
            }
        });
    }

    private void arrive(Payload payload) {
        Simulation simulation = messenger.network().simulation();
        simulation.trace(payload.type());
        simulation.trace(payload.front().crc32c(-1));
        simulation.trace(payload.data().crc32c(-1));
        messenger.dispatcher().dispatch(this, MessageRegistry.decode(payload));
    }

    boolean leadsTo(SimHost host) {
        return otherEnd != null && otherEnd.messenger.host() == host;
    }

    /** Both ends lose each other. */
    void breakLink() {
        SimConnection other = otherEnd;
        if (other == null) {
            return;
        }
        other.fault();
        fault();
    }

    /** This end notices, a little later, that the link is gone. */
    private void fault() {
        if (otherEnd != null) {
            lostUnderway = undelivered.size();
        }
        otherEnd = null;
        link++;
        SimHost host = messenger.host();
        messenger.network().simulation().after(messenger.network().delayNanos(), host, () -> {
            if (closed || otherEnd != null) {
                return;
            }
            if (policy.lossy()) {
                lose();
            } else if (!policy.server() && !undelivered.isEmpty()) {
                messenger.reconnect(this, 0);
            }
        });
    }

    /** The session is over and its owner is told. */
    void lose() {
        if (!closed) {
            close();
            messenger.dispatcher().reset(this);
        }
    }

    /** The peer has forgotten the session: under a checking policy what was on its way is gone and the owner is told. */
    void remoteReset() {
        if (policy.resetCheck()) {
            for (; lostUnderway > 0; lostUnderway--) {
                undelivered.remove();
            }
            messenger.dispatcher().remoteReset(this);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        undelivered.clear();
        messenger.forget(this);
        SimConnection other = otherEnd;
        otherEnd = null;
        link++;
        if (other != null) {
            other.fault();
        }
    }

    @Override
    public EntityType peerType() {
        return peerType;
    }

    @Override
    public EntityId peerId() {
        return peerId;
    }

    @Override
    public EntityAddrs peerAddrs() {
        return peerAddrs;
    }

    @Override
    public EntityAddr socketAddr() {
        EntityAddr first = peerAddrs.msgr2();
        return first == null ? EntityAddr.NONE : first;
    }

    void setPeerAddrs(EntityAddrs addrs) {
        peerAddrs = addrs;
    }

    @Override
    public @Nullable AuthenticatedPeer authenticated() {
        return authenticated;
    }

    @Override
    public long peerFeatures() {
        return otherEnd == null ? 0 : SimMessenger.FEATURES;
    }

    @Override
    public boolean isConnected() {
        return otherEnd != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void sendKeepalive() {
        SimConnection target = otherEnd;
        if (target == null) {
            if (!closed && everConnected && !policy.server() && !policy.lossy()) {
                messenger.reconnect(this, 0);
            }
            return;
        }
        long onLink = link;
        SimNetwork network = messenger.network();
        network.simulation().after(2 * network.delayNanos(), messenger.host(), () -> {
            boolean reachable = !network.isCut(messenger.host(), target.messenger.host())
                    && !network.isCut(target.messenger.host(), messenger.host());
            if (onLink == link && reachable) {
                lastKeepaliveAckNanos = messenger.host().nanoTime();
            }
        });
    }

    @Override
    public long lastKeepaliveAckNanos() {
        return lastKeepaliveAckNanos;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object state) {
        attachment = state;
    }

    @Override
    public String toString() {
        return messenger.self() + " to " + peerId + " at " + peerAddrs;
    }
}
