package io.spirula.osd.pg;

import io.spirula.common.maps.PgPool;
import io.spirula.common.message.OsdBackoff;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Features;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.GroupRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which clients have been told to hold back requests for which of one group's objects. What such a client has sent all the same, because it did not know yet, is dropped: it sends all of it again, in its order, when it is
 * told to go on. So what waits for an OSD that is down takes no room from what could be served.
 *
 * <p>A range that is released before its client has acknowledged it goes on dropping until the acknowledgement comes: what was sent before that is sent again after it, and must not overtake.
 *
 * <p>Source: Ceph's dev/osd_internals/backoff, PG::add_backoff and release_backoffs, Session::check_backoff.
 */
final class GroupBackoffs {
    /** Ranges a client may have in one group; more of its requests wait here. */
    private static final int MAX_PER_CLIENT = 1000;

    private enum State {
        TOLD,
        ACKNOWLEDGED,
        RELEASED
    }

    private static final class Backoff {
        private final long id;
        private final ObjectId begin;
        private final ObjectId end;
        private State state = State.TOLD;

        Backoff(long id, ObjectId begin, ObjectId end) {
            this.id = id;
            this.begin = begin;
            this.end = end;
        }

        boolean covers(ObjectId object) {
            int fromBegin = object.compareTo(begin);
            return fromBegin == 0 || fromBegin > 0 && object.compareTo(end) < 0;
        }
    }

    private final PlacementGroup pg;
    private final PgHost host;
    private final Map<Connection, List<Backoff>> byClient = new LinkedHashMap<>(0);

    GroupBackoffs(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** Whether the request's client has been told to hold it back. */
    boolean covers(ClientOp op) {
        List<Backoff> backoffs = byClient.isEmpty() ? null : byClient.get(op.connection());
        if (backoffs == null) {
            return false;
        }
        ObjectId object = op.message().object();
        return backoffs.stream().anyMatch(b -> b.covers(object));
    }

    /** Tells the request's client to hold back all that it has for the group. False where it would not understand. */
    boolean blockGroup(ClientOp op) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        if (pool == null) {
            return false;
        }
        GroupRange all = GroupRange.of(pg.id().pg(), pool.pgNum());
        return block(op.connection(), all.begin(), all.end());
    }

    /** Tells the request's client to hold back what it has for one object. False where it would not understand. */
    boolean blockObject(ClientOp op, ObjectId object) {
        return block(op.connection(), object, object);
    }

    private boolean block(Connection client, ObjectId begin, ObjectId end) {
        if ((client.peerFeatures() & Features.RADOS_BACKOFF) != Features.RADOS_BACKOFF) {
            return false;
        }
        List<Backoff> backoffs = byClient.computeIfAbsent(client, c -> new ArrayList<>(1));
        if (backoffs.size() >= MAX_PER_CLIENT) {
            return false;
        }
        Backoff backoff = new Backoff(host.nextBackoffId(), begin, end);
        backoffs.add(backoff);
        send(client, OsdBackoff.Op.BLOCK, backoff);
        return true;
    }

    /** The client knows. */
    void acknowledged(Connection client, long id) {
        keep(client, backoff -> {
            if (backoff.id != id) {
                return true;
            }
            boolean released = backoff.state == State.RELEASED;
            backoff.state = State.ACKNOWLEDGED;
            return !released;
        });
    }

    /** One object can be served again. */
    void release(ObjectId object) {
        release(backoff -> backoff.begin.equals(object) && backoff.end.equals(object));
    }

    /** Everything can be served again, or nothing of it here any more. */
    void releaseAll() {
        release(backoff -> true);
    }

    private void release(Predicate<Backoff> which) {
        if (byClient.isEmpty()) {
            return;
        }
        for (Connection client : List.copyOf(byClient.keySet())) {
            keep(client, backoff -> {
                if (backoff.state == State.RELEASED || !which.test(backoff)) {
                    return true;
                }
                send(client, OsdBackoff.Op.UNBLOCK, backoff);
                boolean known = backoff.state == State.ACKNOWLEDGED;
                backoff.state = State.RELEASED;
                return !known;
            });
        }
    }

    private void keep(Connection client, Predicate<Backoff> which) {
        List<Backoff> backoffs = byClient.get(client);
        if (backoffs != null) {
            backoffs.removeIf(which.negate());
            if (backoffs.isEmpty()) {
                byClient.remove(client);
            }
        }
    }

    private void send(Connection client, OsdBackoff.Op op, Backoff backoff) {
        host.sendToClient(
                client, new OsdBackoff(pg.id(), host.map().epoch(), op, backoff.id, backoff.begin, backoff.end));
    }

    /** The client's connection is gone, and with it what it was told. */
    void forget(Connection client) {
        byClient.remove(client);
    }
}
