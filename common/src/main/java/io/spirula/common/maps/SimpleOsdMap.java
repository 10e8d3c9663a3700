package io.spirula.common.maps;

import io.spirula.common.types.Uuid;
import io.spirula.crush.SimpleMap;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The map that a new cluster starts from, of epoch 0: so many OSDs that were never up, one rule, no pool. Source: OSDMap::build_simple_optioned. */
public final class SimpleOsdMap {
    /** What osd_pool_default_erasure_code_profile says. */
    private static final NavigableMap<String, String> DEFAULT_PROFILE =
            Sorted.copy(Map.of("plugin", "jerasure", "technique", "reed_sol_van", "k", "2", "m", "2"));

    private static final int AUTOSCALE_ON = 2;
    private static final int MAX_OSDS = 1 << 20;

    private SimpleOsdMap() {}

    /** With replicas on different hosts. */
    public static OsdMap of(Uuid fsid, Instant now, int osds) {
        return of(fsid, now, osds, "host");
    }

    /** With replicas on different buckets of a type. */
    public static OsdMap of(Uuid fsid, Instant now, int osds, String failureDomain) {
        if (osds < 0 || osds > MAX_OSDS) {
            throw new IllegalArgumentException("a map for " + osds + " OSDs");
        }
        Osd[] rows = new Osd[osds];
        Arrays.fill(rows, Osd.NONE);
        NavigableMap<String, NavigableMap<String, String>> profiles = new TreeMap<>();
        profiles.put("default", DEFAULT_PROFILE);
        return OsdMap.builder()
                .fsid(fsid)
                .created(now)
                .modified(now)
                .osds(List.of(rows))
                .crush(SimpleMap.of(osds, failureDomain))
                .erasureCodeProfiles(profiles)
                .build();
    }

    /** With the pool "rbd" of 2^pgBits placement groups an OSD. */
    public static OsdMap withPool(OsdMap map, int pgBits, int pgpBits) {
        int base = Math.max(1, map.maxOsd());
        NavigableMap<String, NavigableMap<String, String>> rbd = new TreeMap<>();
        rbd.put("rbd", Sorted.none());
        PgPool pool = PgPool.builder()
                .flag(PoolFlag.HASHPSPOOL, true)
                .size(3)
                .minSize(2)
                .pgNum(base << pgBits)
                .pgNumTarget(base << pgBits)
                .pgpNum(base << pgpBits)
                .pgpNumTarget(base << pgpBits)
                .pgNumPending(base << pgBits)
                .lastChange(map.epoch())
                .autoscaleMode(AUTOSCALE_ON)
                .applications(rbd)
                .cacheTargetDirtyRatioMicro(0)
                .cacheTargetDirtyHighRatioMicro(0)
                .cacheTargetFullRatioMicro(0)
                .build();
        int id = map.poolMax() + 1;
        NavigableMap<Long, PgPool> pools = new TreeMap<>(map.pools());
        pools.put((long) id, pool);
        NavigableMap<Long, String> names = new TreeMap<>(map.poolNames());
        names.put((long) id, "rbd");
        return map.toBuilder().pools(pools).poolNames(names).poolMax(id).build();
    }
}
