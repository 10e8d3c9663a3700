package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.message.OsdRepOpReply;
import io.spirula.common.msgr.Connection;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All placement groups of this OSD: made, loaded, led through the maps, and found by the messages that are for them. A message that needs a newer map, or a group that is about to be made, waits for it, bounded in
 * number. Ceph: the shards' slots and OSD::enqueue_op, dequeue_peering_evt.
 */
public final class PlacementGroups {
    private static final int MAX_WAITING = 50_000;

    private record Waiting(int epoch, Runnable task) {}

    private final PgHost host;
    private final TreeMap<ShardPgId, PlacementGroup> groups = new TreeMap<>();
    private final ArrayDeque<Waiting> waitingForMap = new ArrayDeque<>();
    private final TreeMap<ShardPgId, List<ClientOp>> waitingForGroup = new TreeMap<>();

    public PlacementGroups(PgHost host) {
        this.host = host;
    }

    public Collection<PlacementGroup> all() {
        return Collections.unmodifiableCollection(groups.values());
    }

    public SortedMap<ShardPgId, PlacementGroup> byId() {
        return Collections.unmodifiableSortedMap(groups);
    }

    /** Reads the groups that the store has; the map is the newest stored. */
    public void load() {
        for (CollectionId collection : host.store().collections()) {
            ShardPgId id = collection.pg();
            if (id != null) {
                groups.put(id, PlacementGroup.load(id, host));
            }
        }
        groups.values().forEach(pg -> pg.advance(host.map()));
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
        if (groups.containsKey(id)) {
            return;
        }
        PgPool pool = host.map().pool(id.pg().pool());
        if (pool == null) {
            return;
        }
        PgInfo info = withHistory(PgInfo.empty(id), PgHistory.created(epoch, epoch, stamp));
        Transaction transaction = new Transaction();
        PlacementGroup pg = PlacementGroup.create(id, host, info, transaction);
        groups.put(id, pg);
        host.store().submit(transaction, () -> {});
        pg.advance(host.map());
        List<ClientOp> waiting = waitingForGroup.remove(id);
        if (waiting != null) {
            waiting.forEach(op -> pg.ops().handle(op));
        }
    }

    private static PgInfo withHistory(PgInfo i, PgHistory history) {
        return new PgInfo(
                i.pg(),
                i.lastUpdate(),
                i.lastComplete(),
                i.lastEpochStarted(),
                i.lastIntervalStarted(),
                i.lastUserVersion(),
                i.logTail(),
                i.lastBackfill(),
                i.purgedSnaps(),
                i.stats(),
                history);
    }

    /** The next map is there: the groups follow, and what waited for it goes on. */
    public void advance(OsdMap map) {
        for (PlacementGroup pg : List.copyOf(groups.values())) {
            if (map.pool(pg.id().pg().pool()) == null) {
                remove(pg);
            } else {
                pg.advance(map);
            }
        }
        waitingForGroup.keySet().removeIf(id -> !isPrimary(id.pg()));
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
        pg.intervalChanged(false);
        host.store().submit(new Transaction().add(new Transaction.RemoveCollection(pg.collection())), () -> {});
    }

    /** Whether something waits for a newer map than there is. */
    public boolean needsNewerMap() {
        return !waitingForMap.isEmpty();
    }

    private void whenMapIs(int epoch, Runnable task) {
        if (epoch <= host.map().epoch()) {
            task.run();
        } else if (waitingForMap.size() < MAX_WAITING) {
            waitingForMap.add(new Waiting(epoch, task));
        }
    }

    /** A client's request. It is dropped without a word where the client's map is too old or too new to have meant us: it learns the map and sends again. */
    public void handle(Connection connection, OsdOp message) {
        if (message.epoch() > host.map().epoch()) {
            if (waitingForMap.size() >= MAX_WAITING) {
                connection.close();
                return;
            }
            whenMapIs(message.epoch(), () -> handle(connection, message));
            return;
        }
        ShardPgId id = message.pg();
        PlacementGroup pg = groups.get(id);
        if (connection.isClosed()
                || !(pg == null ? isPrimary(id.pg()) : pg.peering().isPrimary())) {
            return;
        }
        ClientOp op = new ClientOp(connection, message);
        if (pg == null) {
            List<ClientOp> waiting = waitingForGroup.computeIfAbsent(id, i -> new ArrayList<>());
            if (waiting.size() < MAX_WAITING) {
                waiting.add(op);
            }
            return;
        }
        if (!pg.peering().mayServe(message.epoch()) || !contains(id.pg(), message.object())) {
            return;
        }
        pg.ops().handle(op);
    }

    private boolean contains(PgId pg, ObjectId object) {
        PgPool pool = host.map().pool(pg.pool());
        return pool != null && (object.name().isEmpty() || pool.pgOf(object.hash()) == pg.seed());
    }

    private boolean isPrimary(PgId pg) {
        PgPool pool = host.map().pool(pg.pool());
        return pool != null
                && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0
                && host.map().pgToUpActing(pg).actingPrimary() == host.whoami();
    }

    public void replicate(OsdRepOp message) {
        whenMapIs(message.epoch(), () -> {
            PlacementGroup pg = groups.get(message.pg());
            if (pg == null && host.map().pool(message.pg().pg().pool()) != null) {
                create(message.pg(), message.minEpoch(), host.clock().now());
                pg = groups.get(message.pg());
            }
            if (pg != null) {
                pg.replicate(message);
            }
        });
    }

    public void replicated(OsdRepOpReply reply) {
        PlacementGroup pg = groups.get(reply.pg());
        if (pg != null) {
            pg.replicated(reply);
        }
    }
}
