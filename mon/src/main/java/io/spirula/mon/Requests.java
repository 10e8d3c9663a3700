package io.spirula.mon;

import io.spirula.common.auth.AuthCaps;
import io.spirula.common.auth.caps.MonCaps;
import io.spirula.common.env.Clock;
import io.spirula.common.message.Forward;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageRegistry;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.Payload;
import io.spirula.common.message.Route;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.mon.session.ForwardedConnection;
import io.spirula.mon.session.MonOps;
import io.spirula.mon.session.Session;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of this monitor's clients that only the leader can carry out, until they are answered. While another monitor leads they are passed on to it; when the leader changes, whatever is unanswered goes to the new one. Whether
 * this monitor leads itself makes no difference to that. A request whose answer got lost may so be carried out twice, as in Ceph. Ceph: routed_requests, MForward, MRoute.
 */
final class Requests {
    private static final int MAX_REQUESTS = 100_000;
    /** Requests that nobody answers are forgotten after this time: their senders have given up. */
    private static final Duration OLDEST = Duration.ofMinutes(10);

    private record Request(Session session, Message message, MonOps.Op op) {}

    /** What carries a request out on the leader. */
    private final BiConsumer<Session, Message> leader;

    private final BiConsumer<Integer, Message> peers;
    /** Sends a session OSD maps from an epoch on. */
    private final BiConsumer<Session, Integer> mapsFrom;

    private final MonOps ops;
    private final Clock clock;
    private final SortedMap<Long, Request> requests = new TreeMap<>();
    /** What peons have passed on and nobody has answered yet. They pass it on again to whoever leads next. */
    private final Set<MonOps.Op> passedOn = new LinkedHashSet<>();

    private long lastTid;
    private int epoch;
    private int leads = -1;
    private boolean weLead;

    Requests(
            BiConsumer<Session, Message> leader,
            BiConsumer<Integer, Message> peers,
            BiConsumer<Session, Integer> mapsFrom,
            MonOps ops,
            Clock clock) {
        this.ops = ops;
        this.leader = leader;
        this.peers = peers;
        this.mapsFrom = mapsFrom;
        this.clock = clock;
    }

    /** Takes a request to the leader, as soon as there is one. False if there are too many. */
    boolean submit(Session session, Message message, MonOps.Op op) {
        if (requests.size() >= MAX_REQUESTS) {
            return false;
        }
        long tid = ++lastTid;
        Request request = new Request(session, message, op);
        requests.put(tid, request);
        dispatch(tid, request);
        return true;
    }

    private void dispatch(long tid, Request r) {
        Connection c = r.session.connection();
        if (weLead) {
            r.op.mark("mon:dispatch_op");
            ForwardedConnection proxy = new ForwardedConnection(
                    r.session.peer(),
                    c.peerId(),
                    c.peerAddrs(),
                    c.socketAddr(),
                    c.peerFeatures(),
                    m -> answered(tid, m));
            leader.accept(new Session(proxy, r.session.peer(), r.session.caps()), r.message);
        } else if (leads >= 0) {
            r.op.forwarded();
            AuthenticatedPeer peer = r.session.peer();
            peers.accept(
                    leads,
                    new Forward(
                            tid,
                            epoch,
                            c.peerId(),
                            c.peerAddrs(),
                            c.socketAddr(),
                            peer.name(),
                            peer.globalId(),
                            c.peerFeatures(),
                            peer.caps(),
                            r.message.type().encode(r.message)));
        }
    }

    private @Nullable Request removed(long tid) {
        Request r = requests.remove(tid);
        if (r != null) {
            ops.finished(r.op);
        }
        return r;
    }

    private void answered(long tid, @Nullable Message answer) {
        Request r = removed(tid);
        if (r == null || answer == null) {
            return;
        }
        if (answer instanceof OsdMapMessage maps) {
            mapsFrom.accept(r.session, firstEpoch(maps));
        } else {
            r.session.send(answer);
        }
    }

    private static int firstEpoch(OsdMapMessage maps) {
        int first = Integer.MAX_VALUE;
        for (int epoch : maps.incrementals().keySet()) {
            first = Math.min(first, epoch);
        }
        for (int epoch : maps.fulls().keySet()) {
            first = Math.min(first, epoch);
        }
        return first == Integer.MAX_VALUE ? 0 : first;
    }

    /** The leader's answer to what was passed on. */
    void received(Route m) {
        Request r = removed(m.routeTid());
        if (r == null) {
            return;
        }
        if (m.sendOsdMapFirst() != 0) {
            mapsFrom.accept(r.session, m.sendOsdMapFirst());
        }
        Payload payload = m.message();
        if (payload != null) {
            r.session.send(MessageRegistry.decode(payload));
        }
    }

    /** A peon passes a request on. Where this monitor does not lead, or leads anew since, it is dropped: the peon sends it again to whoever leads now. */
    void received(Connection from, Forward m) {
        if (!weLead || m.epoch() != epoch) {
            return;
        }
        AuthenticatedPeer peer = new AuthenticatedPeer(m.name(), m.globalId(), m.caps());
        long tid = m.routeTid();
        Message message = MessageRegistry.decode(m.message());
        MonOps.Op op = ops.begin(m.client(), m.clientAddrs(), message);
        op.mark("mon:dispatch_op");
        passedOn.add(op);
        ForwardedConnection proxy =
                new ForwardedConnection(peer, m.client(), m.clientAddrs(), m.socketAddr(), m.features(), answer -> {
                    passedOn.remove(op);
                    ops.finished(op);
                    from.send(route(tid, answer));
                });
        leader.accept(
                new Session(
                        proxy,
                        peer,
                        MonCaps.of(
                                AuthCaps.decode(m.caps()),
                                m.name(),
                                m.socketAddr().ip())),
                message);
    }

    private static Route route(long tid, @Nullable Message answer) {
        if (answer instanceof OsdMapMessage maps) {
            return new Route(tid, null, firstEpoch(maps));
        }
        return new Route(tid, answer == null ? null : answer.type().encode(answer), 0);
    }

    /** There is a leader: whatever is unanswered goes to it. */
    void leaderIs(int electionEpoch, int rank, boolean ourselves) {
        epoch = electionEpoch;
        leads = rank;
        weLead = ourselves;
        for (long tid : List.copyOf(requests.keySet())) {
            Request request = requests.get(tid);
            if (request != null) {
                dispatch(tid, request);
            }
        }
    }

    /** There is none any more. */
    void leaderLost() {
        leads = -1;
        weLead = false;
        passedOn.forEach(ops::finished);
        passedOn.clear();
    }

    void sessionGone(Session session) {
        forget(r -> r.session == session);
    }

    void tick() {
        forget(r -> isOld(r.op));
        passedOn.removeIf(op -> {
            boolean old = isOld(op);
            if (old) {
                ops.finished(op);
            }
            return old;
        });
    }

    private boolean isOld(MonOps.Op op) {
        return clock.nanoTime() - op.timeline().startNanos() > OLDEST.toNanos();
    }

    private void forget(Predicate<Request> which) {
        requests.values().removeIf(r -> {
            boolean gone = which.test(r);
            if (gone) {
                ops.finished(r.op);
            }
            return gone;
        });
    }
}
