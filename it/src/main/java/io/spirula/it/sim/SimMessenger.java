package io.spirula.it.sim;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthException;
import io.spirula.common.auth.AuthMethod;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.Policy;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A messenger on the simulated network. Messages pass through their real encodings and connections through the real authentication; of the protocol below, the simulator keeps what its users can see: order, and what survives
 * a broken link under each policy.
 */
public final class SimMessenger implements Messenger {
    /** Any non-zero set does: both ends are of one kind. */
    static final long FEATURES = 0x3f01cfbffffdffffL;

    private static final long FIRST_RETRY_NANOS = 200_000_000L;
    private static final long MOST_RETRY_NANOS = 15_000_000_000L;
    /** How long it takes to give up on a host that does not answer at all. */
    private static final long CONNECT_TIMEOUT_NANOS = 10_000_000_000L;

    private final SimNetwork network;
    private final SimHost host;
    private final MessengerOptions options;
    private final AuthClient authClient;
    private final @Nullable AuthServer authServer;
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    /** The lossless sessions, by the peer's address. */
    private final Map<EntityAddrs, SimConnection> sessions = new LinkedHashMap<>();

    private EntityId self;
    private EntityAddrs addrs = EntityAddrs.NONE;
    private @Nullable Dispatcher dispatcher;

    public SimMessenger(
            SimNetwork network,
            SimHost host,
            EntityId self,
            MessengerOptions options,
            AuthClient authClient,
            @Nullable AuthServer authServer) {
        this.network = network;
        this.host = host;
        this.self = self;
        this.options = options;
        this.authClient = authClient;
        this.authServer = authServer;
        host.onCrash(this::hostCrashed);
        network.joined(this);
    }

    SimHost host() {
        return host;
    }

    SimNetwork network() {
        return network;
    }

    Dispatcher dispatcher() {
        if (dispatcher == null) {
            throw new IllegalStateException("no dispatcher has been set");
        }
        return dispatcher;
    }

    @Override
    public void setDispatcher(Dispatcher takes) {
        dispatcher = takes;
    }

    @Override
    public void bind(EntityAddr address) {
        addrs = EntityAddrs.of(network.listen(address, this));
    }

    @Override
    public EntityAddrs addrs() {
        return addrs;
    }

    @Override
    public EntityId self() {
        return self;
    }

    @Override
    public void setSelf(EntityId id) {
        self = id;
    }

    @Override
    public Connection connect(EntityType peerType, EntityAddrs peer) {
        Policy policy = options.policy(peerType);
        SimConnection existing = policy.lossy() ? null : sessions.get(peer);
        if (existing != null) {
            return existing;
        }
        SimConnection made = track(new SimConnection(this, policy, peerType, peer));
        attempt(made, 0);
        return made;
    }

    private SimConnection track(SimConnection connection) {
        connections.add(connection);
        if (!connection.policy().lossy()) {
            sessions.put(connection.peerAddrs(), connection);
        }
        return connection;
    }

    /** What is on its way to or from a host does not arrive, and both ends find out. */
    void breakLinks(SimHost other) {
        for (SimConnection connection : List.copyOf(connections)) {
            if (connection.leadsTo(other)) {
                connection.breakLink();
            }
        }
    }

    void forget(SimConnection connection) {
        connections.remove(connection);
        sessions.remove(connection.peerAddrs(), connection);
    }

    /** A lossless session's next try, after the {@code failures}-th has failed. */
    void reconnect(SimConnection connection, int failures) {
        long wait = failures == 0 ? 0 : Math.min(MOST_RETRY_NANOS, FIRST_RETRY_NANOS << Math.min(failures - 1, 10));
        network.simulation().after(wait, host, () -> {
            if (!connection.isClosed() && !connection.isConnected()) {
                attempt(connection, failures);
            }
        });
    }

    private void attempt(SimConnection connection, int failures) {
        EntityAddr target = connection.peerAddrs().front();
        network.simulation().after(2 * network.delayNanos(), host, () -> {
            if (connection.isClosed() || connection.isConnected()) {
                return;
            }
            if (network.isCut(host, target)) { // silence, where a host whose process is gone refuses
                network.simulation().after(CONNECT_TIMEOUT_NANOS, host, () -> failed(connection, failures));
                return;
            }
            SimMessenger peer = reachable(target);
            boolean sameInstance =
                    peer != null && (target.nonce() == 0 || peer.addrs.front().nonce() == target.nonce());
            if (peer == null || !sameInstance || !handshake(connection, peer)) {
                failed(connection, failures);
            }
        });
    }

    private @Nullable SimMessenger reachable(EntityAddr target) {
        SimMessenger peer = network.listener(target);
        return peer != null && peer.host.isUp() ? peer : null;
    }

    private void failed(SimConnection connection, int failures) {
        if (connection.isClosed()) {
            return;
        }
        if (refuses(connection.peerAddrs().front())) {
            dispatcher().refused(connection);
        }
        if (connection.isClosed()) {
            return;
        }
        if (connection.policy().lossy()) {
            connection.lose();
        } else {
            reconnect(connection, failures + 1);
        }
    }

    /** Whether the host is there and has no process that listens: then it says so. */
    private boolean refuses(EntityAddr target) {
        return network.hostOf(target) != null && network.listener(target) == null && !network.isCut(host, target);
    }

    /** Authenticates and joins. False where the peer does not want us. */
    private boolean handshake(SimConnection connection, SimMessenger peer) {
        AuthServer server = peer.authServer;
        if (server == null) {
            return false;
        }
        AuthServer.Reply.Done done;
        try {
            done = new SimHandshake(authClient.begin(connection.peerType()), server, self.type()).run();
        } catch (AuthException e) {
            return false;
        }
        if (done == null) {
            return false;
        }
        // Both ends change in one moment; only what they send afterwards takes time.
        SimConnection theirs = peer.accept(this, connection);
        SimConnection.join(connection, theirs, done.peer());
        dispatcher().connected(connection);
        network.simulation().after(0, peer.host, () -> {
            if (!theirs.isClosed() && theirs.isConnected()) {
                peer.dispatcher().accepted(theirs);
            }
        });
        return true;
    }

    private SimConnection accept(SimMessenger from, SimConnection theirs) {
        Policy policy = options.policy(from.self.type());
        EntityAddrs peerAddrs = from.addrs;
        SimConnection existing = policy.lossy() ? null : sessions.get(peerAddrs);
        if (existing != null) {
            if (!theirs.everConnected() && existing.everConnected()) {
                existing.remoteReset();
            }
            return existing;
        }
        if (theirs.everConnected()) {
            theirs.remoteReset();
        }
        return track(new SimConnection(this, policy, from.self.type(), peerAddrs));
    }

    private void hostCrashed() {
        network.left(this);
        for (SimConnection connection : List.copyOf(connections)) {
            connection.close();
        }
    }

    @Override
    public void shutdown() {
        network.left(this);
        for (SimConnection connection : new ArrayList<>(connections)) {
            connection.close();
        }
    }

    /** The authentication of one connection, both halves at once. */
    private record SimHandshake(AuthClient.Exchange client, AuthServer server, EntityType clientType) {
        private static final int MOST_ROUNDS = 10;

        AuthServer.Reply.@Nullable Done run() {
            AuthServer.Exchange exchange = server.begin(clientType);
            AuthClient.Request request = client.request();
            if (!server.methods(clientType).contains(request.method())) {
                refuse(request.method(), 95);
                return null;
            }
            ConnectionMode mode = request.preferredModes().stream()
                    .filter(server.modes(clientType, request.method())::contains)
                    .findFirst()
                    .orElse(ConnectionMode.CRC);
            AuthServer.Reply reply = exchange.request(request.method(), mode, request.payload());
            for (int round = 0; round < MOST_ROUNDS; round++) {
                switch (reply) {
                    case AuthServer.Reply.More more -> reply = exchange.more(client.replyMore(more.payload()));
                    case AuthServer.Reply.Denied denied -> {
                        refuse(request.method(), denied.errno());
                        return null;
                    }
                    case AuthServer.Reply.Done done -> {
                        client.done(done.peer().globalId(), mode, done.payload());
                        return done;
                    }
                }
            }
            return null;
        }

        private void refuse(AuthMethod method, int errno) {
            if (errno == Errno.EBUSY) {
                return; // the server just hangs up: we may come back later
            }
            List<Integer> methods =
                    server.methods(clientType).stream().map(AuthMethod::code).toList();
            client.badMethod(method.code(), -errno, methods, List.of(ConnectionMode.CRC.code()));
        }
    }
}
