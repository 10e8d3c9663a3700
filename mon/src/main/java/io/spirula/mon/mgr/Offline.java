package io.spirula.mon.mgr;

import io.spirula.common.command.Json;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.crush.Bucket;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What becomes of placement groups without some OSDs. Ceph: DaemonServer::_check_offlines_pgs, offline_pg_report.
 *
 * @param notOk groups that would stop serving, or do not serve now
 * @param unknown groups of which nothing is known
 */
public record Offline(
        NavigableSet<Integer> osds,
        List<PgId> ok,
        List<PgId> notOk,
        List<PgId> unknown,
        List<PgId> noPool,
        List<PgId> alreadyInactive,
        List<PgId> becomeInactive,
        List<PgId> becomeDegraded,
        List<PgId> becomeMoreDegraded) {

    public static Offline without(NavigableSet<Integer> osds, OsdMap map, PgMap pgMap) {
        Offline report = new Offline(
                osds,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        pgMap.pgs().forEach((pg, stats) -> report.take(pg, stats, map.pool(pg.pool())));
        return report;
    }

    private void take(PgId pg, PgStats stats, @org.jspecify.annotations.Nullable PgPool pool) {
        if (stats.state() == 0) {
            unknown.add(pg);
            return;
        }
        boolean degraded = (stats.state() & PgState.DEGRADED) != 0;
        // Where it is not told who lacks nothing, those who serve are what there is to count.
        List<Integer> serving = degraded && !stats.availNoMissing().isEmpty()
                ? stats.availNoMissing().stream().map(s -> s.osd()).toList()
                : stats.mapping().acting();
        if (serving.stream().noneMatch(osds::contains)) {
            return;
        }
        long left = serving.stream()
                .filter(osd -> osd >= 0 && osd != Integer.MAX_VALUE && !osds.contains(osd))
                .distinct()
                .count();
        boolean inactive = (stats.state() & PgState.ACTIVE) == 0;
        boolean tooFew = pool != null && left < pool.minSize();
        if (pool == null) {
            noPool.add(pg);
        }
        if (inactive) {
            alreadyInactive.add(pg);
        }
        if (tooFew) {
            becomeInactive.add(pg);
        }
        if (pool == null || inactive || tooFew) {
            notOk.add(pg);
        } else {
            ok.add(pg);
            (degraded ? becomeMoreDegraded : becomeDegraded).add(pg);
        }
    }

    public boolean isOk() {
        return notOk.isEmpty() && unknown.isEmpty();
    }

    /** With up to {@code max} OSDs, as long as it stays ok: neighbours in the CRUSH hierarchy first. */
    public Offline grown(int max, OsdMap map, PgMap pgMap) {
        Offline best = this;
        CrushMap crush = CrushMap.decode(map.crush().toArray());
        Bucket parent = osds.isEmpty() ? null : crush.parent(osds.first());
        while (parent != null && best.osds.size() < max) {
            for (int osd : crush.leaves(parent.id())) {
                if (best.osds.size() < max && map.isUp(osd) && !best.osds.contains(osd)) {
                    TreeSet<Integer> more = new TreeSet<>(best.osds);
                    more.add(osd);
                    Offline wider = without(more, map, pgMap);
                    best = wider.isOk() ? wider : best;
                }
            }
            parent = crush.parent(parent.id());
        }
        return best;
    }

    /** How many groups an OSD is to serve or serves. */
    public static int mapped(int osd, PgMap pgMap) {
        int count = 0;
        for (PgStats stats : pgMap.pgs().values()) {
            boolean here = stats.mapping().acting().contains(osd)
                    || stats.mapping().up().contains(osd);
            count += here ? 1 : 0;
        }
        return count;
    }

    public Json json() {
        Json json = Json.object()
                .put("ok_to_stop", isOk())
                .put("osds", List.copyOf(osds))
                .put("num_ok_pgs", ok.size())
                .put("num_not_ok_pgs", notOk.size());
        List<Map.Entry<String, List<PgId>>> details = List.of(
                Map.entry("unknown_pgs", unknown),
                Map.entry("bad_no_pool_pgs", noPool),
                Map.entry("bad_already_inactive", alreadyInactive),
                Map.entry("bad_become_inactive", becomeInactive),
                Map.entry("ok_become_degraded", becomeDegraded),
                Map.entry("ok_become_more_degraded", becomeMoreDegraded));
        for (Map.Entry<String, List<PgId>> e : details) {
            if (!e.getValue().isEmpty()) {
                json.put(e.getKey(), Json.list(e.getValue(), PgId::toString));
            }
        }
        return json;
    }
}
