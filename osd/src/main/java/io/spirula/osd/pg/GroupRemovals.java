package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is stored of groups that left this OSD: one group after the other, and some objects at a time, so that nobody waits for long. A group is marked first, and that is durable before anything is gone: an OSD
 * that starts anew goes on, and takes no half-removed group for a copy. Ceph: PeeringState::Deleting, PG::do_delete_work.
 */
final class GroupRemovals {
    private static final Bytes MARK = Bytes.of("_removing");
    private static final int AT_ONCE = 64;
    private static final int MOST_WAITING = 1000;

    private final PgHost host;
    /** The first is being removed; with what waits until each is gone. */
    private final LinkedHashMap<ShardPgId, List<Runnable>> groups = new LinkedHashMap<>();

    GroupRemovals(PgHost host) {
        this.host = host;
    }

    /** Whether a stored group was being removed. */
    static boolean isMarked(ObjectStore store, ShardPgId id) {
        PgMeta meta = new PgMeta(id);
        return !store.omapValues(meta.collection(), meta.object(), List.of(MARK))
                .isEmpty();
    }

    void begin(ShardPgId id) {
        PgMeta meta = new PgMeta(id);
        TreeMap<Bytes, Bytes> mark = new TreeMap<>();
        mark.put(MARK, Bytes.EMPTY);
        groups.put(id, new ArrayList<>());
        boolean first = groups.size() == 1;
        host.store()
                .submit(new Transaction().add(new Transaction.OmapSet(meta.collection(), meta.object(), mark)), () -> {
                    if (first && groups.containsKey(id)) {
                        step(id);
                    }
                });
    }

    boolean isUnderWay(ShardPgId id) {
        return groups.containsKey(id);
    }

    /** Runs a task when nothing of the group is left. Too many are dropped: peers ask again with the next map. */
    void whenGone(ShardPgId id, Runnable task) {
        List<Runnable> waiting = groups.get(id);
        if (waiting != null && waiting.size() < MOST_WAITING) {
            waiting.add(task);
        }
    }

    /** Removes what is left of a group now, all at once, because another of this name is about to be born. */
    void finishNow(ShardPgId id) {
        if (groups.containsKey(id)) {
            CollectionId collection = CollectionId.of(id);
            if (host.store().exists(collection)) {
                host.store().submit(new Transaction().add(new Transaction.RemoveCollection(collection)), () -> {});
            }
            boolean isFirst = groups.firstEntry().getKey().equals(id);
            groups.remove(id);
            if (isFirst && !groups.isEmpty()) {
                step(groups.firstEntry().getKey());
            }
        }
    }

    private void step(ShardPgId id) {
        List<Runnable> removal = groups.get(id);
        CollectionId collection = CollectionId.of(id);
        List<ObjectId> some = host.store().list(collection, ObjectId.MIN, ObjectId.MAX, AT_ONCE + 1);
        Transaction transaction = new Transaction();
        for (ObjectId object : some) {
            if (!object.name().isEmpty()) {
                transaction.add(new Transaction.Remove(collection, object));
            }
        }
        boolean last = some.size() <= AT_ONCE;
        if (last) {
            transaction.add(new Transaction.RemoveCollection(collection));
        }
        host.store().submit(transaction, () -> {
            if (groups.get(id) != removal) {
                return; // it was finished meanwhile
            }
            if (last) {
                gone(id);
            } else {
                rest(id, removal);
            }
        });
    }

    private void rest(ShardPgId id, @Nullable List<Runnable> removal) {
        Duration pause = host.removalPause();
        if (pause.isZero()) {
            step(id);
            return;
        }
        host.reactor().schedule(pause, () -> {
            if (groups.get(id) == removal) {
                step(id);
            }
        });
    }

    private void gone(ShardPgId id) {
        List<Runnable> waiting = groups.remove(id);
        if (!groups.isEmpty()) {
            step(groups.firstEntry().getKey());
        }
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }
}
