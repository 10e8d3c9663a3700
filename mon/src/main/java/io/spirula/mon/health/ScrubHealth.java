package io.spirula.mon.health;

import io.spirula.common.format.Times;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Placement groups that have not been scrubbed for too long, and OSDs whose copies had to be replaced too often. Source: PGMap::get_health_checks. */
public final class ScrubHealth {
    private ScrubHealth() {}

    public static void check(HealthInput input, Consumer<HealthCheck> checks) {
        repairs(input, checks);
        overdue(
                input,
                checks,
                "PG_NOT_SCRUBBED",
                "scrubbed",
                input.config().real("mon_warn_pg_not_scrubbed_ratio", 0.5),
                "scrub_max_interval",
                input.config().real("osd_scrub_max_interval", 7 * 86400),
                ScrubHistory::lastScrubStamp);
        overdue(
                input,
                checks,
                "PG_NOT_DEEP_SCRUBBED",
                "deep-scrubbed",
                input.config().real("mon_warn_pg_not_deep_scrubbed_ratio", 0.75),
                "deep_scrub_interval",
                input.config().real("osd_deep_scrub_interval", 7 * 86400),
                ScrubHistory::lastDeepScrubStamp);
    }

    private static void repairs(HealthInput input, Consumer<HealthCheck> checks) {
        long most = input.config().integer("mon_osd_warn_num_repaired", 10);
        List<String> details = new ArrayList<>();
        input.pgs().osds().forEach((osd, stat) -> {
            if (stat.shardsRepaired() > most) {
                details.add("osd." + osd + " had " + stat.shardsRepaired() + " reads repaired");
            }
        });
        if (!details.isEmpty()) {
            checks.accept(new HealthCheck(
                    "OSD_TOO_MANY_REPAIRS",
                    HealthCheck.WARN,
                    "Too many repaired reads on " + details.size() + " OSDs",
                    details.size(),
                    details));
        }
    }

    /** @param ratio by how much of the interval a group may be late; 0 for no check */
    private static void overdue(
            HealthInput input,
            Consumer<HealthCheck> checks,
            String code,
            String what,
            double ratio,
            String poolOption,
            double interval,
            Function<ScrubHistory, Instant> last) {
        if (ratio <= 0) {
            return;
        }
        List<String> details = new ArrayList<>();
        int count = 0;
        for (var e : input.pgs().pgs().entrySet()) {
            PgPool pool = input.map().pool(e.getKey().pool());
            Instant stamp = last.apply(e.getValue().scrub());
            if (pool == null || !stamp.isBefore(input.now().minus(age(pool, poolOption, interval, ratio)))) {
                continue;
            }
            count++;
            if (details.size() < input.mostDetails()) {
                details.add(line(e.getKey(), what, stamp));
            }
        }
        if (count > details.size()) {
            details.add((count - details.size()) + " more pgs... ");
        }
        if (count > 0) {
            checks.accept(
                    new HealthCheck(code, HealthCheck.WARN, count + " pgs not " + what + " in time", count, details));
        }
    }

    private static Duration age(PgPool pool, String option, double interval, double ratio) {
        double seconds = pool.options().value(option) instanceof Double own && own > 0 ? own : interval;
        return Duration.ofMillis((long) (seconds * (1 + ratio) * 1000));
    }

    private static String line(PgId pg, String what, Instant since) {
        return "pg " + pg + " not " + what + " since " + Times.local(since);
    }
}
