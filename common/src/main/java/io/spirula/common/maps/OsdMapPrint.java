package io.spirula.common.maps;

import io.spirula.common.format.Numbers;
import io.spirula.common.format.Times;
import io.spirula.common.types.EntityAddr;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** An OSD map as text, {@code ceph osd dump}. Source: OSDMap::print (osd/OSDMap.cc). */
final class OsdMapPrint {
    private OsdMapPrint() {}

    static String print(OsdMap map) {
        StringBuilder out = new StringBuilder();
        head(map, out);
        out.append(pools(map)).append('\n');
        out.append("max_osd ").append(map.maxOsd()).append('\n');
        osds(map, out);
        out.append('\n');
        map.pgUpmap.forEach((pg, osds) -> line(out, "pg_upmap", pg, MapText.list(osds)));
        map.pgUpmapItems.forEach((pg, items) -> line(
                out,
                "pg_upmap_items",
                pg,
                MapText.list(items.stream().map(i -> i.from() + "," + i.to()).toList())));
        map.pgTemp.forEach((pg, osds) -> line(out, "pg_temp", pg, MapText.list(osds)));
        map.primaryTemp.forEach((pg, osd) -> line(out, "primary_temp", pg, osd));
        sortedByText(map.blocklist)
                .forEach((addr, until) -> line(out, "blocklist", addr, "expires", Times.local(until)));
        sortedByText(map.rangeBlocklist)
                .forEach((addr, until) -> line(out, "range blocklist", addr, "expires", Times.local(until)));
        return out.toString();
    }

    private static void head(OsdMap map, StringBuilder out) {
        line(out, "epoch", Integer.toUnsignedString(map.epoch));
        line(out, "fsid", map.fsid);
        line(out, "created", Times.local(map.created));
        line(out, "modified", Times.local(map.modified));
        line(out, "flags", String.join(",", OsdMapFlag.names(map.flags)));
        line(out, "crush_version", map.crushVersion);
        line(out, "full_ratio", Numbers.plain(map.fullRatio));
        line(out, "backfillfull_ratio", Numbers.plain(map.backfillfullRatio));
        line(out, "nearfull_ratio", Numbers.plain(map.nearfullRatio));
        if (map.requireMinCompatClient != CephRelease.UNKNOWN) {
            line(out, "require_min_compat_client", map.requireMinCompatClient);
        }
        line(out, "min_compat_client", map.minCompatClient());
        if (map.requireOsdRelease != CephRelease.UNKNOWN) {
            line(out, "require_osd_release", map.requireOsdRelease);
        }
        line(out, "stretch_mode_enabled", map.stretchMode.enabled());
        if (map.stretchMode.enabled()) {
            line(out, "stretch_bucket_count", map.stretchMode.bucketCount());
            line(out, "degraded_stretch_mode", map.stretchMode.degraded());
            line(out, "recovering_stretch_mode", map.stretchMode.recovering());
            line(out, "stretch_mode_bucket", map.stretchMode.bucket());
        }
        if (!map.clusterSnapshot.isEmpty()) {
            line(out, "cluster_snapshot", map.clusterSnapshot);
        }
        out.append('\n');
    }

    /** {@code ceph osd pool ls detail}. */
    static String pools(OsdMap map) {
        StringBuilder out = new StringBuilder();
        map.pools.forEach((id, pool) ->
                PgPoolText.print(id, map.poolNames.getOrDefault(id, "<unknown>"), pool, map.removedSnapsQueue, out));
        return out.toString();
    }

    private static void osds(OsdMap map, StringBuilder out) {
        for (int i = 0; i < map.maxOsd(); i++) {
            if (map.exists(i)) {
                out.append(osd(i, map.osd(i))).append('\n');
            }
        }
    }

    /** One OSD's line. */
    static String osd(int number, Osd osd) {
        StringBuilder out = new StringBuilder("osd.").append(number);
        out.append(osd.isUp() ? " up  " : " down").append(osd.isIn() ? " in " : " out");
        out.append(" weight ").append(Numbers.plain(share(osd.weight())));
        if (osd.primaryAffinity() != Osd.DEFAULT_AFFINITY) {
            out.append(" primary_affinity ").append(Numbers.plain(share(osd.primaryAffinity())));
        }
        info(osd.info(), out);
        out.append(' ').append(MapText.addrs(osd.client()));
        out.append(' ').append(MapText.addrs(osd.cluster()));
        out.append(' ').append(String.join(",", new TreeSet<>(OsdState.names(osd.state()))));
        if (!osd.uuid().isZero()) {
            out.append(' ').append(osd.uuid());
        }
        return out.toString();
    }

    private static void info(OsdInfo info, StringBuilder out) {
        out.append(" up_from ").append(Integer.toUnsignedString(info.upFrom()));
        out.append(" up_thru ").append(Integer.toUnsignedString(info.upThru()));
        out.append(" down_at ").append(Integer.toUnsignedString(info.downAt()));
        out.append(" last_clean_interval [").append(Integer.toUnsignedString(info.lastCleanBegin()));
        out.append(',').append(Integer.toUnsignedString(info.lastCleanEnd())).append(')');
        if (info.lostAt() != 0) {
            out.append(" lost_at ").append(Integer.toUnsignedString(info.lostAt()));
        }
    }

    /** A 16.16 fixed point number as Ceph's single precision one. */
    static double share(int fixedPoint) {
        return Integer.toUnsignedLong(fixedPoint) / (float) Osd.IN;
    }

    /** A blocklist by the spelling of the addresses; Ceph's own order depends on its hash table. */
    static NavigableMap<String, Instant> sortedByText(Map<EntityAddr, Instant> list) {
        NavigableMap<String, Instant> sorted = new TreeMap<>();
        list.forEach((addr, until) -> sorted.put(MapText.addr(addr), until));
        return sorted;
    }

    private static void line(StringBuilder out, Object... words) {
        for (int i = 0; i < words.length; i++) {
            out.append(i == 0 ? "" : " ").append(words[i]);
        }
        out.append('\n');
    }
}
