package io.spirula.common.msgr;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageRegistry;
import io.spirula.common.message.Payload;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A messenger over any {@link Transport}: keeps the sessions by their peers' addresses, counts what is held for clients, and has every link flushed once per turn of the reactor. Does no I/O of its own.
 */
public final class AsyncMessenger implements Messenger {
    private static final Logger log = LoggerFactory.getLogger(AsyncMessenger.class);

    private final Reactor reactor;
    private final Transport transport;
    private final MessengerOptions options;
    private final AuthClient authClient;
    private final @Nullable AuthServer authServer;
    private final RandomGenerator random;
    private final Function<Payload, Message> decoder;
    private final Acceptance acceptance = new Acceptance(this);
    private final Map<EntityAddr, AsyncConnection> sessions = new LinkedHashMap<>();
    private final Set<ProtocolV2> links = new LinkedHashSet<>();
    private final ArrayDeque<ProtocolV2> unflushed = new ArrayDeque<>();
    private final Runnable flushAll = this::flushAll;
    private final ArrayList<ProtocolV2> paused = new ArrayList<>();
    private boolean flushScheduled;
    /** What was encoded last in this turn. */
    private @Nullable Message lastSent;

    private @Nullable Payload lastEncoded;
    private Traffic traffic = new Traffic();
    private long heldBytes;
    private int heldMessages;
    private long lastGlobalSeq;
    private final int nonce;
    private boolean bound;
    private boolean shutDown;
    private EntityId self;
    private EntityAddrs addrs = EntityAddrs.NONE;
    private @Nullable Dispatcher dispatcher;

    /** @param authServer null for a messenger that never binds */
    public AsyncMessenger(
            Reactor reactor,
            Transport transport,
            EntityId self,
            MessengerOptions options,
            AuthClient authClient,
            @Nullable AuthServer authServer,
            RandomGenerator random) {
        this(reactor, transport, self, options, authClient, authServer, random, MessageRegistry::decode);
    }

    /** With messages of one's own, for tests and tools. */
    public AsyncMessenger(
            Reactor reactor,
            Transport transport,
            EntityId self,
            MessengerOptions options,
            AuthClient authClient,
            @Nullable AuthServer authServer,
            RandomGenerator random,
            Function<Payload, Message> decoder) {
        this.reactor = reactor;
        this.transport = transport;
        this.self = self;
        this.options = options;
        this.authClient = authClient;
        this.authServer = authServer;
        this.random = random;
        this.decoder = decoder;
        nonce = random.nextInt();
    }

    @Override
    public void setDispatcher(Dispatcher newDispatcher) {
        dispatcher = newDispatcher;
    }

    @Override
    public void bind(EntityAddr address) {
        if (authServer == null) {
            throw new IllegalStateException("a messenger without an AuthServer does not bind");
        }
        addrs = EntityAddrs.of(transport.bind(address, this::accept));
        bound = true;
    }

    private Transport.LinkHandler accept() {
        ProtocolV2 link = new ProtocolV2(this, null);
        links.add(link);
        link.startDeadline();
        if (links.size() > options.maxConnections() || shutDown) {
            reactor.execute(() -> link.fail("too many connections", false));
        }
        return link;
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
    public void countIn(Traffic newTraffic) {
        traffic = newTraffic;
    }

    Traffic traffic() {
        return traffic;
    }

    @Override
    public void setSelf(EntityId newSelf) {
        self = newSelf;
    }

    @Override
    public Connection connect(EntityType peerType, EntityAddrs peerAddrs) {
        EntityAddr target = peerAddrs.msgr2();
        if (target == null) {
            throw new IllegalArgumentException("no msgr2 address in " + peerAddrs);
        }
        AsyncConnection existing = sessions.get(target);
        if (existing != null) {
            return existing;
        }
        AsyncConnection session =
                new AsyncConnection(this, peerType, peerAddrs, target, AsyncConnection.State.CONNECTING);
        if (shutDown) {
            session.close(); // its user does not know yet; nothing may reach the peers from a party that has gone
            return session;
        }
        register(session);
        session.connect();
        return session;
    }

    @Override
    public void shutdown() {
        shutDown = true;
        transport.close();
        for (AsyncConnection session : new ArrayList<>(sessions.values())) {
            session.close();
        }
        for (ProtocolV2 link : new ArrayList<>(links)) {
            link.close();
        }
    }

    // ---- for links and sessions

    Reactor reactor() {
        return reactor;
    }

    MessengerOptions options() {
        return options;
    }

    AuthClient authClient() {
        return authClient;
    }

    AuthServer authServer() {
        if (authServer == null) {
            throw new IllegalStateException("a link was accepted without an AuthServer");
        }
        return authServer;
    }

    Acceptance acceptance() {
        return acceptance;
    }

    Dispatcher dispatcher() {
        if (dispatcher == null) {
            throw new IllegalStateException("a messenger without a dispatcher");
        }
        return dispatcher;
    }

    /** A message's bytes. One that goes to several peers, as a write goes to all replicas, is encoded once. */
    Payload encode(Message message) {
        Payload payload = lastEncoded;
        if (payload == null || message != lastSent) {
            payload = message.type().encode(message);
            lastSent = message;
            lastEncoded = payload;
            flushSoon();
        }
        return payload;
    }

    Message decode(Payload payload) {
        return decoder.apply(payload);
    }

    void open(EntityAddr target, ProtocolV2 link) {
        links.add(link);
        link.startDeadline();
        transport.connect(target, link);
    }

    void forget(ProtocolV2 link) {
        links.remove(link);
        paused.remove(link);
    }

    /** The address by which a peer is known: the one that speaks msgr2, or what a client has. */
    static EntityAddr key(EntityAddrs addrs) {
        EntityAddr msgr2 = addrs.msgr2();
        return msgr2 == null ? addrs.front() : msgr2;
    }

    EntityAddr key() {
        return key(addrs);
    }

    boolean isOurs(EntityAddr target) {
        for (EntityAddr ours : addrs.list()) {
            boolean anyHost = ours.withPort(0).isBlank();
            if (ours.equals(target) || anyHost && ours.port() == target.port() && ours.nonce() == target.nonce()) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    AsyncConnection lookup(EntityType peerType, EntityAddrs peer) {
        EntityAddr key = key(peer);
        AsyncConnection session = key.equals(key()) ? null : sessions.get(key);
        return session != null && session.peerType() == peerType ? session : null;
    }

    void register(AsyncConnection session) {
        // A connection to ourselves has two ends here: the one that we opened is found, the other lives by its link.
        sessions.putIfAbsent(session.target(), session);
    }

    void unregister(AsyncConnection session) {
        sessions.remove(session.target(), session);
    }

    long nextGlobalSeq(long atLeast) {
        lastGlobalSeq = Math.max(lastGlobalSeq, atLeast) + 1;
        return lastGlobalSeq;
    }

    long cookie() {
        long cookie = random.nextLong();
        return cookie == 0 ? 1 : cookie;
    }

    /** A client takes the number that the monitors gave it. */
    void authenticatedAs(long globalId) {
        if (self.type() == EntityType.CLIENT && self.number() < 0 && globalId != 0) {
            self = new EntityId(EntityType.CLIENT, globalId);
        }
    }

    /** Our addresses, which a client learns from its first link's end, and a daemon that listens everywhere too. */
    EntityAddrs learnt(EntityAddr local) {
        if (!bound && addrs.isEmpty()) {
            addrs = EntityAddrs.of(
                    local.withKind(EntityAddr.Kind.ANY).withPort(0).withNonce(nonce));
        } else if (bound && key().withPort(0).isBlank()) {
            EntityAddr ours = key();
            addrs = EntityAddrs.of(new EntityAddr(EntityAddr.Kind.MSGR2, ours.nonce(), local.host(), ours.port()));
        }
        return addrs;
    }

    // ---- flushing: once per turn

    void flushSoon(ProtocolV2 link) {
        if (link.markUnflushed()) {
            unflushed.add(link);
            flushSoon();
        }
    }

    private void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            reactor.execute(flushAll);
        }
    }

    private void flushAll() {
        flushScheduled = false;
        lastSent = null;
        lastEncoded = null;
        for (int count = unflushed.size(); count > 0; count--) {
            unflushed.remove().flush();
        }
    }

    // ---- back-pressure

    /** Whether no more may be read from a client for now; the link is woken when it may. */
    boolean throttled(ProtocolV2 link) {
        if (mayTakeMore()) {
            return false;
        }
        if (!paused.contains(link)) {
            paused.add(link);
            link.setReading(false);
        }
        return true;
    }

    private boolean mayTakeMore() {
        return heldBytes < options.heldBytesMax() && heldMessages < options.heldMessagesMax();
    }

    void held(int bytes) {
        heldBytes += bytes;
        heldMessages++;
    }

    void released(int bytes) {
        heldBytes -= bytes;
        heldMessages--;
        if (!paused.isEmpty() && mayTakeMore()) {
            ArrayList<ProtocolV2> waiting = new ArrayList<>(paused);
            paused.clear();
            reactor.execute(() -> waiting.forEach(link -> link.setReading(true)));
        }
    }

    // ---- one line for what ends

    void logClosed(ProtocolV2 link, String reason, boolean broken) {
        if (broken) {
            log.warn("{}: closed the connection {}: {}", self, link.describe(), reason);
        } else {
            log.debug("{}: connection {} ended: {}", self, link.describe(), reason);
        }
    }

    void logDenied(ProtocolV2 link, String reason) {
        log.info("{}: refused the peer {}: {}", self, link.describe(), reason);
    }

    void logBroken(AsyncConnection session, Payload payload, String reason) {
        log.warn("{}: closed the connection to {}: its message of type {}: {}", self, session, payload.type(), reason);
    }

    void logOverrun(AsyncConnection session, int limit) {
        log.warn("{}: ended the session with {}: {} messages wait to be sent", self, session, limit);
    }
}
