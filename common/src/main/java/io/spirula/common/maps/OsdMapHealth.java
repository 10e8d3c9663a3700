package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.format.Numbers;
import io.spirula.crush.Bucket;
import io.spirula.crush.CrushFeatures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** What an OSD map by itself says is wrong, with Ceph's default settings. Source: OSDMap::check_health (osd/OSDMap.cc). */
public final class OsdMapHealth {
    private static final OsdMapFlag[] WARNING_FLAGS = {
        OsdMapFlag.NEARFULL,
        OsdMapFlag.FULL,
        OsdMapFlag.PAUSERD,
        OsdMapFlag.PAUSEWR,
        OsdMapFlag.PAUSEREC,
        OsdMapFlag.NOUP,
        OsdMapFlag.NODOWN,
        OsdMapFlag.NOIN,
        OsdMapFlag.NOOUT,
        OsdMapFlag.NOBACKFILL,
        OsdMapFlag.NORECOVER,
        OsdMapFlag.NOSCRUB,
        OsdMapFlag.NODEEP_SCRUB,
        OsdMapFlag.NOTIERAGENT,
        OsdMapFlag.NOSNAPTRIM,
        OsdMapFlag.NOREBALANCE
    };
    private static final int OPERATOR_STATES = OsdState.NOUP | OsdState.NODOWN | OsdState.NOIN | OsdState.NOOUT;
    /** mon_crush_min_required_version. */
    private static final String OLDEST_TUNABLES = "hammer";
    /** osd_failsafe_full_ratio. */
    private static final float FAILSAFE_FULL_RATIO = 0.97f;

    private static final String TUNABLES_HELP =
            "see http://docs.ceph.com/en/latest/rados/operations/crush-map/#tunables";

    private final OsdMap map;
    private final NavigableMap<String, HealthCheck> checks = new TreeMap<>();

    private OsdMapHealth(OsdMap map) {
        this.map = map;
    }

    /** The checks that fail, by code. */
    public static NavigableMap<String, HealthCheck> of(OsdMap map) {
        OsdMapHealth health = new OsdMapHealth(map);
        new DownSubtrees(map).check(c -> health.checks.put(c.code(), c));
        DownSubtrees.checkOrphans(map, c -> health.checks.put(c.code(), c));
        health.ratios();
        health.fullOsds();
        health.flags();
        health.crush();
        health.pools();
        health.stretch();
        return health.checks;
    }

    /** Writes the members of the object that they are. */
    public static void dump(Collection<HealthCheck> checks, Formatter f) {
        for (HealthCheck check : checks) {
            f.object(check.code(), () -> {
                f.put("severity", check.severity());
                f.object("summary", () -> f.put("message", check.summary()).put("count", check.count()));
                f.array(
                        "detail",
                        () -> check.detail().forEach(line -> f.object("detail_item", () -> f.put("message", line))));
            });
        }
    }

    private void add(String code, String severity, String summary, long count, List<String> detail) {
        checks.put(code, new HealthCheck(code, severity, summary, count, detail));
    }

    private void addCounted(String code, String severity, List<String> detail, String what) {
        if (!detail.isEmpty()) {
            add(code, severity, detail.size() + " " + what, detail.size(), detail);
        }
    }

    private void ratios() {
        List<String> detail = new ArrayList<>();
        // An OSD that is given a ratio below the one before it takes that one.
        float nearfull = map.nearfullRatio();
        float backfillfull = ordered("backfillfull_ratio", map.backfillfullRatio(), "nearfull_ratio", nearfull, detail);
        float full = ordered("full_ratio", map.fullRatio(), "backfillfull_ratio", backfillfull, detail);
        ordered("osd_failsafe_full_ratio", FAILSAFE_FULL_RATIO, "full_ratio", full, detail);
        if (!detail.isEmpty()) {
            add("OSD_OUT_OF_ORDER_FULL", HealthCheck.ERR, "full ratio(s) out of order", 0, detail);
        }
    }

    private static float ordered(String upper, float high, String lower, float low, List<String> detail) {
        if (high < low) {
            detail.add(
                    upper + " (" + Numbers.plain(high) + ") < " + lower + " (" + Numbers.plain(low) + "), increased");
        }
        return Math.max(high, low);
    }

    private void fullOsds() {
        List<String> full = new ArrayList<>();
        List<String> backfillfull = new ArrayList<>();
        List<String> nearfull = new ArrayList<>();
        for (int i = 0; i < map.maxOsd(); i++) {
            Osd osd = map.osd(i);
            if (!osd.isUp() || !osd.isIn()) {
                continue;
            }
            if (osd.has(OsdState.FULL)) {
                full.add("osd." + i + " is full");
            } else if (osd.has(OsdState.BACKFILLFULL)) {
                backfillfull.add("osd." + i + " is backfill full");
            } else if (osd.has(OsdState.NEARFULL)) {
                nearfull.add("osd." + i + " is near full");
            }
        }
        addCounted("OSD_FULL", HealthCheck.ERR, full, "full osd(s)");
        addCounted("OSD_BACKFILLFULL", HealthCheck.WARN, backfillfull, "backfillfull osd(s)");
        addCounted("OSD_NEARFULL", HealthCheck.WARN, nearfull, "nearfull osd(s)");
    }

    private void flags() {
        int warned = 0;
        for (OsdMapFlag flag : WARNING_FLAGS) {
            warned |= flag.mask();
        }
        if ((map.flags() & warned) != 0) {
            String names = String.join(",", OsdMapFlag.names(map.flags() & warned));
            add("OSDMAP_FLAGS", HealthCheck.WARN, names + " flag(s) set", names.length(), List.of()); // Ceph's count
        }
        List<String> detail = new ArrayList<>();
        for (int i = 0; i < map.maxOsd(); i++) {
            operatorStates("osd." + i, map.osd(i).state(), detail);
        }
        map.crushNodeFlags().forEach((node, states) -> {
            String name = map.crushMap().itemName(node);
            Bucket bucket = map.crushMap().bucket(node);
            if (name != null) {
                String type = map.crushMap().typeName(bucket == null ? 0 : bucket.type());
                operatorStates(type + " " + name, states, detail);
            }
        });
        map.deviceClassFlags().forEach((id, states) -> {
            String name = map.crushMap().className(id);
            if (name != null) {
                operatorStates("device class '" + name + "'", states, detail);
            }
        });
        addCounted(
                "OSD_FLAGS",
                HealthCheck.WARN,
                detail,
                "OSDs or CRUSH {nodes, device-classes} have {NOUP,NODOWN,NOIN,NOOUT} flags set");
        if (!map.has(OsdMapFlag.SORTBITWISE)) {
            add("OSD_NO_SORTBITWISE", HealthCheck.WARN, "'sortbitwise' flag is not set", 0, List.of());
        }
    }

    private static void operatorStates(String who, int states, List<String> detail) {
        if ((states & OPERATOR_STATES) != 0) {
            detail.add(who + " has flags " + String.join(",", new TreeSet<>(OsdState.names(states & OPERATOR_STATES))));
        }
    }

    private void crush() {
        String required = CrushFeatures.minimumRequiredVersion(map.crushMap());
        if (required.compareTo(OLDEST_TUNABLES) < 0) { // release names go by the alphabet
            String summary = "crush map has legacy tunables (require " + required + ", min is " + OLDEST_TUNABLES + ")";
            add("OLD_CRUSH_TUNABLES", HealthCheck.WARN, summary, 0, List.of(TUNABLES_HELP));
        }
        if (map.crushMap().tunables().strawCalcVersion() == 0) {
            String summary = "crush map has straw_calc_version=0";
            add("OLD_CRUSH_STRAW_CALC_VERSION", HealthCheck.WARN, summary, 0, List.of(TUNABLES_HELP));
        }
    }

    private void pools() {
        List<String> scrubFlags = new ArrayList<>();
        boolean noscrub = false;
        boolean noDeepScrub = false;
        for (var e : map.pools().entrySet()) {
            if (e.getValue().has(PoolFlag.NOSCRUB)) {
                scrubFlags.add("Pool " + name(e.getKey()) + " has noscrub flag");
                noscrub = true;
            }
            if (e.getValue().has(PoolFlag.NODEEP_SCRUB)) {
                scrubFlags.add("Pool " + name(e.getKey()) + " has nodeep-scrub flag");
                noDeepScrub = true;
            }
        }
        if (!scrubFlags.isEmpty()) {
            String which = noscrub && noDeepScrub ? "noscrub, nodeep-scrub" : noscrub ? "noscrub" : "nodeep-scrub";
            String summary = "Some pool(s) have the " + which + " flag(s) set";
            add("POOL_SCRUB_FLAGS", HealthCheck.OK, summary, 0, scrubFlags);
        }
        addCounted("POOL_FULL", HealthCheck.WARN, poolsWhere(OsdMapHealth::full), "pool(s) full");
        addCounted(
                "POOL_BACKFILLFULL", HealthCheck.WARN, poolsWhere(OsdMapHealth::backfillfull), "pool(s) backfillfull");
        addCounted("POOL_NEARFULL", HealthCheck.WARN, poolsWhere(OsdMapHealth::nearfull), "pool(s) nearfull");
        addCounted(
                "POOL_PG_NUM_NOT_POWER_OF_TWO",
                HealthCheck.WARN,
                poolsWhere(OsdMapHealth::uneven),
                "pool(s) have non-power-of-two pg_num");
        addCounted(
                "POOL_NO_REDUNDANCY",
                HealthCheck.WARN,
                poolsWhere(OsdMapHealth::single),
                "pool(s) have no replicas configured");
        addCounted(
                "CACHE_POOL_NO_HIT_SET",
                HealthCheck.WARN,
                poolsWhere(OsdMapHealth::blindCache),
                "cache pools are missing hit_sets");
    }

    private void stretch() {
        StretchMode mode = map.stretchMode();
        String needed = ", only requiring " + mode.degraded() + " of " + mode.bucketCount() + " buckets to peer";
        if (mode.recovering() != 0) {
            String summary = "We are recovering stretch mode buckets" + needed;
            add("RECOVERING_STRETCH_MODE", HealthCheck.WARN, summary, 0, List.of());
        } else if (mode.degraded() != 0) {
            String summary = "We are missing stretch mode buckets" + needed;
            add("DEGRADED_STRETCH_MODE", HealthCheck.WARN, summary, 0, List.of());
        }
        if (!mode.enabled()) {
            return;
        }
        List<Integer> weights = map.crushMap().buckets().stream()
                .filter(b -> b.type() == mode.bucket() && !map.crushMap().isShadow(b.id()))
                .map(Bucket::weight)
                .toList();
        if (weights.size() != 2) {
            String summary = "Stretch mode buckets != 2";
            add("INCORRECT_NUM_BUCKETS_STRETCH_MODE", HealthCheck.WARN, summary, 0, List.of());
        } else if (!weights.get(0).equals(weights.get(1))) {
            String summary = "Stretch mode buckets have different weights!";
            add("UNEVEN_WEIGHTS_STRETCH_MODE", HealthCheck.WARN, summary, 0, List.of());
        }
    }

    private String name(long pool) {
        return Objects.requireNonNullElse(map.poolName(pool), "<unknown>");
    }

    /** One line for each pool that {@code line} has one for; an empty line is none. */
    private List<String> poolsWhere(BiFunction<String, PgPool, String> line) {
        List<String> lines = new ArrayList<>();
        map.pools().forEach((id, pool) -> {
            String text = line.apply("pool '" + name(id) + "'", pool);
            if (!text.isEmpty()) {
                lines.add(text);
            }
        });
        return lines;
    }

    private static String full(String name, PgPool pool) {
        return !pool.has(PoolFlag.FULL)
                ? ""
                : name + (pool.has(PoolFlag.FULL_QUOTA) ? " is full (running out of quota)" : " is full (no space)");
    }

    private static String backfillfull(String name, PgPool pool) {
        return pool.has(PoolFlag.BACKFILLFULL) && !pool.has(PoolFlag.FULL) ? name + " is backfillfull" : "";
    }

    private static String nearfull(String name, PgPool pool) {
        boolean worse = pool.has(PoolFlag.FULL) || pool.has(PoolFlag.BACKFILLFULL);
        return pool.has(PoolFlag.NEARFULL) && !worse ? name + " is nearfull" : "";
    }

    private static String uneven(String name, PgPool pool) {
        return Integer.bitCount(pool.pgNumTarget()) == 1
                ? ""
                : name + " pg_num " + pool.pgNumTarget() + " is not a power of two";
    }

    private static String single(String name, PgPool pool) {
        return pool.size() == 1 ? name + " has no replicas configured" : "";
    }

    private static String blindCache(String name, PgPool pool) {
        String mode = pool.cacheMode() < PgPool.CACHE_MODES.size() ? PgPool.CACHE_MODES.get(pool.cacheMode()) : "";
        boolean needsHits = mode.equals("writeback") || mode.equals("readproxy") || mode.equals("readforward");
        return needsHits && pool.hitSetParams().kind() == 0
                ? name + " with cache_mode " + mode + " needs hit_set_type to be set but it is not"
                : "";
    }
}
