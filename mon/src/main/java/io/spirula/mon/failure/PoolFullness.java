package io.spirula.mon.failure;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.crush.CrushMap;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which pools are to be marked full, or nearly so: those whose rules can choose an OSD that is. A pool that has reached its quota stays full whatever its OSDs are. Source: OSDMonitor::encode_pending,
 * OSDMap::get_full_pools.
 */
public final class PoolFullness {
    private final OsdMap map;
    private final List<Integer> full = new ArrayList<>();
    private final List<Integer> backfillfull = new ArrayList<>();
    private final List<Integer> nearfull = new ArrayList<>();
    private final TreeMap<Integer, Integer> stateByRule = new TreeMap<>();

    private PoolFullness(OsdMap map) {
        this.map = map;
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            Osd row = map.osd(osd);
            if (row.isUp() && row.isIn()) {
                if (row.has(OsdState.FULL)) {
                    full.add(osd);
                } else if (row.has(OsdState.BACKFILLFULL)) {
                    backfillfull.add(osd);
                } else if (row.has(OsdState.NEARFULL)) {
                    nearfull.add(osd);
                }
            }
        }
    }

    /** The pools whose flags do not say what they should, with the right ones. */
    public static NavigableMap<Long, PgPool> corrections(OsdMap map) {
        PoolFullness fullness = new PoolFullness(map);
        TreeMap<Long, PgPool> corrections = new TreeMap<>();
        map.pools().forEach((id, pool) -> {
            int state = fullness.state(pool);
            boolean isFull = state == OsdState.FULL || pool.has(PoolFlag.FULL_QUOTA);
            boolean isBackfillfull = !isFull && state == OsdState.BACKFILLFULL;
            boolean isNearfull = !isFull && state == OsdState.NEARFULL;
            if (pool.has(PoolFlag.FULL) != isFull
                    || pool.has(PoolFlag.BACKFILLFULL) != isBackfillfull
                    || pool.has(PoolFlag.NEARFULL) != isNearfull) {
                corrections.put(
                        id,
                        pool.toBuilder()
                                .flag(PoolFlag.FULL, isFull)
                                .flag(PoolFlag.BACKFILLFULL, isBackfillfull)
                                .flag(PoolFlag.NEARFULL, isNearfull)
                                .build());
            }
        });
        return corrections;
    }

    /** The worst state of an OSD that the pool's rule may choose. */
    private int state(PgPool pool) {
        if (full.isEmpty() && backfillfull.isEmpty() && nearfull.isEmpty()) {
            return 0;
        }
        return stateByRule.computeIfAbsent(pool.crushRule(), this::stateOfRule);
    }

    private int stateOfRule(int rule) {
        if (map.crushMap().rule(rule) == null) {
            return 0;
        }
        return reaches(rule, full)
                ? OsdState.FULL
                : reaches(rule, backfillfull) ? OsdState.BACKFILLFULL : reaches(rule, nearfull) ? OsdState.NEARFULL : 0;
    }

    private boolean reaches(int rule, List<Integer> osds) {
        CrushMap crush = map.crushMap();
        return osds.stream()
                .anyMatch(osd -> crush.takes(rule).stream().anyMatch(root -> crush.subtreeContains(root, osd)));
    }
}
