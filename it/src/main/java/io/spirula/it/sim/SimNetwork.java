package io.spirula.it.sim;

import io.spirula.common.message.Message;
import io.spirula.common.types.EntityAddr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The simulated network: who listens where, how long a message takes, and which hosts can't reach which. Its faults are those of TCP: a connection may break at any time, and a message that was sent may or may not have arrived
 * by then; but within one connection nothing is reordered, altered or repeated.
 */
public final class SimNetwork {
    /** Who sees what is sent, at the moment of sending. */
    public interface Observer {
        void sent(SimHost from, Message message);
    }

    private record Direction(SimHost from, SimHost to) {}

    private final Simulation simulation;
    private final RandomGenerator random;
    private final Set<SimMessenger> messengers = new LinkedHashSet<>();
    private final Map<String, SimMessenger> listeners = new HashMap<>();
    /** Whose each address is, also while nobody listens there. */
    private final Map<String, SimHost> hosts = new HashMap<>();

    private final Set<Direction> cuts = new HashSet<>();
    private long leastDelayNanos = 50_000;
    private long mostDelayNanos = 500_000;
    private long usualMostNanos = mostDelayNanos;
    private int nextPort = 6800;
    private Observer observer = (from, message) -> {};

    public SimNetwork(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.newRandom();
    }

    /** How long messages take from now on, at least and at most. */
    public void setDelays(java.time.Duration least, java.time.Duration most) {
        leastDelayNanos = least.toNanos();
        mostDelayNanos = most.toNanos();
    }

    /** How long messages take at most while nothing is wrong, from now on. */
    public void usualDelay(java.time.Duration most) {
        usualMostNanos = most.toNanos();
        resetDelays();
    }

    /** Messages take as long as they usually do. */
    public void resetDelays() {
        leastDelayNanos = Math.min(leastDelayNanos, usualMostNanos);
        mostDelayNanos = usualMostNanos;
    }

    public void observe(Observer who) {
        observer = who;
    }

    void sent(SimHost from, Message message) {
        observer.sent(from, message);
    }

    /** Nothing gets from one host to the other until {@link #heal}, or {@link #restore} for those two. */
    public void cut(SimHost from, SimHost to) {
        cuts.add(new Direction(from, to));
    }

    /** Nothing gets from a host to any of the others, nor back. */
    public void isolate(SimHost host, Iterable<SimHost> others) {
        for (SimHost other : others) {
            cut(host, other);
            cut(other, host);
        }
    }

    /** All links between two hosts break, with what is on its way. */
    public void breakLinks(SimHost host, SimHost other) {
        messengers.stream().filter(m -> m.host() == host).forEach(m -> m.breakLinks(other));
    }

    /** What {@link #isolate} did is over. */
    public void rejoin(SimHost host, Iterable<SimHost> others) {
        for (SimHost other : others) {
            restore(host, other);
            restore(other, host);
        }
    }

    public void restore(SimHost from, SimHost to) {
        cuts.remove(new Direction(from, to));
    }

    public void heal() {
        cuts.clear();
    }

    boolean isCut(SimHost from, SimHost to) {
        return !cuts.isEmpty() && cuts.contains(new Direction(from, to));
    }

    Simulation simulation() {
        return simulation;
    }

    long delayNanos() {
        return random.nextLong(leastDelayNanos, mostDelayNanos + 1);
    }

    EntityAddr listen(EntityAddr wanted, SimMessenger messenger) {
        EntityAddr address = wanted.port() == 0 ? wanted.withPort(nextPort++) : wanted;
        if (listeners.putIfAbsent(key(address), messenger) != null) {
            throw new java.io.UncheckedIOException(new java.net.BindException("Address already in use: " + address));
        }
        hosts.put(address.host(), messenger.host());
        return address;
    }

    /** Whether nothing gets from a host to an address, or back. */
    boolean isCut(SimHost from, EntityAddr to) {
        SimHost host = hosts.get(to.host());
        return host != null && (isCut(from, host) || isCut(host, from));
    }

    void joined(SimMessenger messenger) {
        messengers.add(messenger);
    }

    void left(SimMessenger messenger) {
        messengers.remove(messenger);
        listeners.values().removeIf(m -> m == messenger);
    }

    /** The host that has an address; null while no process ever listened there. */
    @Nullable
    SimHost hostOf(EntityAddr address) {
        return hosts.get(address.host());
    }

    /** Who listens at an address now, whatever its nonce. */
    @Nullable
    SimMessenger listener(EntityAddr address) {
        return listeners.get(key(address));
    }

    private static String key(EntityAddr address) {
        return address.host() + ":" + address.port();
    }
}
