package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The application of one incremental to one map, in the order of OSDMap::apply_incremental, because its steps see each other. What an incremental does not touch is shared
 * between both maps.
 */
final class OsdMapChange {
    /** More OSDs than this are a damaged map. */
    private static final int MAX_OSDS = 1 << 20;

    private final OsdMapIncremental inc;
    private final OsdMap.Builder map;

    private OsdMapChange(OsdMap from, OsdMapIncremental inc) {
        this.inc = inc;
        this.map = from.toBuilder();
    }

    static OsdMap apply(OsdMap from, OsdMapIncremental inc) {
        if (inc.epoch != from.epoch + 1) {
            throw new IllegalArgumentException("epoch " + inc.epoch + " does not follow " + from.epoch);
        }
        if (inc.epoch != 1 && !inc.fsid.equals(from.fsid)) {
            throw new IllegalArgumentException("a map of cluster " + inc.fsid + " for one of " + from.fsid);
        }
        if (!inc.fullMap.isEmpty()) {
            return OsdMap.CODEC.fromBytes(inc.fullMap);
        }
        OsdMapChange change = new OsdMapChange(from, inc);
        change.base();
        change.pools();
        change.osds();
        change.placement();
        change.rest();
        return change.map.build();
    }

    private void base() {
        if (inc.epoch == 1) {
            map.fsid = inc.fsid;
        }
        map.epoch = inc.epoch;
        map.modified = inc.modified;
        if (inc.newFlags >= 0) {
            map.flags = inc.newFlags;
        }
        if (inc.newMaxOsd >= 0) {
            resize(inc.newMaxOsd);
        }
        if (inc.newPoolMax != -1) {
            map.poolMax = (int) inc.newPoolMax;
        }
    }

    private void resize(int count) {
        if (count > MAX_OSDS) {
            throw new MalformedInput("a map for " + count + " OSDs");
        }
        Osd[] osds = Arrays.copyOf(map.osds, count);
        if (count > map.osds.length) {
            Arrays.fill(osds, map.osds.length, count, Osd.NONE);
        }
        map.osds = osds;
    }

    private void pools() {
        map.pools = Sorted.changed(map.pools, !inc.newPools.isEmpty() || !inc.oldPools.isEmpty(), pools -> {
            inc.newPools.forEach((id, pool) ->
                    pools.put(id, pool.toBuilder().lastChange(inc.epoch).build()));
            inc.oldPools.forEach(pools::remove);
        });
        map.poolNames = Sorted.changed(map.poolNames, !inc.newPoolNames.isEmpty() || !inc.oldPools.isEmpty(), names -> {
            names.putAll(inc.newPoolNames);
            inc.oldPools.forEach(names::remove);
        });
        map.newRemovedSnaps = inc.newRemovedSnaps;
        map.newPurgedSnaps = inc.newPurgedSnaps;
        map.removedSnapsQueue = Sorted.changed(
                map.removedSnapsQueue,
                !inc.newRemovedSnaps.isEmpty() || !inc.newPurgedSnaps.isEmpty(),
                this::changeSnapsQueue);
        map.erasureCodeProfiles = Sorted.changed(
                map.erasureCodeProfiles,
                !inc.newErasureCodeProfiles.isEmpty() || !inc.oldErasureCodeProfiles.isEmpty(),
                profiles -> {
                    inc.oldErasureCodeProfiles.forEach(profiles::remove);
                    profiles.putAll(inc.newErasureCodeProfiles);
                });
    }

    private void changeSnapsQueue(TreeMap<Long, IntervalSet> queue) {
        inc.newRemovedSnaps.forEach((pool, snaps) -> queue.merge(pool, snaps, IntervalSet::plus));
        inc.newPurgedSnaps.forEach((pool, snaps) -> {
            IntervalSet queued = queue.get(pool);
            if (queued == null) {
                throw new MalformedInput("snapshots of pool " + pool + " were purged that were not removed");
            }
            IntervalSet left = queued.minus(snaps);
            if (left.isEmpty()) {
                queue.remove(pool);
            } else {
                queue.put(pool, left);
            }
        });
    }

    private void osds() {
        map.osds = map.osds.clone();
        inc.newWeight.forEach((osd, weight) -> change(osd, o -> reweighted(o, weight)));
        inc.newPrimaryAffinity.forEach((osd, affinity) -> setPrimaryAffinity(osd, affinity));
        inc.newState.forEach((osd, bits) -> flip(osd, bits == 0 ? OsdState.UP : bits));
        inc.newUpClient.forEach((osd, client) -> change(
                osd,
                o -> o.withState((o.state() | OsdState.EXISTS | OsdState.UP) & ~OsdState.STOP)
                        .withUpAddrs(client, of(inc.newHbBackUp, osd), of(inc.newHbFrontUp, osd))
                        .withInfo(o.info().withUpFrom(inc.epoch))));
        inc.newUpCluster.forEach((osd, addrs) -> change(osd, o -> o.withCluster(addrs)));
        inc.newUpThru.forEach(
                (osd, epoch) -> change(osd, o -> o.withInfo(o.info().withUpThru(epoch))));
        inc.newLastCleanInterval.forEach((osd, clean) ->
                change(osd, o -> o.withInfo(o.info().withLastClean(clean.begin(), clean.end()))));
        inc.newLost.forEach((osd, epoch) -> change(osd, o -> o.withInfo(o.info().withLostAt(epoch))));
        inc.newXinfo.forEach((osd, xinfo) -> change(osd, o -> o.withXInfo(xinfo)));
        inc.newUuid.forEach((osd, uuid) -> change(osd, o -> o.withUuid(uuid)));
    }

    private static Osd reweighted(Osd osd, int weight) {
        Osd changed = osd.withWeight(weight);
        return weight == Osd.OUT
                ? changed
                : changed.withState((osd.state() | OsdState.EXISTS) & ~(OsdState.AUTOOUT | OsdState.NEW))
                        .withXInfo(osd.xinfo().withOldWeight(0));
    }

    private void setPrimaryAffinity(int osd, int affinity) {
        map.primaryAffinitySet = true;
        change(osd, o -> o.withPrimaryAffinity(affinity));
    }

    private void flip(int number, int bits) {
        Osd osd = osd(number);
        if (osd.has(OsdState.UP) && (bits & OsdState.UP) != 0) {
            osd = osd.withInfo(osd.info().withDownAt(inc.epoch))
                    .withXInfo(osd.xinfo().withDownStamp(inc.modified));
        }
        if (osd.exists() && (bits & OsdState.EXISTS) != 0) { // destroyed: nothing of it is left but its weight
            map.primaryAffinitySet = true;
            map.osds[number] = Osd.NONE.withWeight(osd.weight());
        } else {
            map.osds[number] = osd.withState(osd.state() ^ bits);
        }
    }

    private static EntityAddrs of(NavigableMap<Integer, EntityAddrs> addrs, int osd) {
        return addrs.getOrDefault(osd, EntityAddrs.NONE);
    }

    private void change(int number, UnaryOperator<Osd> change) {
        map.osds[number] = change.apply(osd(number));
    }

    private Osd osd(int number) {
        if (number < 0 || number >= map.osds.length) {
            throw new MalformedInput("a change of osd." + number + " in a map for " + map.osds.length + " OSDs");
        }
        return map.osds[number];
    }

    private void placement() {
        map.pgTemp = Sorted.changed(
                map.pgTemp,
                !inc.newPgTemp.isEmpty(),
                temp -> inc.newPgTemp.forEach((pg, osds) -> {
                    if (osds.isEmpty()) {
                        temp.remove(pg);
                    } else {
                        temp.put(pg, osds);
                    }
                }));
        map.primaryTemp = Sorted.changed(
                map.primaryTemp,
                !inc.newPrimaryTemp.isEmpty(),
                temp -> inc.newPrimaryTemp.forEach((pg, osd) -> {
                    if (osd == -1) {
                        temp.remove(pg);
                    } else {
                        temp.put(pg, osd);
                    }
                }));
        map.pgUpmap = Sorted.changed(map.pgUpmap, !inc.newPgUpmap.isEmpty() || !inc.oldPgUpmap.isEmpty(), upmap -> {
            upmap.putAll(inc.newPgUpmap);
            inc.oldPgUpmap.forEach(upmap::remove);
        });
        map.pgUpmapItems = Sorted.changed(
                map.pgUpmapItems, !inc.newPgUpmapItems.isEmpty() || !inc.oldPgUpmapItems.isEmpty(), upmap -> {
                    upmap.putAll(inc.newPgUpmapItems);
                    inc.oldPgUpmapItems.forEach(upmap::remove);
                });
    }

    private void rest() {
        if (inc.newLastUpChange.getEpochSecond() != 0 || inc.newLastUpChange.getNano() != 0) {
            map.lastUpChange = inc.newLastUpChange;
        }
        if (inc.newLastInChange.getEpochSecond() != 0 || inc.newLastInChange.getNano() != 0) {
            map.lastInChange = inc.newLastInChange;
        }
        map.blocklist =
                Sorted.changed(map.blocklist, !inc.newBlocklist.isEmpty() || !inc.oldBlocklist.isEmpty(), list -> {
                    inc.newBlocklist.forEach(list::putIfAbsent);
                    inc.oldBlocklist.forEach(list::remove);
                });
        map.rangeBlocklist = Sorted.changed(
                map.rangeBlocklist, !inc.newRangeBlocklist.isEmpty() || !inc.oldRangeBlocklist.isEmpty(), list -> {
                    inc.newRangeBlocklist.forEach(list::putIfAbsent);
                    inc.oldRangeBlocklist.forEach(list::remove);
                });
        map.crushNodeFlags = flags(map.crushNodeFlags, inc.newCrushNodeFlags);
        map.deviceClassFlags = flags(map.deviceClassFlags, inc.newDeviceClassFlags);
        map.clusterSnapshot = inc.clusterSnapshot;
        map.clusterSnapshotEpoch = inc.clusterSnapshot.isEmpty() ? 0 : inc.epoch;
        map.nearfullRatio = inc.newNearfullRatio >= 0 ? inc.newNearfullRatio : map.nearfullRatio;
        map.backfillfullRatio = inc.newBackfillfullRatio >= 0 ? inc.newBackfillfullRatio : map.backfillfullRatio;
        map.fullRatio = inc.newFullRatio >= 0 ? inc.newFullRatio : map.fullRatio;
        if (inc.newRequireMinCompatClient != CephRelease.UNCHANGED) {
            map.requireMinCompatClient = inc.newRequireMinCompatClient;
        }
        if (inc.newRequireOsdRelease != CephRelease.UNCHANGED) {
            requireOsdRelease(inc.newRequireOsdRelease);
        }
        if (!inc.crush.isEmpty()) {
            newCrush(inc.crush);
        }
        if (inc.newStretchMode != null) {
            map.stretchMode = inc.newStretchMode;
        }
    }

    private static NavigableMap<Integer, Integer> flags(
            NavigableMap<Integer, Integer> flags, NavigableMap<Integer, Integer> changes) {
        return Sorted.changed(
                flags,
                !changes.isEmpty(),
                map -> changes.forEach((node, bits) -> {
                    if (bits == 0) {
                        map.remove(node);
                    } else {
                        map.put(node, bits);
                    }
                }));
    }

    private void requireOsdRelease(CephRelease release) {
        map.requireOsdRelease = release;
        if (release.atLeast(CephRelease.LUMINOUS)) { // says what these flags said before
            map.flags &= ~OsdMapFlag.LEGACY_REQUIRE;
            map.flags |= OsdMapFlag.RECOVERY_DELETES.mask();
        }
    }

    private void newCrush(Bytes crush) {
        map.crush = EncodedCrush.of(crush);
        if (map.requireOsdRelease.atLeast(CephRelease.LUMINOUS)) {
            map.crushVersion++;
        }
    }
}
