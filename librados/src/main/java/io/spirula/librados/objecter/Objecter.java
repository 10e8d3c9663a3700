package io.spirula.librados.objecter;

import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdBackoff;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.Redirect;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends each operation to the OSD that the newest map names, and again wherever a map change, a broken session or an OSD's wish requires it, until it is answered or its time is up. Operations on one object keep their
 * order: they go to one session, and are sent again in the order of their transaction ids.
 *
 * <p>All methods are called on its reactor and none blocks. The messenger's dispatcher hands on OSD maps and everything that concerns OSDs.
 *
 * <p>Source: Ceph's osdc/Objecter.cc; the names follow it.
 */
public final class Objecter {

    private static final Duration TICK = Duration.ofMillis(250);
    /** An operation that takes longer makes us ask for a newer map. Ceph: objecter_timeout. */
    private static final Duration LAGGY = Duration.ofSeconds(10);

    private final Reactor reactor;
    private final MapSource maps;
    private final long features;

    private final InFlight inFlight = new InFlight();
    /** Those that the maps being taken in want to have sent again. */
    private final List<Operation> resend = new ArrayList<>();

    private final Lingers lingers;
    private final OsdSessions sessions;
    private final MapWaiters mapWaiters;
    private @Nullable Placement placement;
    private long lastTid;
    private boolean ticking;
    private boolean closed;
    private long lastMapRequestNanos;

    /** @param features what we tell OSDs that we understand */
    public Objecter(Reactor reactor, Messenger messenger, MapSource maps, long features) {
        this.reactor = reactor;
        this.maps = maps;
        this.features = features;
        mapWaiters = new MapWaiters(reactor);
        lingers = new Lingers(reactor, this);
        sessions = new OsdSessions(reactor, messenger, new SessionUser());
    }

    /** Asks for the first map. */
    public void start() {
        maps.request(0, false);
    }

    /** The newest map; null before the first. */
    public @Nullable OsdMap map() {
        return placement == null ? null : placement.map();
    }

    public MapWaiters mapWaiters() {
        return mapWaiters;
    }

    /** What is registered with OSDs for longer than an operation takes: watches, and notifications that await their answers. */
    public Lingers lingers() {
        return lingers;
    }

    public int inFlight() {
        return inFlight.size();
    }

    /** Takes an operation on. Its listener hears of its end, at the latest when its time is up. */
    public void submit(Operation op) {
        if (closed) {
            op.listener.failed(Errno.ESHUTDOWN, "the client is closed");
            return;
        }
        op.tid = ++lastTid;
        op.deadlineNanos = reactor.clock().nanoTime() + op.timeout.toNanos();
        if (placement != null) {
            op.resendsSeen = placement.epoch();
        }
        inFlight.add(op);
        startTicking();
        op.follow(placement, false);
        dispatch(op);
    }

    /** Gives an operation up: its listener hears nothing more. Its OSD may have done it. */
    void cancel(Operation op) {
        inFlight.remove(op);
    }

    boolean isUnderWay(Operation op) {
        return inFlight.find(op.tid) == op;
    }

    /** Sends the operation if it can go now, and asks for what it lacks if not. */
    private void dispatch(Operation op) {
        PgTarget target = op.target;
        if (target == null) {
            op.session = null;
            if (placement != null) {
                checkPoolIsMissing(op);
            }
            return;
        }
        if (target.primary() == PgTarget.NOBODY) {
            op.session = null;
            requestMap();
            return;
        }
        op.session = session(target.primary());
        if (op.paused) {
            requestMap();
        } else if (op.session == null) {
            requestMap();
        } else {
            send(op, op.session);
        }
    }

    private @Nullable OsdSession session(int osd) {
        return sessions.with(osd, java.util.Objects.requireNonNull(placement).map());
    }

    private void send(Operation op, OsdSession session) {
        PgTarget target = java.util.Objects.requireNonNull(op.target);
        op.blocked = !session.backoffs.isEmpty() && session.backoffs.covers(target.shard(), op.object);
        Connection connection = session.connection;
        if (op.blocked || connection == null) {
            return;
        }
        op.sentNanos = reactor.clock().nanoTime();
        connection.send(new OsdOp(
                op.tid,
                target.shard(),
                java.util.Objects.requireNonNull(placement).epoch(),
                op.flags | OsdOp.FLAG_ONDISK | OsdOp.FLAG_KNOWN_REDIR | OsdOp.FLAG_SUPPORTSPOOLEIO,
                ReqId.NONE,
                0,
                op.mtime,
                op.snap == op.object.snap() ? op.object : withSnap(op),
                op.ops,
                op.snapContext,
                op.attempts++,
                features));
    }

    private static io.spirula.common.types.ObjectId withSnap(Operation op) {
        var o = op.object;
        return new io.spirula.common.types.ObjectId(
                o.pool(), o.namespace(), o.key(), o.name(), op.snap, o.hash(), o.max());
    }

    // Replies.

    /** True if the message was for the objecter. */
    public boolean dispatch(Connection connection, Message message) {
        switch (message) {
            case OsdOpReply reply -> take(connection, reply);
            case OsdMapMessage map -> take(map);
            case OsdBackoff backoff -> take(connection, backoff);
            case WatchNotify notify -> lingers.take(connection, notify);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void take(Connection connection, OsdOpReply reply) {
        Operation op = inFlight.find(reply.tid());
        if (op == null || op.session == null || op.session.connection != connection) {
            return; // an answer to an attempt that we have given up
        }
        if (reply.retryAttempt() >= 0 && reply.retryAttempt() != op.attempts - 1) {
            return;
        }
        Redirect redirect = reply.redirect();
        if (redirect != null) {
            resubmitAt(op, redirect);
        } else if (reply.result() == -Errno.EAGAIN) {
            op.flags &= ~(OsdOp.FLAG_BALANCE_READS | OsdOp.FLAG_LOCALIZE_READS);
            resubmit(op);
        } else {
            inFlight.remove(op);
            op.listener.answered(reply);
        }
    }

    private void resubmitAt(Operation op, Redirect redirect) {
        op.flags |= OsdOp.FLAG_REDIRECTED | OsdOp.FLAG_IGNORE_CACHE | OsdOp.FLAG_IGNORE_OVERLAY;
        if (op.place instanceof OperationTarget.OfObject o) {
            op.place = new OperationTarget.OfObject(
                    redirect.locator().pool(),
                    redirect.locator().namespace(),
                    redirect.locator().key(),
                    redirect.object().isEmpty() ? o.name() : redirect.object());
        }
        resubmit(op);
    }

    /** As a new operation with a new transaction id. */
    private void resubmit(Operation op) {
        inFlight.remove(op);
        op.tid = ++lastTid;
        op.attempts = 0;
        op.target = null;
        op.session = null;
        inFlight.add(op);
        op.follow(placement, false);
        dispatch(op);
    }

    private void take(Connection connection, OsdBackoff backoff) {
        if (!(connection.attachment() instanceof OsdSession session) || session.connection != connection) {
            return;
        }
        switch (backoff.op()) {
            case BLOCK -> {
                session.backoffs.block(backoff.pg(), new Backoffs.Range(backoff.id(), backoff.begin(), backoff.end()));
                connection.send(new OsdBackoff(
                        backoff.pg(),
                        backoff.epoch(),
                        OsdBackoff.Op.ACK_BLOCK,
                        backoff.id(),
                        backoff.begin(),
                        backoff.end()));
                markBlocked(session);
            }
            case UNBLOCK -> {
                Backoffs.Range range = session.backoffs.unblock(backoff.pg(), backoff.id());
                if (range != null) {
                    of(session).stream()
                            .filter(op -> !op.paused && range.covers(op.object))
                            .filter(op -> op.target != null && op.target.shard().equals(backoff.pg()))
                            .forEach(op -> send(op, session));
                }
            }
            case ACK_BLOCK -> {} // only OSDs are told this
        }
    }

    /** The OSD has dropped what we sent into a range: those operations wait until it is unblocked. */
    private void markBlocked(OsdSession session) {
        for (Operation op : of(session)) {
            op.blocked = op.target != null && session.backoffs.covers(op.target.shard(), op.object);
        }
    }

    private List<Operation> of(OsdSession session) {
        List<Operation> ops = inFlight.inOrder();
        ops.removeIf(op -> op.session != session);
        return ops;
    }

    // Maps.

    private void take(OsdMapMessage message) {
        if (closed) {
            return;
        }
        MapFeed.Delivery delivery = MapFeed.read(message, map());
        boolean skipped = delivery.skipped();
        List<Operation> all = inFlight.inOrder();
        resend.clear();
        for (OsdMap map : delivery.maps()) {
            placement = new Placement(map);
            boolean skippedMaps = skipped;
            lingers.scan(registration -> registration.follow(placement, skippedMaps) != Operation.Change.NONE);
            scan(all, skipped);
            sessions.mapIs(map);
            skipped = false;
        }
        if (!delivery.maps().isEmpty()) {
            int epoch = java.util.Objects.requireNonNull(placement).epoch();
            maps.got(epoch);
            lingers.sendAgain();
            resend.sort(java.util.Comparator.comparingLong(op -> op.tid));
            resend.stream().distinct().filter(this::isUnderWay).forEach(this::dispatch);
            mapWaiters.reached(placement.map());
        }
        if (delivery.wantsWhole()) {
            maps.request(0, false);
        } else if (delivery.gap() || needsNewerMap(all)) {
            requestMap();
        }
    }

    /** Ceph: _scan_requests. */
    private void scan(List<Operation> all, boolean skipped) {
        for (Operation op : all) {
            if (inFlight.find(op.tid) != op) {
                continue; // ended under an earlier one of these maps
            }
            switch (op.follow(placement, skipped)) {
                case NONE -> {}
                case RESEND -> resend.add(op);
                case NO_POOL -> {
                    op.session = null;
                    checkPoolIsMissing(op);
                }
            }
        }
    }

    private boolean needsNewerMap(List<Operation> all) {
        return placement == null
                || placement.wantsEveryMap()
                || all.stream().anyMatch(op -> op.session == null && inFlight.find(op.tid) == op);
    }

    private void requestMap() {
        lastMapRequestNanos = reactor.clock().nanoTime();
        if (placement == null) {
            maps.request(0, false);
        } else {
            maps.request(placement.epoch() + 1, placement.wantsEveryMap());
        }
    }

    /** Asks for whatever is newer than what we have. */
    public void requestNewerMap() {
        requestMap();
    }

    /** The map does not have the pool: it was deleted, or our map is too old to know it. Ceph: _check_op_pool_dne, _send_op_map_check. */
    private void checkPoolIsMissing(Operation op) {
        int epoch = java.util.Objects.requireNonNull(placement).epoch();
        if (op.attempts > 0 && op.poolMissingFrom == 0) {
            op.poolMissingFrom = epoch; // it was there when we sent, so this map deleted it
        }
        if (op.poolMissingFrom > 0) {
            if (op.poolMissingFrom <= epoch && inFlight.remove(op)) {
                op.listener.failed(Errno.ENOENT, "pool " + op.place.pool() + " does not exist");
            }
            return;
        }
        if (!op.askedForNewestMap) {
            op.askedForNewestMap = true;
            maps.newestEpoch(newest -> {
                if (inFlight.find(op.tid) == op && op.target == null && placement != null) {
                    op.poolMissingFrom = (int) newest;
                    checkPoolIsMissing(op);
                    requestMap();
                }
            });
        }
    }

    // Sessions.

    private final class SessionUser implements OsdSessions.User {
        @Override
        public boolean needs(OsdSession session) {
            return !of(session).isEmpty() || lingers.use(session);
        }

        @Override
        public void broke(OsdSession session) {
            // An OSD that died is soon marked down: a map with that news is worth asking for. Meanwhile it may come
            // back.
            requestMap();
        }

        @Override
        public void reopened(OsdSession session) {
            List<Operation> ops = of(session);
            lingers.sendAgain(session);
            for (Operation op : ops) {
                if (isUnderWay(op) && !op.paused) {
                    send(op, session);
                }
            }
        }

        @Override
        public void gone(OsdSession session) {
            lingers.sessionIsGone(session);
            for (Operation op : of(session)) {
                op.session = null;
                resend.add(op);
            }
        }
    }

    /** True if the connection was one of the objecter's. */
    public boolean connected(Connection connection) {
        return sessions.connected(connection);
    }

    /** True if the connection was one of the objecter's. */
    public boolean reset(Connection connection) {
        return sessions.reset(connection);
    }

    /** The connection to an OSD, opened if need be; null while it can't be reached. */
    @Nullable
    Connection connectionTo(int osd) {
        OsdSession session = placement == null ? null : session(osd);
        return session == null ? null : session.connection;
    }

    /** The connection to a placement group's primary. */
    @Nullable
    Connection connectionTo(PgId pg) {
        PgPool pool = placement == null ? null : placement.pool(pg.pool());
        if (placement == null || pool == null) {
            return null;
        }
        int primary = placement.target(pg.pool(), pool, pg.seed()).primary();
        return primary == PgTarget.NOBODY ? null : connectionTo(primary);
    }

    // Time.

    private void startTicking() {
        if (!ticking) {
            ticking = true;
            reactor.schedule(TICK, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        if (closed || inFlight.isEmpty()) {
            return;
        }
        long now = reactor.clock().nanoTime();
        boolean laggy = false;
        for (Operation op : inFlight.inOrder()) {
            if (op.deadlineNanos - now <= 0) {
                inFlight.remove(op);
                op.listener.failed(
                        Errno.ETIMEDOUT, "waited " + op.timeout.toMillis() / 1000.0 + " s for " + op.waitingFor());
            } else {
                laggy |= op.session == null || now - op.sentNanos > LAGGY.toNanos();
            }
        }
        if (laggy && now - lastMapRequestNanos > LAGGY.toNanos() / 2) {
            requestMap();
        }
        if (!inFlight.isEmpty()) {
            startTicking();
        }
    }

    /** Ends every operation with an error that says so, and every session. */
    public void close() {
        closed = true;
        lingers.close();
        for (Operation op : inFlight.inOrder()) {
            inFlight.remove(op);
            op.listener.failed(Errno.ESHUTDOWN, "the client was closed while waiting for " + op.waitingFor());
        }
        mapWaiters.close();
        sessions.close();
    }
}
