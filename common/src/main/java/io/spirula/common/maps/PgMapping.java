package io.spirula.common.maps;

import io.spirula.common.types.PgId;
import io.spirula.crush.CrushHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where the placement groups of one OSD map are, step by step as OSDMap::_pg_to_up_acting_osds goes: CRUSH, then upmaps, then who is up, then primary affinity, then what stands in
 * temporarily. Results are kept, so asking again is cheap.
 */
public final class PgMapping {
    private static final int NONE = UpActing.NONE;
    /** Pools with more placement groups are mapped anew each time: an array for them may be more than a damaged map should cost. */
    private static final int MAX_KEPT = 1 << 18;

    private final OsdMap map;
    private final int[] weights;
    private final Map<Long, AtomicReferenceArray<@Nullable UpActing>> kept = new ConcurrentHashMap<>();

    PgMapping(OsdMap map) {
        this.map = map;
        this.weights = Arrays.stream(map.osds).mapToInt(Osd::weight).toArray();
    }

    /** Of a placement group, or of the raw one with a whole hash as its number. */
    UpActing of(PgId raw) {
        PgPool pool = map.pools.get(raw.pool());
        if (pool == null) {
            return UpActing.NOWHERE;
        }
        if (pool.pgNum() > MAX_KEPT) {
            return compute(pool, raw);
        }
        var ofPool = kept.computeIfAbsent(raw.pool(), id -> new AtomicReferenceArray<>(pool.pgNum()));
        // Placement depends on the folded number alone as long as pgp_num is not above pg_num.
        int pg = pool.pgOf(raw.seed());
        if (pool.pgpNum() > pool.pgNum()) {
            return compute(pool, raw);
        }
        UpActing result = ofPool.get(pg);
        if (result == null) {
            result = compute(pool, new PgId(raw.pool(), pg));
            ofPool.set(pg, result);
        }
        return result;
    }

    private UpActing compute(PgPool pool, PgId raw) {
        PgId pg = new PgId(raw.pool(), pool.pgOf(raw.seed()));
        int seed = pool.placementSeed(raw);
        List<Integer> up = up(pool, upmapped(pg, raw(pool, raw.pool(), seed)));
        int upPrimary = withAffinity(pool, seed, up, firstOf(up));
        up = List.copyOf(up);
        List<Integer> temp = temp(pool, pg);
        int tempPrimary = map.primaryTemp.getOrDefault(pg, firstOf(temp));
        return temp.isEmpty()
                ? new UpActing(up, upPrimary, up, tempPrimary == -1 ? upPrimary : tempPrimary)
                : new UpActing(up, upPrimary, List.copyOf(temp), tempPrimary);
    }

    /** What CRUSH says, without OSDs that do not exist. */
    List<Integer> raw(PgId raw) {
        PgPool pool = map.pools.get(raw.pool());
        return pool == null ? List.of() : raw(pool, raw.pool(), pool.placementSeed(raw));
    }

    /** What CRUSH says, replaced as the upmaps want it. */
    List<Integer> rawUpmapped(PgId raw) {
        PgPool pool = map.pools.get(raw.pool());
        return pool == null ? List.of() : upmapped(new PgId(raw.pool(), pool.pgOf(raw.seed())), raw(raw));
    }

    private List<Integer> raw(PgPool pool, long poolId, int seed) {
        int rule = map.crushMap().findRule(pool.crushRule(), pool.type(), pool.size());
        if (rule < 0) {
            return new ArrayList<>();
        }
        int[] result = new int[pool.size()];
        int count = map.crush.map(rule, seed, pool.size(), result, weights, poolId);
        List<Integer> osds = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keepIf(map.exists(result[i]), result[i], pool, osds);
        }
        return osds;
    }

    private static void keepIf(boolean kept, int osd, PgPool pool, List<Integer> osds) {
        if (kept) {
            osds.add(osd);
        } else if (!pool.canShiftOsds()) {
            osds.add(NONE);
        }
    }

    private boolean isOut(int osd) {
        return osd >= 0 && osd < weights.length && weights[osd] == Osd.OUT;
    }

    private List<Integer> upmapped(PgId pg, List<Integer> raw) {
        List<Integer> whole = map.pgUpmap.get(pg);
        if (whole != null) {
            if (whole.stream().anyMatch(this::isOut)) {
                return raw;
            }
            raw = new ArrayList<>(whole);
        }
        for (UpmapItem item : map.pgUpmapItems.getOrDefault(pg, List.of())) {
            int at = raw.indexOf(item.from());
            if (at >= 0 && !raw.contains(item.to()) && !isOut(item.to())) {
                raw.set(at, item.to());
            }
        }
        return raw;
    }

    private List<Integer> up(PgPool pool, List<Integer> raw) {
        List<Integer> up = new ArrayList<>(raw.size());
        for (int osd : raw) {
            keepIf(map.isUp(osd), osd, pool, up);
        }
        return up;
    }

    private static int firstOf(List<Integer> osds) {
        for (int osd : osds) {
            if (osd != NONE) {
                return osd;
            }
        }
        return -1;
    }

    /** Picks the primary among OSDs that may be reluctant, and moves it to the front where places do not matter. */
    private int withAffinity(PgPool pool, int seed, List<Integer> up, int primary) {
        if (!map.primaryAffinitySet
                || up.stream().allMatch(o -> o == NONE || map.osd(o).primaryAffinity() == Osd.DEFAULT_AFFINITY)) {
            return primary;
        }
        int at = -1;
        for (int i = 0; i < up.size(); i++) {
            int osd = up.get(i);
            if (osd == NONE) {
                continue;
            }
            int affinity = map.osd(osd).primaryAffinity();
            boolean declines = Integer.compareUnsigned(affinity, Osd.DEFAULT_AFFINITY) < 0
                    && CrushHash.hash(seed, osd) >>> 16 >= affinity;
            if (!declines) {
                at = i;
                break;
            }
            at = at < 0 ? i : at; // the first who declined, if nobody else accepts
        }
        if (at < 0) {
            return primary;
        }
        int chosen = up.get(at);
        if (pool.canShiftOsds() && at > 0) {
            Collections.rotate(up.subList(0, at + 1), 1);
        }
        return chosen;
    }

    private List<Integer> temp(PgPool pool, PgId pg) {
        List<Integer> temp = new ArrayList<>();
        for (int osd : map.pgTemp.getOrDefault(pg, List.of())) {
            keepIf(map.isUp(osd), osd, pool, temp);
        }
        return temp;
    }
}
