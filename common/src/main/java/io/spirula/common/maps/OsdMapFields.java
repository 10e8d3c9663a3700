package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushMap;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;

/** What an OSD map consists of, common to the finished one and to one being built. Ceph: OSDMap's members. */
abstract sealed class OsdMapFields permits OsdMap, OsdMap.Builder {
    /** By number; never written to once another map may share it. */
    Osd[] osds = {};

    Uuid fsid = Uuid.ZERO;
    int epoch = 0;
    Instant created = Instant.EPOCH;
    Instant modified = Instant.EPOCH;
    NavigableMap<Long, PgPool> pools = Sorted.none();
    NavigableMap<Long, String> poolNames = Sorted.none();
    int poolMax = 0;
    int flags = 0;
    NavigableMap<PgId, List<Integer>> pgTemp = Sorted.none();
    NavigableMap<PgId, Integer> primaryTemp = Sorted.none();
    boolean primaryAffinitySet = false;
    EncodedCrush crush = EncodedCrush.EMPTY;
    NavigableMap<String, NavigableMap<String, String>> erasureCodeProfiles = Sorted.none();
    NavigableMap<PgId, List<Integer>> pgUpmap = Sorted.none();
    NavigableMap<PgId, List<UpmapItem>> pgUpmapItems = Sorted.none();
    int crushVersion = 1;
    NavigableMap<Long, IntervalSet> newRemovedSnaps = Sorted.none();
    NavigableMap<Long, IntervalSet> newPurgedSnaps = Sorted.none();
    Instant lastUpChange = Instant.EPOCH;
    Instant lastInChange = Instant.EPOCH;
    NavigableMap<EntityAddr, Instant> blocklist = AddrOrder.none();
    NavigableMap<EntityAddr, Instant> rangeBlocklist = AddrOrder.none();
    int clusterSnapshotEpoch = 0;
    String clusterSnapshot = "";
    float nearfullRatio = 0;
    float fullRatio = 0;
    float backfillfullRatio = 0;
    CephRelease requireMinCompatClient = CephRelease.UNKNOWN;
    CephRelease requireOsdRelease = CephRelease.UNKNOWN;
    NavigableMap<Long, IntervalSet> removedSnapsQueue = Sorted.none();
    NavigableMap<Integer, Integer> crushNodeFlags = Sorted.none();
    NavigableMap<Integer, Integer> deviceClassFlags = Sorted.none();
    StretchMode stretchMode = StretchMode.OFF;

    OsdMapFields() {}

    OsdMapFields(OsdMapFields from) {
        osds = from.osds;
        fsid = from.fsid;
        epoch = from.epoch;
        created = from.created;
        modified = from.modified;
        pools = from.pools;
        poolNames = from.poolNames;
        poolMax = from.poolMax;
        flags = from.flags;
        pgTemp = from.pgTemp;
        primaryTemp = from.primaryTemp;
        primaryAffinitySet = from.primaryAffinitySet;
        crush = from.crush;
        erasureCodeProfiles = from.erasureCodeProfiles;
        pgUpmap = from.pgUpmap;
        pgUpmapItems = from.pgUpmapItems;
        crushVersion = from.crushVersion;
        newRemovedSnaps = from.newRemovedSnaps;
        newPurgedSnaps = from.newPurgedSnaps;
        lastUpChange = from.lastUpChange;
        lastInChange = from.lastInChange;
        blocklist = from.blocklist;
        rangeBlocklist = from.rangeBlocklist;
        clusterSnapshotEpoch = from.clusterSnapshotEpoch;
        clusterSnapshot = from.clusterSnapshot;
        nearfullRatio = from.nearfullRatio;
        fullRatio = from.fullRatio;
        backfillfullRatio = from.backfillfullRatio;
        requireMinCompatClient = from.requireMinCompatClient;
        requireOsdRelease = from.requireOsdRelease;
        removedSnapsQueue = from.removedSnapsQueue;
        crushNodeFlags = from.crushNodeFlags;
        deviceClassFlags = from.deviceClassFlags;
        stretchMode = from.stretchMode;
    }

    public final Uuid fsid() {
        return fsid;
    }

    public final int epoch() {
        return epoch;
    }

    public final Instant created() {
        return created;
    }

    public final Instant modified() {
        return modified;
    }

    public final NavigableMap<Long, PgPool> pools() {
        return pools;
    }

    public final NavigableMap<Long, String> poolNames() {
        return poolNames;
    }

    /** The highest pool number ever given. */
    public final int poolMax() {
        return poolMax;
    }

    /** Bits of {@link OsdMapFlag}. */
    public final int flags() {
        return flags;
    }

    /** Acting sets that stand in for what CRUSH says while data moves. */
    public final NavigableMap<PgId, List<Integer>> pgTemp() {
        return pgTemp;
    }

    public final NavigableMap<PgId, Integer> primaryTemp() {
        return primaryTemp;
    }

    /** Whether any OSD ever had another primary affinity than the default: then all are encoded. */
    public final boolean primaryAffinitySet() {
        return primaryAffinitySet;
    }

    /** The decoded CRUSH map. */
    public final CrushMap crushMap() {
        return crush.mapper.map();
    }

    /** The encoded CRUSH map. */
    public final Bytes crush() {
        return crush.encoded;
    }

    public final NavigableMap<String, NavigableMap<String, String>> erasureCodeProfiles() {
        return erasureCodeProfiles;
    }

    public final NavigableMap<PgId, List<Integer>> pgUpmap() {
        return pgUpmap;
    }

    public final NavigableMap<PgId, List<UpmapItem>> pgUpmapItems() {
        return pgUpmapItems;
    }

    public final int crushVersion() {
        return crushVersion;
    }

    /** Snapshots removed in exactly this epoch, by pool. */
    public final NavigableMap<Long, IntervalSet> newRemovedSnaps() {
        return newRemovedSnaps;
    }

    /** Snapshots that were found purged everywhere in exactly this epoch. */
    public final NavigableMap<Long, IntervalSet> newPurgedSnaps() {
        return newPurgedSnaps;
    }

    public final Instant lastUpChange() {
        return lastUpChange;
    }

    public final Instant lastInChange() {
        return lastInChange;
    }

    /** Clients shut out, and until when. */
    public final NavigableMap<EntityAddr, Instant> blocklist() {
        return blocklist;
    }

    /** The same for whole networks. */
    public final NavigableMap<EntityAddr, Instant> rangeBlocklist() {
        return rangeBlocklist;
    }

    public final int clusterSnapshotEpoch() {
        return clusterSnapshotEpoch;
    }

    public final String clusterSnapshot() {
        return clusterSnapshot;
    }

    public final float nearfullRatio() {
        return nearfullRatio;
    }

    public final float fullRatio() {
        return fullRatio;
    }

    public final float backfillfullRatio() {
        return backfillfullRatio;
    }

    public final CephRelease requireMinCompatClient() {
        return requireMinCompatClient;
    }

    public final CephRelease requireOsdRelease() {
        return requireOsdRelease;
    }

    /** Snapshots removed and not yet purged everywhere, by pool. */
    public final NavigableMap<Long, IntervalSet> removedSnapsQueue() {
        return removedSnapsQueue;
    }

    /** State bits that hold for all OSDs below a CRUSH node. */
    public final NavigableMap<Integer, Integer> crushNodeFlags() {
        return crushNodeFlags;
    }

    /** State bits that hold for all OSDs of a device class. */
    public final NavigableMap<Integer, Integer> deviceClassFlags() {
        return deviceClassFlags;
    }

    public final StretchMode stretchMode() {
        return stretchMode;
    }
}
