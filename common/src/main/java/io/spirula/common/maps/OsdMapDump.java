package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.format.Times;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeSet;

/** An OSD map as structure, {@code ceph osd dump --format json}. Source: OSDMap::dump (osd/OSDMap.cc). */
final class OsdMapDump {
    private final OsdMap map;
    private final Formatter f;

    private OsdMapDump(OsdMap map, Formatter f) {
        this.map = map;
        this.f = f;
    }

    /** The members of the object that a map is. */
    static void dump(OsdMap map, Formatter f) {
        OsdMapDump dump = new OsdMapDump(map, f);
        dump.head();
        dump.pools();
        dump.osds();
        dump.placement();
        dump.rest();
    }

    private void head() {
        f.putUnsigned("epoch", map.epoch).put("fsid", map.fsid.toString());
        f.put("created", Times.local(map.created)).put("modified", Times.local(map.modified));
        f.put("last_up_change", Times.local(map.lastUpChange));
        f.put("last_in_change", Times.local(map.lastInChange));
        List<String> flags = OsdMapFlag.names(map.flags);
        f.put("flags", String.join(",", flags)).putUnsigned("flags_num", map.flags);
        f.array("flags_set", () -> bitNames().forEach(flag -> f.put("flag", flag)));
        f.putUnsigned("crush_version", map.crushVersion);
        f.put("full_ratio", (double) map.fullRatio);
        f.put("backfillfull_ratio", (double) map.backfillfullRatio);
        f.put("nearfull_ratio", (double) map.nearfullRatio);
        f.put("cluster_snapshot", map.clusterSnapshot);
        f.put("pool_max", map.poolMax).put("max_osd", map.maxOsd());
        f.put("require_min_compat_client", map.requireMinCompatClient.toString());
        f.put("min_compat_client", map.minCompatClient().toString());
        f.put("require_osd_release", map.requireOsdRelease.toString());
    }

    /** The names of the bits that are set; those without a name are an empty one. */
    private TreeSet<String> bitNames() {
        TreeSet<String> names = new TreeSet<>();
        for (int bits = map.flags; bits != 0; bits &= bits - 1) {
            names.add(String.join(",", OsdMapFlag.names(Integer.lowestOneBit(bits))));
        }
        return names;
    }

    private void pools() {
        f.array(
                "pools",
                () -> map.pools.forEach((id, pool) -> f.object("pool", () -> {
                    f.put("pool", id).put("pool_name", map.poolNames.getOrDefault(id, "<unknown>"));
                    PgPoolText.dump(pool, f);
                })));
    }

    /** An object that is one OSD. */
    static void dumpOsd(OsdMap map, int number, Formatter f) {
        f.object("osd_info", () -> new OsdMapDump(map, f).osd(number, map.osd(number)));
    }

    private void osds() {
        f.array("osds", () -> eachOsd(this::osd));
        f.array("osd_xinfo", () -> eachOsd((number, osd) -> xinfo(number, osd.xinfo())));
    }

    private interface OsdBody {
        void write(int number, Osd osd);
    }

    private void eachOsd(OsdBody body) {
        for (int i = 0; i < map.maxOsd(); i++) {
            int number = i;
            if (map.exists(i)) {
                f.object("osd_info", () -> body.write(number, map.osd(number)));
            }
        }
    }

    private void osd(int number, Osd osd) {
        f.put("osd", number).put("uuid", osd.uuid().toString());
        f.put("up", osd.isUp() ? 1 : 0).put("in", osd.isIn() ? 1 : 0);
        f.put("weight", OsdMapPrint.share(osd.weight()));
        f.put("primary_affinity", OsdMapPrint.share(osd.primaryAffinity()));
        OsdInfo info = osd.info();
        f.putUnsigned("last_clean_begin", info.lastCleanBegin()).putUnsigned("last_clean_end", info.lastCleanEnd());
        f.putUnsigned("up_from", info.upFrom()).putUnsigned("up_thru", info.upThru());
        f.putUnsigned("down_at", info.downAt()).putUnsigned("lost_at", info.lostAt());
        MapText.dump(f, "public_addrs", osd.client());
        MapText.dump(f, "cluster_addrs", osd.cluster());
        MapText.dump(f, "heartbeat_back_addrs", osd.heartbeatBack());
        MapText.dump(f, "heartbeat_front_addrs", osd.heartbeatFront());
        legacy("public_addr", osd.client());
        legacy("cluster_addr", osd.cluster());
        legacy("heartbeat_back_addr", osd.heartbeatBack());
        legacy("heartbeat_front_addr", osd.heartbeatFront());
        f.array("state", () -> new TreeSet<>(OsdState.names(osd.state())).forEach(s -> f.put("state", s)));
    }

    private void legacy(String name, EntityAddrs addrs) {
        f.put(name, MapText.legacy(addrs));
    }

    private void xinfo(int number, OsdXInfo xinfo) {
        f.put("osd", number).put("down_stamp", Times.local(xinfo.downStamp()));
        f.put("laggy_probability", (double) xinfo.laggyProbability());
        f.put("laggy_interval", xinfo.laggyInterval());
        f.put("features", xinfo.features()).putUnsigned("old_weight", xinfo.oldWeight());
        f.put("last_purged_snaps_scrub", Times.local(xinfo.lastPurgedSnapsScrub()));
        f.putUnsigned("dead_epoch", xinfo.deadEpoch());
    }

    private void placement() {
        f.array("pg_upmap", () -> map.pgUpmap.forEach((pg, osds) -> osdsOf(pg.toString(), osds)));
        f.array(
                "pg_upmap_items",
                () -> map.pgUpmapItems.forEach((pg, items) -> f.object("mapping", () -> {
                    f.put("pgid", pg.toString());
                    f.array(
                            "mappings",
                            () -> items.forEach(item -> f.object(
                                    "mapping", () -> f.put("from", item.from()).put("to", item.to()))));
                })));
        f.array("pg_temp", () -> map.pgTemp.forEach((pg, osds) -> osdsOf(pg.toString(), osds)));
        // Ceph opens no object here.
        f.array(
                "primary_temp",
                () -> map.primaryTemp.forEach(
                        (pg, osd) -> f.put("pgid", pg.toString()).put("osd", osd)));
    }

    private void osdsOf(String pg, List<Integer> osds) {
        f.object("osds", () -> {
            f.put("pgid", pg);
            f.array("osds", () -> osds.forEach(osd -> f.put("osd", osd)));
        });
    }

    private void rest() {
        blocklist("blocklist", map.blocklist);
        blocklist("range_blocklist", map.rangeBlocklist);
        f.object(
                "erasure_code_profiles",
                () -> map.erasureCodeProfiles.forEach(
                        (name, profile) -> f.object(name, () -> profile.forEach(f::put))));
        snaps("removed_snaps_queue", map.removedSnapsQueue);
        snaps("new_removed_snaps", map.newRemovedSnaps);
        snaps("new_purged_snaps", map.newPurgedSnaps);
        f.object(
                "crush_node_flags",
                () -> map.crushNodeFlags.forEach((node, bits) -> {
                    String name = map.crushMap().itemName(node);
                    states(name == null ? Integer.toString(node) : name, bits);
                }));
        f.object(
                "device_class_flags",
                () -> map.deviceClassFlags.forEach((id, bits) -> {
                    String name = map.crushMap().className(id);
                    states(name == null ? Integer.toString(id) : name, bits);
                }));
        StretchMode stretch = map.stretchMode;
        f.object("stretch_mode", () -> {
            f.put("stretch_mode_enabled", stretch.enabled());
            f.putUnsigned("stretch_bucket_count", stretch.bucketCount());
            f.putUnsigned("degraded_stretch_mode", stretch.degraded());
            f.putUnsigned("recovering_stretch_mode", stretch.recovering());
            f.put("stretch_mode_bucket", stretch.bucket());
        });
    }

    private void blocklist(String name, Map<EntityAddr, Instant> list) {
        f.object(name, () -> OsdMapPrint.sortedByText(list).forEach((addr, until) -> f.put(addr, Times.local(until))));
    }

    private void snaps(String name, NavigableMap<Long, IntervalSet> byPool) {
        f.array(
                name,
                () -> byPool.forEach((pool, snaps) -> f.object("pool", () -> {
                    f.put("pool", pool);
                    f.array(
                            "snaps",
                            () -> snaps.ranges()
                                    .forEach((begin, length) -> f.object(
                                            "interval",
                                            () -> f.putUnsigned("begin", begin).putUnsigned("length", length))));
                })));
    }

    private void states(String name, int bits) {
        f.array(name, () -> new TreeSet<>(OsdState.names(bits)).forEach(s -> f.put("flag", s)));
    }
}
