package io.spirula.osd.pg;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdBackoff;
import io.spirula.common.message.OsdForceRecovery;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdPgBackfill;
import io.spirula.common.message.OsdPgBackfillRemove;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.message.OsdPgScan;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.message.OsdRepOpReply;
import io.spirula.common.message.OsdRepScrub;
import io.spirula.common.message.OsdRepScrubMap;
import io.spirula.common.message.OsdScrubReserve;
import io.spirula.common.msgr.Connection;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.Intervals;
import io.spirula.osd.peering.OsdMapView;
import io.spirula.osd.peering.PeerMessage;
import io.spirula.osd.peering.PeerMessages;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.queue.Work;
import io.spirula.osd.queue.WorkClass;
import io.spirula.osd.store.CollectionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All placement groups of this OSD: made, loaded, led through the maps, and found by the messages that are for them. A message that needs a newer map, or a group that is about to be made, waits for it, bounded in
 * number. Ceph: the shards' slots and OSD::enqueue_op, dequeue_peering_evt.
 */
public final class PlacementGroups {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementGroups.class);
    private static final int MAX_WAITING = 50_000;
    /** What reading objects for a peer counts for, before it is known how large they are. */
    private static final long PULLED_BYTES = 1L << 20;

    /** @param op the client's request that waits; null where it is something else */
    private record Waiting(int epoch, @Nullable ClientOp op, Runnable task) {}

    private final PgHost host;
    private final TreeMap<ShardPgId, PlacementGroup> groups = new TreeMap<>();
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private final TreeMap<ShardPgId, List<ClientOp>> waitingForGroup = new TreeMap<>();
    private final GroupOrigins origins;
    private final GroupRemovals removals;

    public PlacementGroups(PgHost host) {
        this.host = host;
        origins = new GroupOrigins(host);
        removals = new GroupRemovals(host);
    }

    public Collection<PlacementGroup> all() {
        return Collections.unmodifiableCollection(groups.values());
    }

    public SortedMap<ShardPgId, PlacementGroup> byId() {
        return Collections.unmodifiableSortedMap(groups);
    }

    /** Reads the groups that the store has, and leads them up to the map, which is the newest stored. */
    public void load() {
        int newest = host.map().epoch();
        int oldest = newest;
        for (CollectionId collection : host.store().collections()) {
            ShardPgId id = collection.pg();
            if (id != null && GroupRemovals.isMarked(host.store(), id)) {
                removals.begin(id);
            } else if (id != null) {
                PlacementGroup pg = origins.load(id);
                groups.put(id, pg);
                oldest = Math.min(oldest, pg.map().epoch());
            }
        }
        for (int epoch = oldest + 1; epoch <= newest; epoch++) {
            OsdMap map = host.map(epoch);
            if (map != null) {
                lead(map);
            }
        }
        for (PlacementGroup pg : List.copyOf(groups.values())) {
            if (host.map().pool(pg.id().pg().pool()) == null) {
                remove(pg); // its pool went when the OSD was about to stop
            }
        }
        mapsAreIn();
    }

    /** The monitors have this OSD make new groups whose primary it is. */
    public void create(OsdPgCreate2 message) {
        whenMapIs(
                message.epoch(),
                () -> message.pgs().forEach((id, created) -> {
                    UpActing members = host.map().pool(id.pg().pool()) == null
                            ? UpActing.NOWHERE
                            : host.map().pgToUpActing(id.pg());
                    if (members.actingPrimary() == host.whoami()) {
                        create(id, created.epoch(), created.stamp());
                    }
                }));
    }

    private void create(ShardPgId id, int epoch, Instant stamp) {
        if (groups.containsKey(id) || host.map().pool(id.pg().pool()) == null) {
            return;
        }
        ScrubHistory scrub = new ScrubHistory(EVersion.ZERO, stamp, EVersion.ZERO, stamp, stamp);
        PgHistory history = new PgHistory(epoch, 0, 0, 0, 0, 0, 0, scrub, 0, 0, 0, epoch, Duration.ZERO);
        create(id, history, PastIntervals.EMPTY, host.map());
    }

    private PlacementGroup create(ShardPgId id, PgHistory history, PastIntervals past, OsdMap from) {
        PlacementGroup pg = origins.create(id, history, past, from);
        add(pg);
        return pg;
    }

    /** An operator wants groups recovered, or backfilled, before others, or does not any more. */
    public void force(OsdForceRecovery message) {
        boolean on = (message.options() & OsdForceRecovery.CANCEL) == 0;
        for (ShardPgId id : message.pgs()) {
            with(id, pg -> {
                if ((message.options() & OsdForceRecovery.RECOVERY) != 0) {
                    pg.handle(new RecoveryEvent.Force(false, on));
                }
                if ((message.options() & OsdForceRecovery.BACKFILL) != 0) {
                    pg.handle(new RecoveryEvent.Force(true, on));
                }
            });
        }
    }

    /** The next map is there: the groups follow, and what waited for it goes on. */
    public void advance(OsdMap map) {
        lead(map);
        waitingForGroup.entrySet().removeIf(e -> {
            boolean gone = !isPrimary(e.getKey().pg());
            if (gone) {
                e.getValue().forEach(this::sendAgain);
            }
            return gone;
        });
    }

    /** Those behind it follow a map: go with their pool, end in another group, split, or only take note. */
    private void lead(OsdMap map) {
        PoolResizing resizing = new PoolResizing(map, groups, origins, removals);
        for (PlacementGroup pg : List.copyOf(groups.values())) {
            if (pg.map().epoch() >= map.epoch()) {
                continue; // it is further: its pool may not even have been there
            }
            if (map.pool(pg.id().pg().pool()) == null) {
                remove(pg);
            } else {
                resizing.lead(pg);
            }
        }
        resizing.merge().forEach(groups::remove);
        resizing.born().forEach(this::add);
    }

    private void add(PlacementGroup pg) {
        groups.put(pg.id(), pg);
        List<ClientOp> waiting = waitingForGroup.remove(pg.id());
        if (waiting != null) {
            waiting.forEach(this::handle);
        }
    }

    /** No newer map for now. */
    public void mapsAreIn() {
        List.copyOf(groups.values()).forEach(PlacementGroup::mapsAreIn);
    }

    /** Call after the last of a series of maps. */
    public void wakeWaiting() {
        int epoch = host.map().epoch();
        List<Waiting> all = new ArrayList<>(waitingForMap);
        waitingForMap.clear();
        for (Waiting w : all) {
            if (w.epoch <= epoch) {
                w.task.run();
            } else {
                waitingForMap.add(w);
            }
        }
    }

    private void remove(PlacementGroup pg) {
        groups.remove(pg.id());
        pg.remove();
        removals.begin(pg.id());
    }

    /** How many bad copies of objects this OSD has replaced by good ones. */
    public long shardsRepaired() {
        return host.scrubs().shardsRepaired();
    }

    /** Somebody took note of them: as if there had been this many. */
    public void forgetRepairs(long count) {
        host.scrubs().forgetRepairs(count);
    }

    /** Clients' requests that have been here for long. */
    public SlowOps slowOps(Duration complaint) {
        SlowOps slow = new SlowOps(host.clock().nanoTime(), complaint);
        visit(slow);
        return slow;
    }

    /** Shows all clients' requests that are here. */
    public void visit(Consumer<ClientOp> visitor) {
        host.queue().forEach(work -> {
            if (work instanceof QueuedOp queued) {
                visitor.accept(queued.op());
            }
        });
        waitingForMap.forEach(w -> {
            if (w.op != null) {
                visitor.accept(w.op);
            }
        });
        waitingForGroup.values().forEach(ops -> ops.forEach(visitor));
        groups.values().forEach(pg -> pg.ops().visit(visitor));
    }

    /** Whether something waits for a newer map than there is. */
    public boolean needsNewerMap() {
        return !waitingForMap.isEmpty();
    }

    private void whenMapIs(int epoch, Runnable task) {
        if (epoch <= host.map().epoch()) {
            task.run();
        } else if (waitingForMap.size() < MAX_WAITING) {
            waitingForMap.add(new Waiting(epoch, null, task));
        }
    }

    /** A client's request. It is dropped without a word where the client's map is too old or too new to have meant us: it learns the map and sends again. */
    public void handle(Connection connection, OsdOp message) {
        ClientOp op = new ClientOp(connection, message, host.clock());
        op.reached(ClientOp.Stage.QUEUED_FOR_PG, "queued_for_pg");
        host.recovery().throttle().clientServed();
        host.queue().add(new QueuedOp(op, this));
    }

    /** A request whose turn has come. */
    void handle(ClientOp op) {
        OsdOp message = op.message();
        if (message.epoch() > host.map().epoch()) {
            if (waitingForMap.size() >= MAX_WAITING) {
                op.connection().close();
                op.done();
                return;
            }
            waitingForMap.add(new Waiting(message.epoch(), op, () -> handle(op)));
            return;
        }
        ShardPgId id = message.pg();
        PlacementGroup pg = groups.get(id);
        if (op.connection().isClosed() || !(pg == null ? isPrimary(id.pg()) : pg.isPrimary())) {
            sendAgain(op);
            return;
        }
        if (pg == null) {
            List<ClientOp> waiting = waitingForGroup.computeIfAbsent(id, i -> new ArrayList<>());
            if (waiting.size() < MAX_WAITING) {
                waiting.add(op);
            } else {
                op.done();
            }
            return;
        }
        if (!pg.mayServe(message.epoch()) || !contains(id.pg(), message.object())) {
            sendAgain(op);
            return;
        }
        pg.ops().handle(op);
    }

    /** Drops a request that its client sends again once it knows the newest map. */
    private void sendAgain(ClientOp op) {
        op.done();
        host.shareMap(op.connection());
    }

    /** A client's answer to being told to hold something back. Throws MalformedInput where it is something else. */
    public void handle(Connection connection, OsdBackoff message) {
        if (message.op() != OsdBackoff.Op.ACK_BLOCK) {
            throw new MalformedInput("clients acknowledge backoffs and nothing else");
        }
        with(message.pg(), pg -> pg.ops().acknowledged(connection, message.id()));
    }

    /** A client's connection is gone: what of it waits for a map or a group will not be answered. What is being carried out is carried out. */
    public void closed(Connection connection) {
        waitingForMap.removeIf(w -> w.op != null && w.op.isGone(connection));
        waitingForGroup.values().forEach(waiting -> waiting.removeIf(op -> op.isGone(connection)));
        groups.values().forEach(pg -> pg.ops().closed(connection));
    }

    private boolean contains(PgId pg, ObjectId object) {
        PgPool pool = host.map().pool(pg.pool());
        return pool != null && (object.name().isEmpty() || pool.pgOf(object.hash()) == pg.seed());
    }

    private boolean exists(PgId pg) {
        PgPool pool = host.map().pool(pg.pool());
        return pool != null && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0;
    }

    private boolean isPrimary(PgId pg) {
        return exists(pg) && host.map().pgToUpActing(pg).actingPrimary() == host.whoami();
    }

    /** What OSDs tell each other about their common groups; false for other messages. */
    public boolean dispatch(int from, Message message) {
        switch (message) {
            case OsdRepOp m -> {
                host.recovery().throttle().clientServed();
                whenMapIs(m.epoch(), () -> with(m.pg(), pg -> pg.writes().replicate(m)));
            }
            case OsdRepOpReply m -> with(m.pg(), pg -> pg.writes().acknowledged(m));
            case OsdPgPull m ->
                whenMapIs(
                        m.epoch(),
                        () -> inTurn(from, m.priority(), PULLED_BYTES, () -> recovery(from, m.pg(), m.epoch(), m)));
            case OsdPgPush m ->
                whenMapIs(
                        m.epoch(),
                        () -> inTurn(from, m.priority(), bytes(m), () -> recovery(from, m.pg(), m.epoch(), m)));
            case OsdPgPushReply m -> whenMapIs(m.epoch(), () -> recovery(from, m.pg(), m.epoch(), m));
            case OsdPgScan m -> whenMapIs(m.epoch(), () -> recovery(from, m.pg(), m.epoch(), m));
            case OsdPgBackfillRemove m -> whenMapIs(m.epoch(), () -> recovery(from, m.pg(), m.epoch(), m));
            case OsdPgBackfill m -> whenMapIs(m.epoch(), () -> recovery(from, m.pg(), m.epoch(), m));
            case OsdScrubReserve m -> whenMapIs(m.epoch(), () -> scrub(m.pg(), m.epoch(), m));
            case OsdRepScrub m -> whenMapIs(m.epoch(), () -> scrub(m.pg(), m.epoch(), m));
            case OsdRepScrubMap m -> scrub(m.pg(), m.epoch(), m);
            default -> {
                PeerMessages.Arrived arrived = PeerMessages.fromWire(from, message);
                if (arrived == null) {
                    return false;
                }
                whenMapIs(arrived.message().epochSent(), () -> peer(arrived));
            }
        }
        return true;
    }

    /** Objects to be read for a peer, or from one, wait for their turn; those that a client waits for have a client's. All else that peers say goes at once, in its order: it is quickly done, or they wait for it. */
    private void inTurn(int from, int priority, long bytes, Runnable task) {
        boolean awaited = host.recovery().settings().isAwaited(priority);
        WorkClass kind = awaited ? WorkClass.CLIENT : WorkClass.BACKGROUND_RECOVERY;
        host.queue().add(new Work.Task(kind, from, bytes, () -> {
            try {
                task.run();
            } catch (MalformedInput e) {
                LOG.warn("nothing done for osd.{}, which sent what can't be read: {}", from, e.getMessage());
            }
        }));
    }

    private void recovery(int from, ShardPgId id, int epoch, Message message) {
        inThisInterval(id, epoch, pg -> pg.recovery().received(PgShard.replica(from), message));
    }

    private void scrub(ShardPgId id, int epoch, Message message) {
        inThisInterval(id, epoch, pg -> pg.scrubs().received(message));
    }

    /** Leaves what was said in an interval that is over. */
    private void inThisInterval(ShardPgId id, int epoch, Consumer<PlacementGroup> task) {
        with(id, pg -> {
            if (pg.isOfThisInterval(epoch)) {
                task.accept(pg);
            }
        });
    }

    private static long bytes(OsdPgPush message) {
        return message.pushes().stream().mapToLong(push -> push.data().size()).sum();
    }

    private void with(ShardPgId id, Consumer<PlacementGroup> task) {
        PlacementGroup pg = groups.get(id);
        if (pg != null) {
            task.accept(pg);
        }
    }

    private void peer(PeerMessages.Arrived arrived) {
        PlacementGroup pg = groups.get(arrived.pg());
        if (pg == null && makes(arrived.message()) && removals.isUnderWay(arrived.pg())) {
            removals.whenGone(arrived.pg(), () -> peer(arrived));
            return;
        }
        if (pg == null) {
            pg = makeFor(arrived);
        }
        if (pg != null) {
            pg.received(arrived.from(), arrived.message());
            if (pg.isDismissed()) {
                remove(pg);
            }
        }
    }

    /** Whether the group is made here where it is not. */
    private static boolean makes(PeerMessage message) {
        return message instanceof PeerMessage.Log
                || message instanceof PeerMessage.InfoShare
                || message instanceof PeerMessage.Notify;
    }

    /** A group that a peer speaks of and that is not here is made, unless it was of an interval that is over. Ceph: handle_pg_create_info. */
    private @Nullable PlacementGroup makeFor(PeerMessages.Arrived arrived) {
        ShardPgId id = arrived.pg();
        OsdMap now = host.map();
        OsdMap then = host.map(arrived.message().epochSent());
        if (now.pool(id.pg().pool()) == null
                || then == null
                || then.pool(id.pg().pool()) == null
                || !exists(id.pg())
                || Intervals.isNew(id.pg().seed(), OsdMapView.of(then, id.pg()), OsdMapView.of(now, id.pg()))) {
            return null;
        }
        return switch (arrived.message()) {
            case PeerMessage.Query q -> {
                PgShard self = new PgShard(host.whoami(), id.shard());
                PeerMessage answer = PgPeering.answerWithoutGroup(id, self, q.query(), now.epoch());
                host.sendToOsd(arrived.from().osd(), PeerMessages.toWire(id, self, arrived.from(), answer));
                yield null;
            }
            case PeerMessage.Notify n ->
                isPrimary(id.pg())
                        ? create(id, n.content().info().history(), n.content().pastIntervals(), then)
                        : null;
            case PeerMessage.Lease l -> null;
            case PeerMessage.LeaseAck a -> null;
            case PeerMessage.Remove r -> null;
            case PeerMessage.Log l -> create(id, l.info().history(), l.pastIntervals(), then);
            case PeerMessage.InfoShare i -> create(id, i.info().history(), PastIntervals.EMPTY, then);
            case PeerMessage.Reserve r -> null;
        };
    }
}
