package io.spirula.osd.daemon;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.types.Uuid;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this OSD gets its maps: epoch by epoch, each stored before anybody follows it. Ceph: OSD::handle_osd_map. */
final class MapFeed {
    /** At least so many maps are kept: twice as many as pass between a group's notes of how far it is. */
    private static final int LEAST_KEPT = 100;

    private static final int MAX_SHARED = 40;
    private static final Logger LOG = LoggerFactory.getLogger(MapFeed.class);

    /** Who follows the maps. */
    interface Follower {
        /** The next map; {@code newest} for the last of a series. */
        void advance(OsdMap map, boolean newest);

        /** Ask the monitors for the maps from this epoch on. */
        void request(int fromEpoch);

        /** Ask the monitors for this one map as a whole. */
        void requestWhole(int epoch);
    }

    private final MetaStore meta;
    private final ObjectStore store;
    private final IntSupplier kept;
    private final Follower follower;
    private OsdMap current;
    private int mounted;

    /** @param kept how many of the newest maps are kept, whether the monitors have them or not: osd_map_cache_size */
    MapFeed(MetaStore meta, ObjectStore store, OsdMap none, IntSupplier kept, Follower follower) {
        this.kept = kept;
        this.meta = meta;
        this.store = store;
        this.follower = follower;
        OsdMap stored = meta.newest() == 0 ? null : meta.map(meta.newest());
        if (meta.newest() != 0 && stored == null) {
            throw new OsdException("the store lacks the OSD map of epoch " + meta.newest() + ": it is damaged");
        }
        current = stored == null ? none : stored;
    }

    OsdMap current() {
        return current;
    }

    @Nullable
    OsdMap map(int epoch) {
        return epoch == current.epoch() ? current : meta.map(epoch);
    }

    /** Throws OsdException where the monitors are those of another cluster. */
    void requireSameCluster(Uuid monitors) {
        Uuid own = meta.superblock().clusterFsid();
        if (!monitors.equals(own)) {
            throw new OsdException("the store belongs to cluster " + own + " and the monitors to " + monitors
                    + ": check mon host and osd data");
        }
    }

    /** Takes what of a message follows on what there is. */
    void handle(OsdMapMessage message) {
        if (!message.fsid().equals(meta.superblock().clusterFsid())) {
            LOG.warn("ignoring maps of another cluster, {}", message.fsid());
            return;
        }
        List<OsdMap> fresh = new ArrayList<>();
        Transaction transaction = new Transaction();
        OsdMap last = current;
        boolean damaged = false;
        try {
            while (true) {
                OsdMap next = next(last, message, transaction);
                if (next == null) {
                    break;
                }
                fresh.add(next);
                last = next;
            }
        } catch (MalformedInput e) {
            LOG.warn("an OSD map after epoch {} can't be used, asking for it whole: {}", last.epoch(), e.getMessage());
            damaged = true;
        }
        if (!fresh.isEmpty()) {
            take(fresh, message, transaction);
        }
        if (damaged) {
            follower.requestWhole(current.epoch() + 1);
        } else if (Integer.compareUnsigned(message.newest(), current.epoch()) > 0) {
            follower.request(wanted());
        }
    }

    private void take(List<OsdMap> fresh, OsdMapMessage message, Transaction transaction) {
        OsdMap newest = fresh.getLast();
        int oldest = meta.oldest() == 0 ? fresh.getFirst().epoch() : meta.oldest();
        int needed = Math.max(meta.superblock().clusterOsdmapTrimLowerBound(), message.oldest());
        int keepFrom = Math.max(oldest, Math.min(needed, newest.epoch() - Math.max(LEAST_KEPT, kept.getAsInt())));
        meta.trim(keepFrom, transaction);
        meta.save(keepFrom, newest.epoch(), needed, transaction);
        // Whoever hears of these epochs from us may rely on our still having them after a crash only once they are
        // durable;
        // what the groups write because of them follows in the store's order, so nobody has to wait here.
        store.submit(transaction, () -> {});
        for (OsdMap map : fresh) {
            current = map;
            follower.advance(map, map == newest);
        }
    }

    private @Nullable OsdMap next(OsdMap last, OsdMapMessage message, Transaction transaction) {
        int epoch = last.epoch() + 1;
        Bytes incremental = message.incrementals().get(epoch);
        Bytes full = message.fulls().get(epoch);
        if (incremental != null && last.epoch() > 0) {
            OsdMapIncremental change = OsdMapIncremental.CODEC.fromBytes(incremental);
            OsdMap next = last.apply(change);
            if (!change.leadsTo(next)) {
                throw new MalformedInput("the increment leads to a map with CRC " + Integer.toHexString(next.crc())
                        + ", the monitors' has " + Integer.toHexString(change.fullCrc()));
            }
            meta.add(next, next.encoded(), incremental, transaction);
            return next;
        }
        boolean gone = last.epoch() == 0 || message.oldest() > epoch;
        if (full == null && last == current && gone) {
            // Maps in between are gone at the monitors, or this OSD is new and needs none of them. Else they are asked
            // for: what they say of members that left and came back is in no later one.
            Map.Entry<Integer, Bytes> first = firstFullAfter(message, last.epoch());
            full = first == null ? null : first.getValue();
        }
        if (full == null) {
            return null;
        }
        OsdMap next = OsdMap.CODEC.fromBytes(full);
        meta.add(next, full.compact(), incremental, transaction);
        return next;
    }

    private static Map.@Nullable Entry<Integer, Bytes> firstFullAfter(OsdMapMessage message, int epoch) {
        return new TreeMap<>(message.fulls()).higherEntry(epoch);
    }

    /** From which epoch on maps are wanted: 0, the newest as a whole, where there is none yet. */
    int wanted() {
        return current.epoch() == 0 ? 0 : current.epoch() + 1;
    }

    /** This instance became part of the cluster. */
    void mounted(int epoch) {
        mounted = mounted == 0 ? epoch : mounted;
    }

    /** It leaves in order: nobody is served any more. */
    void left(int cleanThru) {
        if (mounted != 0) {
            Transaction transaction = new Transaction();
            meta.saveCleanStop(mounted, cleanThru, transaction);
            store.submit(transaction, () -> {});
        }
    }

    /** What somebody has to learn who has the map of {@code known}; null where there is nothing. */
    @Nullable
    OsdMapMessage since(int known) {
        if (known >= current.epoch()) {
            return null;
        }
        TreeMap<Integer, Bytes> incrementals = new TreeMap<>();
        int from = Math.max(known + 1, 1);
        boolean whole = current.epoch() - from >= MAX_SHARED || known == 0;
        for (int epoch = from; !whole && epoch <= current.epoch(); epoch++) {
            Bytes incremental = meta.incremental(epoch);
            if (incremental == null) {
                whole = true;
            } else {
                incrementals.put(epoch, incremental);
            }
        }
        TreeMap<Integer, Bytes> fulls = new TreeMap<>();
        if (whole) {
            incrementals.clear();
            fulls.put(current.epoch(), current.encoded());
        }
        // Not the oldest that is here: a young OSD has only young maps, and whoever hears that would forget its old
        // ones.
        int needed = Math.max(1, meta.superblock().clusterOsdmapTrimLowerBound());
        return new OsdMapMessage(current.fsid(), incrementals, fulls, needed, current.epoch(), Map.of());
    }
}
