package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The difference between the OSD map of one epoch and the next. Immutable. Ceph: OSDMap::Incremental. */
public final class OsdMapIncremental extends OsdMapIncrementalFields {
    public static final Codec<OsdMapIncremental> CODEC =
            Codec.of(OsdMapIncrementalCodec::encode, OsdMapIncrementalCodec::decode);

    private OsdMapIncremental(OsdMapIncrementalFields fields) {
        super(fields);
    }

    static Builder builder() {
        return new Builder();
    }

    /** An empty difference to the next epoch of {@code previous}. */
    public static Builder after(OsdMap previous) {
        return new Builder().fsid(previous.fsid()).epoch(previous.epoch() + 1);
    }

    /** An empty difference that leads to a cluster's first map. */
    public static Builder first(Uuid fsid) {
        return new Builder().fsid(fsid).epoch(1);
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The same with the CRC of the map that it leads to, as a monitor publishes it.
     *
     * @throws IllegalArgumentException if it does not follow {@code previous}
     */
    public OsdMapIncremental sealed(OsdMap previous) {
        return toBuilder().fullCrc(previous.apply(this).crc()).build();
    }

    /** Whether the map that somebody got by applying this has the CRC that the monitors say it has. */
    public boolean leadsTo(OsdMap next) {
        return fullCrc() == 0 || fullCrc() == next.crc();
    }

    public Bytes encoded() {
        return CODEC.toBytes(this);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof OsdMapIncremental i && encoded().equals(i.encoded());
    }

    @Override
    public int hashCode() {
        return encoded().hashCode();
    }

    /** A difference being put together: whole fields are replaced by the methods of their names, single entries are put in by the others. Collections given to it are not to be changed
     * afterwards.
     */
    public static final class Builder extends OsdMapIncrementalFields {
        private Builder() {}

        private Builder(OsdMapIncremental from) {
            super(from);
        }

        public OsdMapIncremental build() {
            return new OsdMapIncremental(this);
        }

        public Builder putPool(long id, PgPool pool) {
            newPools = with(newPools, id, pool);
            return this;
        }

        /** A pool that is new: with its name, and its number as the highest. */
        public Builder createPool(long id, String name, PgPool pool) {
            newPoolNames = with(newPoolNames, id, name);
            newPoolMax = id;
            return putPool(id, pool);
        }

        public Builder putPoolName(long id, String name) {
            newPoolNames = with(newPoolNames, id, name);
            return this;
        }

        public Builder removePool(long id) {
            oldPools = with(oldPools, id);
            return this;
        }

        /** Marks an OSD up at these addresses. */
        public Builder putUp(
                int osd,
                EntityAddrs client,
                EntityAddrs cluster,
                EntityAddrs heartbeatBack,
                EntityAddrs heartbeatFront) {
            newUpClient = with(newUpClient, osd, client);
            newUpCluster = with(newUpCluster, osd, cluster);
            newHbBackUp = with(newHbBackUp, osd, heartbeatBack);
            newHbFrontUp = with(newHbFrontUp, osd, heartbeatFront);
            return this;
        }

        /** Flips bits of an OSD's state, on top of those flipped already. */
        public Builder xorState(int osd, int bits) {
            newState = with(newState, osd, newState.getOrDefault(osd, 0) ^ bits);
            return this;
        }

        public Builder putWeight(int osd, int weight) {
            newWeight = with(newWeight, osd, weight);
            return this;
        }

        /** An empty list removes. */
        public Builder putPgTemp(PgId pg, List<Integer> acting) {
            newPgTemp = with(newPgTemp, pg, List.copyOf(acting));
            return this;
        }

        /** -1 removes. */
        public Builder putPrimaryTemp(PgId pg, int osd) {
            newPrimaryTemp = with(newPrimaryTemp, pg, osd);
            return this;
        }

        public Builder putPrimaryAffinity(int osd, int affinity) {
            newPrimaryAffinity = with(newPrimaryAffinity, osd, affinity);
            return this;
        }

        public Builder putErasureCodeProfile(String name, NavigableMap<String, String> profile) {
            newErasureCodeProfiles = with(newErasureCodeProfiles, name, Sorted.copy(profile));
            return this;
        }

        public Builder removeErasureCodeProfile(String name) {
            oldErasureCodeProfiles = with(oldErasureCodeProfiles, name);
            return this;
        }

        public Builder putPgUpmap(PgId pg, List<Integer> osds) {
            newPgUpmap = with(newPgUpmap, pg, List.copyOf(osds));
            return this;
        }

        public Builder removePgUpmap(PgId pg) {
            oldPgUpmap = with(oldPgUpmap, pg);
            return this;
        }

        public Builder putPgUpmapItems(PgId pg, List<UpmapItem> items) {
            newPgUpmapItems = with(newPgUpmapItems, pg, List.copyOf(items));
            return this;
        }

        public Builder removePgUpmapItems(PgId pg) {
            oldPgUpmapItems = with(oldPgUpmapItems, pg);
            return this;
        }

        public Builder putRemovedSnaps(long pool, IntervalSet snaps) {
            newRemovedSnaps = with(newRemovedSnaps, pool, snaps);
            return this;
        }

        public Builder putPurgedSnaps(long pool, IntervalSet snaps) {
            newPurgedSnaps = with(newPurgedSnaps, pool, snaps);
            return this;
        }

        public Builder putUpThru(int osd, int epoch) {
            newUpThru = with(newUpThru, osd, epoch);
            return this;
        }

        public Builder putLastCleanInterval(int osd, int begin, int end) {
            newLastCleanInterval = with(newLastCleanInterval, osd, new CleanInterval(begin, end));
            return this;
        }

        public Builder putLost(int osd, int epoch) {
            newLost = with(newLost, osd, epoch);
            return this;
        }

        public Builder putUuid(int osd, Uuid uuid) {
            newUuid = with(newUuid, osd, uuid);
            return this;
        }

        public Builder putXinfo(int osd, OsdXInfo xinfo) {
            newXinfo = with(newXinfo, osd, xinfo);
            return this;
        }

        public Builder block(EntityAddr addr, Instant until) {
            newBlocklist = with(newBlocklist, addr, until);
            return this;
        }

        public Builder unblock(EntityAddr addr) {
            oldBlocklist = with(oldBlocklist, addr);
            return this;
        }

        public Builder blockRange(EntityAddr network, Instant until) {
            newRangeBlocklist = with(newRangeBlocklist, network, until);
            return this;
        }

        public Builder unblockRange(EntityAddr network) {
            oldRangeBlocklist = with(oldRangeBlocklist, network);
            return this;
        }

        public Builder putCrushNodeFlags(int node, int bits) {
            newCrushNodeFlags = with(newCrushNodeFlags, node, bits);
            return this;
        }

        public Builder putDeviceClassFlags(int deviceClass, int bits) {
            newDeviceClassFlags = with(newDeviceClassFlags, deviceClass, bits);
            return this;
        }

        public Builder crush(CrushMap map) {
            crush = Bytes.wrap(map.encode());
            return this;
        }

        private static <K, V> NavigableMap<K, V> with(NavigableMap<K, V> map, K key, V value) {
            return Sorted.changed(map, true, m -> m.put(key, value));
        }

        private static <E> NavigableSet<E> with(NavigableSet<E> set, E element) {
            TreeSet<E> changed = new TreeSet<>(set);
            changed.add(element);
            return java.util.Collections.unmodifiableNavigableSet(changed);
        }

        private static <E> List<E> with(List<E> list, E element) {
            List<E> changed = new ArrayList<>(list);
            changed.add(element);
            return List.copyOf(changed);
        }

        public Builder fsid(Uuid value) {
            fsid = value;
            return this;
        }

        public Builder epoch(int value) {
            epoch = value;
            return this;
        }

        public Builder modified(Instant value) {
            modified = value;
            return this;
        }

        public Builder newPoolMax(long value) {
            newPoolMax = value;
            return this;
        }

        public Builder newFlags(int value) {
            newFlags = value;
            return this;
        }

        public Builder fullMap(Bytes value) {
            fullMap = value;
            return this;
        }

        public Builder crush(Bytes value) {
            crush = value;
            return this;
        }

        public Builder newMaxOsd(int value) {
            newMaxOsd = value;
            return this;
        }

        public Builder newPools(NavigableMap<Long, PgPool> value) {
            newPools = value;
            return this;
        }

        public Builder newPoolNames(NavigableMap<Long, String> value) {
            newPoolNames = value;
            return this;
        }

        public Builder oldPools(NavigableSet<Long> value) {
            oldPools = value;
            return this;
        }

        public Builder newUpClient(NavigableMap<Integer, EntityAddrs> value) {
            newUpClient = value;
            return this;
        }

        public Builder newState(NavigableMap<Integer, Integer> value) {
            newState = value;
            return this;
        }

        public Builder newWeight(NavigableMap<Integer, Integer> value) {
            newWeight = value;
            return this;
        }

        public Builder newPgTemp(NavigableMap<PgId, List<Integer>> value) {
            newPgTemp = value;
            return this;
        }

        public Builder newPrimaryTemp(NavigableMap<PgId, Integer> value) {
            newPrimaryTemp = value;
            return this;
        }

        public Builder newPrimaryAffinity(NavigableMap<Integer, Integer> value) {
            newPrimaryAffinity = value;
            return this;
        }

        public Builder newErasureCodeProfiles(NavigableMap<String, NavigableMap<String, String>> value) {
            newErasureCodeProfiles = value;
            return this;
        }

        public Builder oldErasureCodeProfiles(List<String> value) {
            oldErasureCodeProfiles = value;
            return this;
        }

        public Builder newPgUpmap(NavigableMap<PgId, List<Integer>> value) {
            newPgUpmap = value;
            return this;
        }

        public Builder oldPgUpmap(NavigableSet<PgId> value) {
            oldPgUpmap = value;
            return this;
        }

        public Builder newPgUpmapItems(NavigableMap<PgId, List<UpmapItem>> value) {
            newPgUpmapItems = value;
            return this;
        }

        public Builder oldPgUpmapItems(NavigableSet<PgId> value) {
            oldPgUpmapItems = value;
            return this;
        }

        public Builder newRemovedSnaps(NavigableMap<Long, IntervalSet> value) {
            newRemovedSnaps = value;
            return this;
        }

        public Builder newPurgedSnaps(NavigableMap<Long, IntervalSet> value) {
            newPurgedSnaps = value;
            return this;
        }

        public Builder newLastUpChange(Instant value) {
            newLastUpChange = value;
            return this;
        }

        public Builder newLastInChange(Instant value) {
            newLastInChange = value;
            return this;
        }

        public Builder newHbBackUp(NavigableMap<Integer, EntityAddrs> value) {
            newHbBackUp = value;
            return this;
        }

        public Builder newUpThru(NavigableMap<Integer, Integer> value) {
            newUpThru = value;
            return this;
        }

        public Builder newLastCleanInterval(NavigableMap<Integer, CleanInterval> value) {
            newLastCleanInterval = value;
            return this;
        }

        public Builder newLost(NavigableMap<Integer, Integer> value) {
            newLost = value;
            return this;
        }

        public Builder newBlocklist(NavigableMap<EntityAddr, Instant> value) {
            newBlocklist = AddrOrder.sorted(value);
            return this;
        }

        public Builder oldBlocklist(List<EntityAddr> value) {
            oldBlocklist = value;
            return this;
        }

        public Builder newUpCluster(NavigableMap<Integer, EntityAddrs> value) {
            newUpCluster = value;
            return this;
        }

        public Builder clusterSnapshot(String value) {
            clusterSnapshot = value;
            return this;
        }

        public Builder newUuid(NavigableMap<Integer, Uuid> value) {
            newUuid = value;
            return this;
        }

        public Builder newXinfo(NavigableMap<Integer, OsdXInfo> value) {
            newXinfo = value;
            return this;
        }

        public Builder newHbFrontUp(NavigableMap<Integer, EntityAddrs> value) {
            newHbFrontUp = value;
            return this;
        }

        public Builder encodeFeatures(long value) {
            encodeFeatures = value;
            return this;
        }

        public Builder newNearfullRatio(float value) {
            newNearfullRatio = value;
            return this;
        }

        public Builder newFullRatio(float value) {
            newFullRatio = value;
            return this;
        }

        public Builder newBackfillfullRatio(float value) {
            newBackfillfullRatio = value;
            return this;
        }

        public Builder newRequireMinCompatClient(CephRelease value) {
            newRequireMinCompatClient = value;
            return this;
        }

        public Builder newRequireOsdRelease(CephRelease value) {
            newRequireOsdRelease = value;
            return this;
        }

        public Builder newCrushNodeFlags(NavigableMap<Integer, Integer> value) {
            newCrushNodeFlags = value;
            return this;
        }

        public Builder newDeviceClassFlags(NavigableMap<Integer, Integer> value) {
            newDeviceClassFlags = value;
            return this;
        }

        public Builder newStretchMode(@Nullable StretchMode value) {
            newStretchMode = value;
            return this;
        }

        public Builder newRangeBlocklist(NavigableMap<EntityAddr, Instant> value) {
            newRangeBlocklist = AddrOrder.sorted(value);
            return this;
        }

        public Builder oldRangeBlocklist(List<EntityAddr> value) {
            oldRangeBlocklist = value;
            return this;
        }

        public Builder fullCrc(int value) {
            fullCrc = value;
            return this;
        }
    }
}
