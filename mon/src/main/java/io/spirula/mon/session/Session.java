package io.spirula.mon.session;

import io.spirula.common.auth.caps.MonCaps;
import io.spirula.common.command.CommandCall;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connected client or daemon. Ceph: MonSession. */
public final class Session {
    /** From which version on somebody wants a map, and whether one is enough. */
    public static final class Subscription {
        private long next;
        private final boolean onetime;

        Subscription(long next, boolean onetime) {
            this.next = next;
            this.onetime = onetime;
        }

        public long next() {
            return next;
        }

        public boolean isOnetime() {
            return onetime;
        }
    }

    private static final int MAX_SUBSCRIPTIONS = 64;

    private final Connection connection;
    private final AuthenticatedPeer peer;
    private final MonCaps caps;
    private final Map<String, Subscription> subscriptions = new TreeMap<>();
    private int osdEpoch;
    private String hostname = "";
    private @Nullable Map<String, String> config;

    public Session(Connection connection, AuthenticatedPeer peer, MonCaps caps) {
        this.connection = connection;
        this.peer = peer;
        this.caps = caps;
    }

    public Connection connection() {
        return connection;
    }

    public AuthenticatedPeer peer() {
        return peer;
    }

    public EntityName name() {
        return peer.name();
    }

    public EntityAddrs addrs() {
        return connection.peerAddrs();
    }

    public MonCaps caps() {
        return caps;
    }

    public CommandCall.Caller caller() {
        return new CommandCall.Caller(name(), connection.peerId(), addrs());
    }

    public void send(Message message) {
        connection.send(message);
    }

    /** A request of this session is done; there may have been no answer to it. */
    public void finished() {
        if (connection instanceof ForwardedConnection forwarded) {
            forwarded.finished();
        }
    }

    /** A newer subscription to the same thing replaces the older one. False if there are too many. */
    public boolean subscribe(String what, long start, boolean onetime) {
        if (subscriptions.size() >= MAX_SUBSCRIPTIONS && !subscriptions.containsKey(what)) {
            return false;
        }
        subscriptions.put(what, new Subscription(start, onetime));
        return true;
    }

    public Map<String, Subscription> subscriptions() {
        return subscriptions;
    }

    /** What was asked for has been sent up to {@code version}: a one-time subscription ends. */
    public void sent(String what, long version) {
        Subscription s = subscriptions.get(what);
        if (s == null) {
            return;
        }
        if (s.onetime) {
            subscriptions.remove(what);
        } else {
            s.next = version + 1;
        }
    }

    /** What the peer calls its host; empty if it has not said. */
    public String hostname() {
        return hostname;
    }

    public void hostname(String name) {
        hostname = name;
    }

    /** The central configuration as this session has last heard of it; null before. */
    public @Nullable Map<String, String> config() {
        return config;
    }

    public void config(Map<String, String> values) {
        config = values;
    }

    /** The newest OSD map that this session is known to have. */
    public int osdEpoch() {
        return osdEpoch;
    }

    public void osdEpoch(int epoch) {
        osdEpoch = epoch;
    }
}
