package io.spirula.osd.daemon;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.CompatSet;
import io.spirula.common.message.OsdSuperblock;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.Uuid;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an OSD keeps beside its placement groups: who it is, and the OSD maps, whole and as increments. The maps used last are at hand decoded. Ceph: the meta collection with osd_superblock, osdmap.N, inc_osdmap.N.
 */
final class MetaStore {
    private static final CompatSet FEATURES =
            new CompatSet(Map.of(), Map.of(), new TreeMap<>(Map.of(1L, "initial feature set (spirula 1)")));
    private static final int CACHED_MAPS = 50;

    private static final ObjectId SUPERBLOCK = object("osd_superblock");
    private static final ObjectId FULL = object("osdmaps");
    private static final ObjectId INCREMENTAL = object("inc_osdmaps");
    private static final Bytes SUPERBLOCK_KEY = Bytes.of("superblock");

    private final ObjectStore store;
    private final Map<Integer, OsdMap> decoded = new LinkedHashMap<>(64, 0.75f, true);
    private final int found;
    private OsdSuperblock superblock;

    private MetaStore(ObjectStore store, OsdSuperblock superblock) {
        this.store = store;
        found = superblock.newestMap();
        this.superblock = superblock;
    }

    private static ObjectId object(String name) {
        return ObjectId.head(-1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name), 0);
    }

    /** Makes a new OSD's store. Throws OsdException where the store is somebody's already, unless it is this OSD's own. */
    static void initialize(ObjectStore store, Uuid cluster, int whoami, Uuid osdFsid, Runnable durable) {
        if (store.exists(CollectionId.META)) {
            MetaStore existing = open(store);
            existing.check(cluster, whoami);
            durable.run();
            return;
        }
        OsdSuperblock fresh =
                new OsdSuperblock(cluster, whoami, 0, 0, 0, 0, FEATURES, 0, 0, osdFsid, 0, Instant.EPOCH, 0);
        Transaction transaction = new Transaction()
                .add(new Transaction.CreateCollection(CollectionId.META))
                .add(new Transaction.Touch(CollectionId.META, FULL))
                .add(new Transaction.Touch(CollectionId.META, INCREMENTAL))
                .add(new Transaction.Touch(CollectionId.META, SUPERBLOCK))
                .add(put(SUPERBLOCK, SUPERBLOCK_KEY, OsdSuperblock.CODEC.toBytes(fresh)));
        store.submit(transaction, durable);
    }

    /** Throws OsdException where this is no OSD's store. */
    static MetaStore open(ObjectStore store) {
        Bytes encoded = store.exists(CollectionId.META)
                ? store.omapValues(CollectionId.META, SUPERBLOCK, List.of(SUPERBLOCK_KEY))
                        .get(SUPERBLOCK_KEY)
                : null;
        if (encoded == null) {
            throw new OsdException("the store has no OSD's superblock: make it with --mkfs");
        }
        return new MetaStore(store, OsdSuperblock.CODEC.fromBytes(encoded));
    }

    /** Throws OsdException where the store belongs to another cluster or another OSD. */
    void check(@Nullable Uuid cluster, int whoami) {
        if (superblock.whoami() != whoami) {
            throw new OsdException("the store is osd." + superblock.whoami() + "'s and not osd." + whoami + "'s");
        }
        if (cluster != null && !superblock.clusterFsid().equals(cluster)) {
            throw new OsdException(
                    "the store belongs to cluster " + superblock.clusterFsid() + " and not to " + cluster);
        }
    }

    OsdSuperblock superblock() {
        return superblock;
    }

    /** The newest map's epoch; 0 before the first. */
    int newest() {
        return superblock.newestMap();
    }

    /** The newest map's epoch when the store was opened; 0 for a new store. */
    int found() {
        return found;
    }

    int oldest() {
        return superblock.oldestMap();
    }

    /** Adds a map that follows the newest to {@code transaction}, with the increment that led to it if there was one. */
    void add(OsdMap map, Bytes full, @Nullable Bytes incremental, Transaction transaction) {
        decoded.put(map.epoch(), map);
        while (decoded.size() > CACHED_MAPS) {
            decoded.remove(decoded.keySet().iterator().next());
        }
        transaction.add(put(FULL, key(map.epoch()), full));
        if (incremental != null) {
            transaction.add(put(INCREMENTAL, key(map.epoch()), incremental.compact()));
        }
    }

    /** Forgets maps older than {@code oldest}. */
    void trim(int oldest, Transaction transaction) {
        if (oldest <= superblock.oldestMap() || superblock.oldestMap() == 0) {
            return;
        }
        List<Bytes> keys = new ArrayList<>();
        for (int epoch = superblock.oldestMap(); epoch < oldest; epoch++) {
            keys.add(key(epoch));
            decoded.remove(epoch);
        }
        transaction.add(new Transaction.OmapRemove(CollectionId.META, FULL, keys));
        transaction.add(new Transaction.OmapRemove(CollectionId.META, INCREMENTAL, keys));
    }

    /**
     * Notes which maps there are.
     *
     * @param trimLowerBound maps before this one nobody in the cluster needs, as far as is known
     */
    void save(int oldest, int newest, int trimLowerBound, Transaction transaction) {
        save(oldest, newest, superblock.cleanThru(), superblock.mounted(), trimLowerBound, transaction);
    }

    /** Notes that this OSD, part of the cluster since {@code mounted}, has left it in order, with nothing of epochs before {@code cleanThru} undone. Source: OSD::shutdown. */
    void saveCleanStop(int mounted, int cleanThru, Transaction transaction) {
        OsdSuperblock s = superblock;
        save(s.oldestMap(), s.newestMap(), cleanThru, mounted, s.clusterOsdmapTrimLowerBound(), transaction);
    }

    private void save(int oldest, int newest, int cleanThru, int mounted, int trimLowerBound, Transaction transaction) {
        OsdSuperblock s = superblock;
        superblock = new OsdSuperblock(
                s.clusterFsid(),
                s.whoami(),
                newest,
                oldest,
                newest,
                s.weight(),
                s.compatFeatures(),
                cleanThru,
                mounted,
                s.osdFsid(),
                s.purgedSnapsLast(),
                s.lastPurgedSnapsScrub(),
                trimLowerBound);
        transaction.add(put(SUPERBLOCK, SUPERBLOCK_KEY, OsdSuperblock.CODEC.toBytes(superblock)));
    }

    /** Null where the epoch is not kept. */
    @Nullable
    OsdMap map(int epoch) {
        OsdMap cached = decoded.get(epoch);
        if (cached != null) {
            return cached;
        }
        Bytes full = full(epoch);
        if (full == null) {
            return null;
        }
        OsdMap map = OsdMap.CODEC.fromBytes(full);
        decoded.put(epoch, map);
        return map;
    }

    @Nullable
    Bytes full(int epoch) {
        return value(FULL, epoch);
    }

    @Nullable
    Bytes incremental(int epoch) {
        return value(INCREMENTAL, epoch);
    }

    private @Nullable Bytes value(ObjectId object, int epoch) {
        Bytes key = key(epoch);
        return store.omapValues(CollectionId.META, object, List.of(key)).get(key);
    }

    private static Bytes key(int epoch) {
        return Bytes.of(String.format("%010d", Integer.toUnsignedLong(epoch)));
    }

    private static Transaction.Op put(ObjectId object, Bytes key, Bytes value) {
        SortedMap<Bytes, Bytes> one = new TreeMap<>();
        one.put(key, value);
        return new Transaction.OmapSet(CollectionId.META, object, one);
    }
}
