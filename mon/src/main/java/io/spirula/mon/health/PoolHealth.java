package io.spirula.mon.health;

import io.spirula.common.format.Numbers;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Pools that near their quotas, whose use nobody has named, or whose placement groups are too few or too many; objects nobody has; too few OSDs. */
public final class PoolHealth {
    private static final String NAME_IT =
            "use 'ceph osd pool application enable <pool-name> <app-name>', where <app-name> is 'cephfs',"
                    + " 'rbd', 'rgw', or freeform for custom applications.";

    private final HealthInput input;
    private final Consumer<HealthCheck> checks;

    private PoolHealth(HealthInput input, Consumer<HealthCheck> checks) {
        this.input = input;
        this.checks = checks;
    }

    public static void check(HealthInput input, Consumer<HealthCheck> checks) {
        PoolHealth health = new PoolHealth(input, checks);
        health.osds();
        health.groupsPerOsd();
        health.placementNumbers();
        health.quotas();
        health.objects();
        health.applications();
    }

    private void warn(String code, String summary, long count, List<String> details) {
        checks.accept(new HealthCheck(code, HealthCheck.WARN, summary, count, details));
    }

    private void osds() {
        int exist = input.map().numOsds();
        long wanted = input.config().integer("osd_pool_default_size", 3);
        if (exist < wanted && input.config().bool("mon_warn_on_too_few_osds", true)) {
            String text = "OSD count " + exist + " < osd_pool_default_size " + wanted;
            warn("TOO_FEW_OSDS", text, wanted - exist, List.of());
        }
    }

    private void groupsPerOsd() {
        int in = input.map().numInOsds();
        if (in == 0) {
            return;
        }
        long copies = Math.max(input.pgs().upCopies(), input.pgs().pgs().size());
        long per = copies / in;
        long least = input.config().integer("mon_pg_warn_min_per_osd", 0);
        if (least > 0 && !input.map().pools().isEmpty() && per > 0 && per < least) {
            warn("TOO_FEW_PGS", "too few PGs per OSD (" + per + " < min " + least + ")", least - per, List.of());
        }
        long most = input.config().integer("mon_max_pg_per_osd", 250);
        if (most > 0 && per > most) {
            warn("TOO_MANY_PGS", "too many PGs per OSD (" + per + " > max " + most + ")", per - most, List.of());
        }
    }

    private void placementNumbers() {
        List<String> details = new ArrayList<>();
        input.map().pools().forEach((id, pool) -> {
            if (pool.pgNumTarget() > pool.pgpNumTarget()) {
                details.add("pool " + input.poolName(id) + " pg_num " + pool.pgNumTarget() + " > pgp_num "
                        + pool.pgpNumTarget());
            }
        });
        if (!details.isEmpty()) {
            warn("SMALLER_PGP_NUM", details.size() + " pools have pg_num > pgp_num", details.size(), details);
        }
    }

    /** Pools that near their quotas by two thresholds; those that have reached one are told by their flags. */
    private void quotas() {
        float warnAt = input.config().integer("mon_pool_quota_warn_threshold", 0) / 100f;
        float critAt = input.config().integer("mon_pool_quota_crit_threshold", 0) / 100f;
        if (warnAt == 0 && critAt == 0) {
            return;
        }
        List<String> full = new ArrayList<>();
        List<String> near = new ArrayList<>();
        int fullPools = 0;
        int nearPools = 0;
        for (long id : input.map().pools().keySet()) {
            int fullBefore = full.size();
            int nearBefore = near.size();
            PgPool pool = input.map().pools().get(id);
            ObjectStats stats = input.pgs().pool(id);
            long objects = stats.get(ObjectStats.Counter.OBJECTS);
            if (pool != null) {
                String text = "pool '" + input.poolName(id) + "' has " + objects + " objects (max "
                        + pool.quotaMaxObjects() + ")";
                grade(objects, pool.quotaMaxObjects(), warnAt, critAt, text, near, full);
                long bytes = stats.get(ObjectStats.Counter.BYTES);
                text = "pool '" + input.poolName(id) + "' has " + Numbers.bytes(bytes) + " (max "
                        + Numbers.bytes(pool.quotaMaxBytes()) + ")";
                grade(bytes, pool.quotaMaxBytes(), warnAt, critAt, text, near, full);
            }
            fullPools += full.size() > fullBefore ? 1 : 0;
            nearPools += near.size() > nearBefore ? 1 : 0;
        }
        if (fullPools > 0) {
            checks.accept(new HealthCheck("POOL_FULL", HealthCheck.ERR, fullPools + " pools full", fullPools, full));
        }
        if (nearPools > 0) {
            warn("POOL_NEAR_FULL", nearPools + " pools nearfull", nearPools, near);
        }
    }

    private static void grade(
            long value, long quota, float warnAt, float critAt, String text, List<String> near, List<String> full) {
        if (quota <= 0 || value >= quota) {
            return;
        }
        if (critAt > 0 && value >= quota * critAt) {
            full.add(text);
        } else if (warnAt > 0 && value >= quota * warnAt) {
            near.add(text);
        }
    }

    private void objects() {
        ObjectStats total = input.pgs().total();
        long copies = total.get(ObjectStats.Counter.OBJECT_COPIES);
        long misplaced = total.get(ObjectStats.Counter.OBJECTS_MISPLACED);
        if (misplaced > 0 && copies > 0 && input.config().bool("mon_warn_on_misplaced", false)) {
            String text = misplaced + "/" + copies + " objects misplaced (" + percent(misplaced, copies) + "%)";
            warn("OBJECT_MISPLACED", text, misplaced, List.of());
        }
        long objects = total.get(ObjectStats.Counter.OBJECTS);
        long unfound = total.get(ObjectStats.Counter.OBJECTS_UNFOUND);
        if (unfound > 0 && objects > 0) {
            String text = unfound + "/" + objects + " objects unfound (" + percent(unfound, objects) + "%)";
            warn("OBJECT_UNFOUND", text, unfound, unfoundByGroup());
        }
        long errors = total.get(ObjectStats.Counter.SCRUB_ERRORS);
        if (errors > 0) {
            checks.accept(
                    new HealthCheck("OSD_SCRUB_ERRORS", HealthCheck.ERR, errors + " scrub errors", errors, List.of()));
        }
    }

    private List<String> unfoundByGroup() {
        List<String> details = new ArrayList<>();
        for (var e : input.pgs().pgs().entrySet()) {
            long unfound = e.getValue().stats().get(ObjectStats.Counter.OBJECTS_UNFOUND);
            if (unfound > 0) {
                details.add("pg " + e.getKey() + " has " + unfound + " unfound objects");
            }
            if (details.size() > input.mostDetails()) {
                details.add("(additional pgs left out for brevity)");
                break;
            }
        }
        return details;
    }

    private static String percent(long part, long whole) {
        return Numbers.fixed((double) part / whole * 100.0, 3);
    }

    private void applications() {
        if (!input.config().bool("mon_warn_on_pool_no_app", true)) {
            return;
        }
        List<String> details = new ArrayList<>();
        input.map().pools().forEach((id, pool) -> {
            boolean inUse = input.pgs().pool(id).get(ObjectStats.Counter.OBJECTS) > 0;
            if (pool.applications().isEmpty() && pool.tierOf() < 0 && inUse) {
                details.add("application not enabled on pool '" + input.poolName(id) + "'");
            }
        });
        if (!details.isEmpty()) {
            int count = details.size();
            details.add(NAME_IT);
            warn("POOL_APP_NOT_ENABLED", count + " pool(s) do not have an application enabled", count, details);
        }
    }
}
