package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** What an incremental consists of, common to the finished one and to one being built. Ceph: OSDMap::Incremental's members. */
abstract sealed class OsdMapIncrementalFields permits OsdMapIncremental, OsdMapIncremental.Builder {
    /** What pacific monitors have in common with each other. */
    static final long PACIFIC_FEATURES = 0x3f01cfbffffdffffL;

    Uuid fsid = Uuid.ZERO;
    int epoch = 0;
    Instant modified = Instant.EPOCH;
    long newPoolMax = -1;
    int newFlags = -1;
    Bytes fullMap = Bytes.EMPTY;
    Bytes crush = Bytes.EMPTY;
    int newMaxOsd = -1;
    NavigableMap<Long, PgPool> newPools = Sorted.none();
    NavigableMap<Long, String> newPoolNames = Sorted.none();
    NavigableSet<Long> oldPools = Sorted.noneOf();
    NavigableMap<Integer, EntityAddrs> newUpClient = Sorted.none();
    NavigableMap<Integer, Integer> newState = Sorted.none();
    NavigableMap<Integer, Integer> newWeight = Sorted.none();
    NavigableMap<PgId, List<Integer>> newPgTemp = Sorted.none();
    NavigableMap<PgId, Integer> newPrimaryTemp = Sorted.none();
    NavigableMap<Integer, Integer> newPrimaryAffinity = Sorted.none();
    NavigableMap<String, NavigableMap<String, String>> newErasureCodeProfiles = Sorted.none();
    List<String> oldErasureCodeProfiles = List.of();
    NavigableMap<PgId, List<Integer>> newPgUpmap = Sorted.none();
    NavigableSet<PgId> oldPgUpmap = Sorted.noneOf();
    NavigableMap<PgId, List<UpmapItem>> newPgUpmapItems = Sorted.none();
    NavigableSet<PgId> oldPgUpmapItems = Sorted.noneOf();
    NavigableMap<Long, IntervalSet> newRemovedSnaps = Sorted.none();
    NavigableMap<Long, IntervalSet> newPurgedSnaps = Sorted.none();
    Instant newLastUpChange = Instant.EPOCH;
    Instant newLastInChange = Instant.EPOCH;
    NavigableMap<Integer, EntityAddrs> newHbBackUp = Sorted.none();
    NavigableMap<Integer, Integer> newUpThru = Sorted.none();
    NavigableMap<Integer, CleanInterval> newLastCleanInterval = Sorted.none();
    NavigableMap<Integer, Integer> newLost = Sorted.none();
    NavigableMap<EntityAddr, Instant> newBlocklist = AddrOrder.none();
    List<EntityAddr> oldBlocklist = List.of();
    NavigableMap<Integer, EntityAddrs> newUpCluster = Sorted.none();
    String clusterSnapshot = "";
    NavigableMap<Integer, Uuid> newUuid = Sorted.none();
    NavigableMap<Integer, OsdXInfo> newXinfo = Sorted.none();
    NavigableMap<Integer, EntityAddrs> newHbFrontUp = Sorted.none();
    long encodeFeatures = PACIFIC_FEATURES;
    float newNearfullRatio = -1;
    float newFullRatio = -1;
    float newBackfillfullRatio = -1;
    CephRelease newRequireMinCompatClient = CephRelease.UNCHANGED;
    CephRelease newRequireOsdRelease = CephRelease.UNCHANGED;
    NavigableMap<Integer, Integer> newCrushNodeFlags = Sorted.none();
    NavigableMap<Integer, Integer> newDeviceClassFlags = Sorted.none();

    @Nullable
    StretchMode newStretchMode = null;

    NavigableMap<EntityAddr, Instant> newRangeBlocklist = AddrOrder.none();
    List<EntityAddr> oldRangeBlocklist = List.of();
    int fullCrc = 0;

    OsdMapIncrementalFields() {}

    OsdMapIncrementalFields(OsdMapIncrementalFields from) {
        fsid = from.fsid;
        epoch = from.epoch;
        modified = from.modified;
        newPoolMax = from.newPoolMax;
        newFlags = from.newFlags;
        fullMap = from.fullMap;
        crush = from.crush;
        newMaxOsd = from.newMaxOsd;
        newPools = from.newPools;
        newPoolNames = from.newPoolNames;
        oldPools = from.oldPools;
        newUpClient = from.newUpClient;
        newState = from.newState;
        newWeight = from.newWeight;
        newPgTemp = from.newPgTemp;
        newPrimaryTemp = from.newPrimaryTemp;
        newPrimaryAffinity = from.newPrimaryAffinity;
        newErasureCodeProfiles = from.newErasureCodeProfiles;
        oldErasureCodeProfiles = from.oldErasureCodeProfiles;
        newPgUpmap = from.newPgUpmap;
        oldPgUpmap = from.oldPgUpmap;
        newPgUpmapItems = from.newPgUpmapItems;
        oldPgUpmapItems = from.oldPgUpmapItems;
        newRemovedSnaps = from.newRemovedSnaps;
        newPurgedSnaps = from.newPurgedSnaps;
        newLastUpChange = from.newLastUpChange;
        newLastInChange = from.newLastInChange;
        newHbBackUp = from.newHbBackUp;
        newUpThru = from.newUpThru;
        newLastCleanInterval = from.newLastCleanInterval;
        newLost = from.newLost;
        newBlocklist = from.newBlocklist;
        oldBlocklist = from.oldBlocklist;
        newUpCluster = from.newUpCluster;
        clusterSnapshot = from.clusterSnapshot;
        newUuid = from.newUuid;
        newXinfo = from.newXinfo;
        newHbFrontUp = from.newHbFrontUp;
        encodeFeatures = from.encodeFeatures;
        newNearfullRatio = from.newNearfullRatio;
        newFullRatio = from.newFullRatio;
        newBackfillfullRatio = from.newBackfillfullRatio;
        newRequireMinCompatClient = from.newRequireMinCompatClient;
        newRequireOsdRelease = from.newRequireOsdRelease;
        newCrushNodeFlags = from.newCrushNodeFlags;
        newDeviceClassFlags = from.newDeviceClassFlags;
        newStretchMode = from.newStretchMode;
        newRangeBlocklist = from.newRangeBlocklist;
        oldRangeBlocklist = from.oldRangeBlocklist;
        fullCrc = from.fullCrc;
    }

    public final Uuid fsid() {
        return fsid;
    }

    /** The epoch of the map that this leads to. */
    public final int epoch() {
        return epoch;
    }

    public final Instant modified() {
        return modified;
    }

    /** -1: unchanged. */
    public final long newPoolMax() {
        return newPoolMax;
    }

    /** -1: unchanged. */
    public final int newFlags() {
        return newFlags;
    }

    /** A whole encoded map instead of all the rest; usually empty. */
    public final Bytes fullMap() {
        return fullMap;
    }

    /** A new encoded CRUSH map, or empty. */
    public final Bytes crush() {
        return crush;
    }

    /** -1: unchanged. */
    public final int newMaxOsd() {
        return newMaxOsd;
    }

    public final NavigableMap<Long, PgPool> newPools() {
        return newPools;
    }

    public final NavigableMap<Long, String> newPoolNames() {
        return newPoolNames;
    }

    public final NavigableSet<Long> oldPools() {
        return oldPools;
    }

    /** OSDs that come up, with their address for clients. */
    public final NavigableMap<Integer, EntityAddrs> newUpClient() {
        return newUpClient;
    }

    /** Bits of {@link OsdState} to flip; 0 stands for UP. */
    public final NavigableMap<Integer, Integer> newState() {
        return newState;
    }

    public final NavigableMap<Integer, Integer> newWeight() {
        return newWeight;
    }

    /** An empty list removes. */
    public final NavigableMap<PgId, List<Integer>> newPgTemp() {
        return newPgTemp;
    }

    /** -1 removes. */
    public final NavigableMap<PgId, Integer> newPrimaryTemp() {
        return newPrimaryTemp;
    }

    public final NavigableMap<Integer, Integer> newPrimaryAffinity() {
        return newPrimaryAffinity;
    }

    public final NavigableMap<String, NavigableMap<String, String>> newErasureCodeProfiles() {
        return newErasureCodeProfiles;
    }

    public final List<String> oldErasureCodeProfiles() {
        return oldErasureCodeProfiles;
    }

    public final NavigableMap<PgId, List<Integer>> newPgUpmap() {
        return newPgUpmap;
    }

    public final NavigableSet<PgId> oldPgUpmap() {
        return oldPgUpmap;
    }

    public final NavigableMap<PgId, List<UpmapItem>> newPgUpmapItems() {
        return newPgUpmapItems;
    }

    public final NavigableSet<PgId> oldPgUpmapItems() {
        return oldPgUpmapItems;
    }

    public final NavigableMap<Long, IntervalSet> newRemovedSnaps() {
        return newRemovedSnaps;
    }

    public final NavigableMap<Long, IntervalSet> newPurgedSnaps() {
        return newPurgedSnaps;
    }

    public final Instant newLastUpChange() {
        return newLastUpChange;
    }

    public final Instant newLastInChange() {
        return newLastInChange;
    }

    public final NavigableMap<Integer, EntityAddrs> newHbBackUp() {
        return newHbBackUp;
    }

    public final NavigableMap<Integer, Integer> newUpThru() {
        return newUpThru;
    }

    public final NavigableMap<Integer, CleanInterval> newLastCleanInterval() {
        return newLastCleanInterval;
    }

    public final NavigableMap<Integer, Integer> newLost() {
        return newLost;
    }

    public final NavigableMap<EntityAddr, Instant> newBlocklist() {
        return newBlocklist;
    }

    public final List<EntityAddr> oldBlocklist() {
        return oldBlocklist;
    }

    public final NavigableMap<Integer, EntityAddrs> newUpCluster() {
        return newUpCluster;
    }

    public final String clusterSnapshot() {
        return clusterSnapshot;
    }

    public final NavigableMap<Integer, Uuid> newUuid() {
        return newUuid;
    }

    public final NavigableMap<Integer, OsdXInfo> newXinfo() {
        return newXinfo;
    }

    public final NavigableMap<Integer, EntityAddrs> newHbFrontUp() {
        return newHbFrontUp;
    }

    /** The features that this, and the full map that it leads to, are encoded for. */
    public final long encodeFeatures() {
        return encodeFeatures;
    }

    /** Negative: unchanged. */
    public final float newNearfullRatio() {
        return newNearfullRatio;
    }

    /** Negative: unchanged. */
    public final float newFullRatio() {
        return newFullRatio;
    }

    /** Negative: unchanged. */
    public final float newBackfillfullRatio() {
        return newBackfillfullRatio;
    }

    public final CephRelease newRequireMinCompatClient() {
        return newRequireMinCompatClient;
    }

    public final CephRelease newRequireOsdRelease() {
        return newRequireOsdRelease;
    }

    /** 0 removes. */
    public final NavigableMap<Integer, Integer> newCrushNodeFlags() {
        return newCrushNodeFlags;
    }

    /** 0 removes. */
    public final NavigableMap<Integer, Integer> newDeviceClassFlags() {
        return newDeviceClassFlags;
    }

    /** Null: unchanged. */
    public final @Nullable StretchMode newStretchMode() {
        return newStretchMode;
    }

    public final NavigableMap<EntityAddr, Instant> newRangeBlocklist() {
        return newRangeBlocklist;
    }

    public final List<EntityAddr> oldRangeBlocklist() {
        return oldRangeBlocklist;
    }

    /** The CRC at the end of the full map that this leads to. */
    public final int fullCrc() {
        return fullCrc;
    }
}
