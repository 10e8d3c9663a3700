package io.spirula.osd.pg;

import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PullOp;
import io.spirula.common.pg.PushOp;
import io.spirula.osd.recovery.RecoverySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A group's pulls and pushes on their way to its peers: those of one turn of the reactor to one peer go in one message, as far as osd_max_push_objects and osd_max_push_cost let them, so that what is paid for each message (a
 * transaction, a sync, an answer) is paid once for all of them. What a client waits for goes at once, with a client's priority. Ceph: RPGHandle, PGBackend's send_pushes.
 */
final class RecoveryMessages {
    private final PlacementGroup pg;
    private final PgHost host;
    private final TreeMap<PgShard, List<PullOp>> pulls = new TreeMap<>();
    private final TreeMap<PgShard, List<PushOp>> pushes = new TreeMap<>();
    private boolean scheduled;

    RecoveryMessages(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** The interval is over. */
    void reset() {
        pulls.clear();
        pushes.clear();
        scheduled = false;
    }

    private RecoverySettings settings() {
        return host.recovery().settings();
    }

    /** @param awaited whether a client waits for the object */
    void pull(PgShard from, PullOp pull, boolean awaited) {
        if (awaited) {
            send(from, List.of(pull), settings().clientPriority());
            return;
        }
        pulls.computeIfAbsent(from, f -> new ArrayList<>()).add(pull);
        soon();
    }

    /** @param awaited whether a client waits for the object */
    void push(PgShard to, PushOp push, boolean awaited) {
        if (awaited) {
            sendPushes(to, List.of(push), settings().clientPriority());
            return;
        }
        pushes.computeIfAbsent(to, t -> new ArrayList<>()).add(push);
        soon();
    }

    private void soon() {
        if (!scheduled) {
            scheduled = true;
            host.reactor().execute(pg.inThisInterval(this::flush));
        }
    }

    private void flush() {
        scheduled = false;
        int priority = settings().priority();
        for (Map.Entry<PgShard, List<PullOp>> e : pulls.entrySet()) {
            List<PullOp> all = e.getValue();
            int most = settings().maxPushObjects();
            for (int i = 0; i < all.size(); i += most) {
                send(e.getKey(), all.subList(i, Math.min(all.size(), i + most)), priority);
            }
        }
        pulls.clear();
        for (Map.Entry<PgShard, List<PushOp>> e : pushes.entrySet()) {
            int begin = 0;
            long cost = 0;
            for (int i = 0; i < e.getValue().size(); i++) {
                long more = cost(e.getValue().get(i));
                boolean full = i - begin >= settings().maxPushObjects()
                        || cost + more > settings().maxPushCost();
                if (full && i > begin) {
                    sendPushes(e.getKey(), e.getValue().subList(begin, i), priority);
                    begin = i;
                    cost = 0;
                }
                cost += more;
            }
            sendPushes(e.getKey(), e.getValue().subList(begin, e.getValue().size()), priority);
        }
        pushes.clear();
    }

    /** Ceph: PushOp::cost. */
    private long cost(PushOp push) {
        long entries = 0;
        for (var e : push.omapEntries().entrySet()) {
            entries += e.getKey().size() + e.getValue().size();
        }
        return push.data().size() + entries + settings().perObjectCost();
    }

    private void send(PgShard from, List<PullOp> some, int priority) {
        int epoch = host.map().epoch();
        host.sendToOsd(from.osd(), new OsdPgPull(pg.id(), epoch, some, 0, pg.self(), pg.interval(), priority));
    }

    private void sendPushes(PgShard to, List<PushOp> some, int priority) {
        boolean repair = pg.scrubs().isRepairing();
        int epoch = host.map().epoch();
        host.sendToOsd(to.osd(), new OsdPgPush(pg.id(), epoch, some, 0, pg.self(), pg.interval(), repair, priority));
    }
}
