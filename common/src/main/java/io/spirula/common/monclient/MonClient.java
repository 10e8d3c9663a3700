package io.spirula.common.monclient;

import io.spirula.common.auth.AuthException;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.AuthReply;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.ConfigMessage;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonCommand;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.MonGetVersion;
import io.spirula.common.message.MonGetVersionReply;
import io.spirula.common.message.MonMapMessage;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.message.MonSubscribeAck;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The session with the monitors that every client and daemon keeps. It hunts for a monitor that answers, authenticates, holds subscriptions, notices a silent monitor and finds
 * another, and sends again what the lost session left unanswered.
 *
 * <p>All methods are called on its reactor and never block; futures complete there. The messenger has one dispatcher, its owner: the owner hands every event to
 * {@link #dispatch}, {@link #connected}, {@link #reset} and {@link #refused} first, and keeps what they do not claim.
 *
 * <p>Source: Ceph's mon/MonClient.cc and mon/MonSub.cc.
 */
public final class MonClient implements ClusterLogClient.Monitors {
    /** Messages that await a session; beyond this the oldest is dropped, as on a lossy network. */
    private static final int WAITING_MAX = 8192;

    /** Where the client stands with the monitors. */
    private sealed interface State {
        record Idle() implements State {}

        /** @param round how often we have tried in vain */
        record Hunting(List<Connection> tried, int round, Reactor.Timer nextRound) implements State {}

        record Open(Connection monitor, Reactor.Timer tick) implements State {}

        record Closed() implements State {}
    }

    private final MonClientSettings settings;
    private final Reactor reactor;
    private final RandomGenerator random;
    private final Messenger messenger;
    private final MonAuth auth;
    private final MonClientListener listener;

    private List<EntityAddrs> monitors;
    private @Nullable MonMap monMap;
    private State state = new State.Idle();
    private String lastTrouble = "none has answered yet";
    private long lastTid;
    private long openedNanos;
    private int shortSessions;
    private boolean subscriptionsScheduled;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private final PendingRequests<CommandOutcome> commands;
    private final PendingRequests<MapVersions> versionQuestions;
    private final PendingRequests<Message> questions;
    private final SessionWaiters sessionWaiters;
    private final SessionWaiters keyWaiters;

    /** @param monitors where to look first: one entry a monitor, in any order */
    public MonClient(
            MonClientSettings settings,
            List<EntityAddrs> monitors,
            Reactor reactor,
            RandomGenerator random,
            Messenger messenger,
            MonAuth auth,
            MonClientListener listener) {
        if (monitors.isEmpty()) {
            throw new IllegalArgumentException("no monitor address");
        }
        this.settings = settings;
        this.monitors = List.copyOf(monitors);
        this.reactor = reactor;
        this.random = random;
        this.messenger = messenger;
        this.auth = auth;
        this.listener = listener;
        commands = new PendingRequests<>(reactor);
        versionQuestions = new PendingRequests<>(reactor);
        questions = new PendingRequests<>(reactor);
        sessionWaiters = new SessionWaiters(reactor);
        keyWaiters = new SessionWaiters(reactor);
    }

    /** Starts hunting. Subscriptions and messages may be given before and after. */
    public void start() {
        if (state instanceof State.Idle) {
            subscriptions.want("monmap", new Subscriptions.Wish(0, false));
            subscriptions.want("config", new Subscriptions.Wish(0, false));
            hunt(0);
        }
    }

    /** Completes when a session is open; fails with a {@link MonClientException} at the deadline, or at once when every monitor refuses our key. */
    public CompletableFuture<Void> authenticated(Duration timeout) {
        return sessionWaiters.await(
                hasSession(),
                timeout,
                () -> new MonClientException(
                        Errno.ETIMEDOUT,
                        "no monitor session within " + PendingRequests.seconds(timeout) + " s with any of " + monitors
                                + ": " + lastTrouble));
    }

    /** Completes when the rotating keys are there with which we check other parties' tickets: for daemons, before they bind. Ceph: wait_auth_rotating. */
    public CompletableFuture<Void> rotatingKeys(Duration timeout) {
        return keyWaiters.await(
                hasSession() && !auth.needsRotatingKeys(),
                timeout,
                () -> new MonClientException(
                        Errno.ETIMEDOUT,
                        "no rotating keys from the monitors within " + PendingRequests.seconds(timeout) + " s: "
                                + lastTrouble));
    }

    /** Our cluster-wide number; 0 before the first session. */
    public long globalId() {
        return auth.globalId();
    }

    @Override
    public boolean hasSession() {
        return state instanceof State.Open;
    }

    /** The monitors' map; null before the first session. */
    public @Nullable MonMap monMap() {
        return monMap;
    }

    /** The cluster's id; all zeros before the first session. */
    @Override
    public Uuid fsid() {
        return monMap == null ? Uuid.ZERO : monMap.fsid();
    }

    /**
     * Subscribes to {@code what} ("osdmap", "monmap", "mgrmap", "config", "osd_pg_creates", …) from version {@code start} on (0: whatever is current). A stronger wish replaces a weaker one; false if
     * nothing changed. Sent with the next turn of the reactor, so several make one message.
     */
    public boolean subscribe(String what, long start) {
        return subscribe(what, new Subscriptions.Wish(start, false));
    }

    /** The same, for one answer. Ceph: CEPH_SUBSCRIBE_ONETIME. */
    public boolean subscribeOnce(String what, long start) {
        return subscribe(what, new Subscriptions.Wish(start, true));
    }

    private boolean subscribe(String what, Subscriptions.Wish wish) {
        boolean changed = subscriptions.want(what, wish);
        if (changed && !subscriptionsScheduled) {
            subscriptionsScheduled = true;
            reactor.execute(() -> {
                subscriptionsScheduled = false;
                sendSubscriptions();
            });
        }
        return changed;
    }

    public void unsubscribe(String what) {
        subscriptions.forget(what);
    }

    /** The owner got {@code what} up to {@code version}: the subscription goes on from the next one. Ceph: sub_got. */
    public void got(String what, long version) {
        subscriptions.got(what, version);
    }

    /**
     * Sends to the current monitor, or to the next one when there is none. A message that was handed to a session that was lost is not sent again: as in Ceph, its owner does that
     * in {@link MonClientListener#sessionOpened}.
     */
    @Override
    public void send(Message message) {
        if (state instanceof State.Open open) {
            open.monitor.send(message);
        } else if (!(state instanceof State.Closed)) {
            if (waiting.size() == WAITING_MAX) {
                waiting.removeFirst();
            }
            waiting.addLast(message);
        }
    }

    /** Runs a command: a JSON object {@code {"prefix": …}}. Sent again to the next monitor when the session is lost. Fails only with a {@link MonClientException} at the deadline. */
    public CompletableFuture<CommandOutcome> command(List<String> json, Bytes input, Duration timeout) {
        long tid = ++lastTid;
        Message message = new MonCommand(tid, 0, fsid(), json, input);
        return ask(commands.add(tid, "the command " + String.join(" ", json), message, timeout), message);
    }

    /** Asks which versions of {@code what} ("osdmap", "monmap", …) there are. */
    public CompletableFuture<MapVersions> versions(String what, Duration timeout) {
        long tid = ++lastTid;
        Message message = new MonGetVersion(tid, what);
        return ask(versionQuestions.add(tid, "the version of the " + what, message, timeout), message);
    }

    /**
     * Asks any other question whose answer carries its transaction id, such as MStatfs and MPoolOp.
     *
     * @param question makes the message from its transaction id
     * @param what the question in words, for the error at the deadline
     */
    public CompletableFuture<Message> request(LongFunction<Message> question, String what, Duration timeout) {
        long tid = ++lastTid;
        Message message = question.apply(tid);
        return ask(questions.add(tid, what, message, timeout), message);
    }

    /** Without a session the question waits among the pending ones, which a new session sends. */
    private <T> CompletableFuture<T> ask(CompletableFuture<T> answer, Message question) {
        if (state instanceof State.Open open) {
            open.monitor.send(question);
        }
        return answer;
    }

    /** True if the message was the client's own affair, false where it is the owner's. */
    public boolean dispatch(Connection connection, Message message) {
        boolean current = state instanceof State.Open open && open.monitor == connection;
        switch (message) {
            case MonCommandAck ack
            when current -> commands.complete(ack.tid(), new CommandOutcome(ack.result(), ack.text(), ack.output()));
            case MonGetVersionReply reply
            when current ->
                versionQuestions.complete(reply.handle(), new MapVersions(reply.version(), reply.oldestVersion()));
            case MonMapMessage map when current -> takeMonMap(MonMap.CODEC.fromBytes(map.monMap()));
            case AuthReply reply when current -> takeAuthReply(reply);
            case ConfigMessage config when current -> listener.configured(config.options());
            case MonSubscribeAck ignored
            when current -> {} // the monitors keep subscriptions for as long as the session lasts
            case LogAck ignored
            when current -> {
                return false;
            }
            case CommandReply ignored -> {
                return false; // a monitor that was told something itself
            }
            default -> {
                // What comes from a session that we left is dropped.
                return !current && connection.peerType() == EntityType.MON
                        || current && message.tid() != 0 && questions.complete(message.tid(), message);
            }
        }
        return true;
    }

    private void takeAuthReply(AuthReply reply) {
        try {
            auth.renewed(reply);
            keyWaiters.succeedIf(!auth.needsRotatingKeys());
        } catch (AuthException e) {
            sessionLost("authentication failed: " + e); // another login gets new tickets, or says why not
        }
    }

    private void takeMonMap(MonMap map) {
        if (monMap != null && !monMap.fsid().equals(map.fsid())) {
            // Another cluster's monitor listens where one of ours did.
            sessionLost("fsid mismatch: a map of cluster " + map.fsid() + " for a client of " + monMap.fsid());
            return;
        }
        if (monMap != null && map.epoch() <= monMap.epoch()) {
            return;
        }
        monMap = map;
        monitors = map.monitors().values().stream()
                .map(MonInfo::addrs)
                .filter(a -> a.msgr2() != null)
                .toList();
        subscriptions.got("monmap", map.epoch());
        listener.monMapChanged();
        if (state instanceof State.Open open && map.rank(open.monitor.peerAddrs()) < 0) {
            sessionLost("the monitor " + open.monitor.peerAddrs() + " is not in the map any more");
        }
    }

    /** True if the connection is the client's. */
    public boolean connected(Connection connection) {
        if (state instanceof State.Hunting hunting && hunting.tried.contains(connection)) {
            hunting.nextRound.cancel();
            hunting.tried.stream().filter(c -> c != connection).forEach(Connection::close);
            open(connection);
            return true;
        }
        return state instanceof State.Open open && open.monitor == connection;
    }

    private void open(Connection monitor) {
        state = new State.Open(monitor, scheduleTick());
        openedNanos = reactor.clock().nanoTime();
        listener.sessionOpened(auth.globalId());
        subscriptions.sessionOpened();
        sendSubscriptions();
        while (!waiting.isEmpty()) {
            monitor.send(waiting.removeFirst());
        }
        commands.messages().forEach(monitor::send);
        versionQuestions.messages().forEach(monitor::send);
        questions.messages().forEach(monitor::send);
        renewKeys(monitor);
        sessionWaiters.succeedIf(true);
        keyWaiters.succeedIf(!auth.needsRotatingKeys());
    }

    /** True if the connection was the client's. */
    public boolean reset(Connection connection) {
        return lost(connection, "the connection to " + connection.peerAddrs() + " broke");
    }

    /** True if the connection was the client's. */
    public boolean refused(Connection connection) {
        return lost(connection, "nobody listens at " + connection.peerAddrs());
    }

    private boolean lost(Connection connection, String reason) {
        if (state instanceof State.Open open && open.monitor == connection) {
            sessionLost(reason);
            return true;
        }
        if (state instanceof State.Hunting hunting && hunting.tried.remove(connection)) {
            AuthException refusal = auth.takeRefusal();
            lastTrouble = refusal == null ? reason : connection.peerAddrs() + ": " + refusal.getMessage();
            connection.close();
            if (hunting.tried.isEmpty()) {
                hunting.nextRound.cancel();
                if (refusal != null) {
                    sessionWaiters.failAll(new MonClientException(refusal.errno(), lastTrouble));
                }
                state = new State.Hunting(
                        new ArrayList<>(),
                        hunting.round,
                        reactor.schedule(pauseAfter(hunting.round), () -> hunt(hunting.round + 1)));
            }
            return true;
        }
        return connection.peerType() == EntityType.MON;
    }

    private void sessionLost(String reason) {
        if (state instanceof State.Open open) {
            open.tick.cancel();
            open.monitor.close();
            lastTrouble = reason;
            long lasted = reactor.clock().nanoTime() - openedNanos;
            shortSessions = lasted > settings.huntInterval().toNanos() ? 0 : shortSessions + 1;
            if (shortSessions > 1) {
                // The monitors let us in and turn us out again: not to be tried without a pause.
                Reactor.Timer next = reactor.schedule(pauseAfter(shortSessions), () -> hunt(0));
                state = new State.Hunting(new ArrayList<>(), 0, next);
                listener.sessionLost(reason);
            } else {
                listener.sessionLost(reason);
                hunt(0);
            }
        }
    }

    private void hunt(int round) {
        if (state instanceof State.Closed) {
            return;
        }
        if (state instanceof State.Hunting before) {
            before.tried.forEach(Connection::close);
        }
        List<EntityAddrs> candidates = new ArrayList<>(monitors);
        Collections.shuffle(candidates, java.util.Random.from(random));
        List<Connection> tried = new ArrayList<>();
        double growth = Math.pow(1.5, Math.min(round, 20));
        Duration patience = Duration.ofMillis(Math.min(
                (long) (settings.huntInterval().toMillis() * growth),
                settings.huntIntervalMax().toMillis()));
        // The state comes first: a simulated network may answer from within connect.
        state = new State.Hunting(tried, round, reactor.schedule(patience, () -> {
            lastTrouble = "no answer from " + candidates;
            hunt(round + 1);
        }));
        for (EntityAddrs address : candidates.subList(0, Math.min(settings.parallelHunt(), candidates.size()))) {
            tried.add(messenger.connect(EntityType.MON, address));
        }
    }

    /** How long to wait before a new round when every monitor of the last one turned us away. */
    private Duration pauseAfter(int round) {
        return Duration.ofMillis(
                Math.min(100L << Math.min(round, 10), settings.huntInterval().toMillis()));
    }

    private Reactor.Timer scheduleTick() {
        return reactor.schedule(settings.pingInterval(), this::tick);
    }

    private void tick() {
        if (!(state instanceof State.Open open)) {
            return;
        }
        long silence = reactor.clock().nanoTime() - open.monitor.lastKeepaliveAckNanos();
        if (silence > settings.pingTimeout().toNanos()) {
            sessionLost("the monitor " + open.monitor.peerAddrs() + " has been silent for "
                    + PendingRequests.seconds(Duration.ofNanos(silence)) + " s");
            return;
        }
        state = new State.Open(open.monitor, scheduleTick());
        open.monitor.sendKeepalive();
        renewKeys(open.monitor);
    }

    private void renewKeys(Connection monitor) {
        if (auth.needsTickets()) {
            monitor.send(auth.ticketRequest());
        }
        if (auth.needsRotatingKeys()) {
            monitor.send(auth.rotatingKeysRequest());
        }
    }

    private void sendSubscriptions() {
        if (state instanceof State.Open open && subscriptions.anyUnsent()) {
            Map<String, MonSubscribe.Item> items = new TreeMap<>();
            subscriptions
                    .takeUnsent()
                    .forEach((what, wish) -> items.put(what, new MonSubscribe.Item(wish.start(), wish.once())));
            open.monitor.send(new MonSubscribe(items, settings.hostname()));
        }
    }

    /** Ends the session and every wait, with an error that says so. */
    public void shutdown() {
        State last = state;
        state = new State.Closed();
        switch (last) {
            case State.Open open -> {
                open.tick.cancel();
                open.monitor.close();
            }
            case State.Hunting hunting -> {
                hunting.nextRound.cancel();
                hunting.tried.forEach(Connection::close);
            }
            case State.Idle ignored -> {}
            case State.Closed ignored -> {}
        }
        waiting.clear();
        MonClientException closed = new MonClientException(Errno.ESHUTDOWN, "the client is closed");
        commands.failAll(closed);
        versionQuestions.failAll(closed);
        questions.failAll(closed);
        sessionWaiters.failAll(closed);
        keyWaiters.failAll(closed);
    }
}
