package io.spirula.mon.health;

import io.spirula.common.maps.HealthCheck;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.mon.service.Stamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Placement groups that can't serve, lack copies, lack room, or are damaged. */
public final class PgHealth {
    private enum Consequence {
        UNAVAILABLE("PG_AVAILABILITY", HealthCheck.WARN, "Reduced data availability: "),
        DEGRADED("PG_DEGRADED", HealthCheck.WARN, "Degraded data redundancy: "),
        BACKFILL_FULL(
                "PG_BACKFILL_FULL",
                HealthCheck.WARN,
                "Low space hindering backfill (add storage if this doesn't resolve itself): "),
        DAMAGED("PG_DAMAGED", HealthCheck.ERR, "Possible data damage: "),
        RECOVERY_FULL("PG_RECOVERY_FULL", HealthCheck.ERR, "Full OSDs blocking recovery: ");

        private final String code;
        private final String severity;
        private final String summary;

        Consequence(String code, String severity, String summary) {
            this.code = code;
            this.severity = severity;
            this.summary = summary;
        }
    }

    /**
     * What a state means.
     *
     * @param inverted whether it is bad not to be in it
     * @param stuckSince for states that are bad only once they last: since when it is not otherwise; null for others
     */
    private record Rule(
            long state,
            Consequence consequence,
            boolean inverted,
            @Nullable Function<PgStats.Stamps, Instant> stuckSince) {
        boolean applies(long now) {
            return (now & state) != 0 != inverted;
        }

        String name() {
            return inverted ? "inactive" : PgState.names(state);
        }
    }

    /** In the order of the states' bits, as Ceph names them. */
    private static final List<Rule> RULES = List.of(
            new Rule(PgState.ACTIVE, Consequence.UNAVAILABLE, true, PgStats.Stamps::active),
            new Rule(PgState.DOWN, Consequence.UNAVAILABLE, false, null),
            new Rule(PgState.RECOVERY_UNFOUND, Consequence.DAMAGED, false, null),
            new Rule(PgState.BACKFILL_UNFOUND, Consequence.DAMAGED, false, null),
            new Rule(PgState.DEGRADED, Consequence.DEGRADED, false, null),
            new Rule(PgState.INCONSISTENT, Consequence.DAMAGED, false, null),
            new Rule(PgState.PEERING, Consequence.UNAVAILABLE, false, PgHealth::lastPeeredOrActive),
            new Rule(PgState.INCOMPLETE, Consequence.UNAVAILABLE, false, null),
            new Rule(PgState.STALE, Consequence.UNAVAILABLE, false, PgStats.Stamps::unstale),
            new Rule(PgState.BACKFILL_TOOFULL, Consequence.BACKFILL_FULL, false, null),
            new Rule(PgState.UNDERSIZED, Consequence.DEGRADED, false, PgStats.Stamps::fullsized),
            new Rule(PgState.RECOVERY_TOOFULL, Consequence.RECOVERY_FULL, false, null),
            new Rule(PgState.SNAPTRIM_ERROR, Consequence.DAMAGED, false, null));

    private static final long HEALTHY = PgState.ACTIVE;
    private static final long BAD =
            RULES.stream().filter(r -> !r.inverted).mapToLong(Rule::state).reduce(0, (a, b) -> a | b);

    /** The groups that suffer one consequence: how many are in which state, and a line for some of them. */
    private static final class Causes {
        private final Map<Integer, Integer> byRule = new TreeMap<>();
        private final Map<PgId, String> lines = new TreeMap<>();
    }

    private final HealthInput input;
    private final Instant cutoff;
    private final Map<Consequence, Causes> found = new EnumMap<>(Consequence.class);

    private PgHealth(HealthInput input) {
        this.input = input;
        cutoff = input.now().minus(input.config().span("mon_pg_stuck_threshold", Duration.ofMinutes(1)));
    }

    public static void check(HealthInput input, Consumer<HealthCheck> checks) {
        PgHealth health = new PgHealth(input);
        input.pgs().pgs().forEach((pg, stats) -> {
            if ((stats.state() & (HEALTHY | BAD)) != HEALTHY) {
                health.look(pg, stats);
            }
        });
        health.found.forEach((consequence, causes) -> checks.accept(health.check(consequence, causes)));
    }

    private static Instant lastPeeredOrActive(PgStats.Stamps stamps) {
        return stamps.active().isAfter(stamps.peered()) ? stamps.active() : stamps.peered();
    }

    private void look(PgId pg, PgStats stats) {
        for (int i = 0; i < RULES.size(); i++) {
            Rule rule = RULES.get(i);
            if (!rule.applies(stats.state()) || !isStuck(rule, stats)) {
                continue;
            }
            Causes causes = found.computeIfAbsent(rule.consequence, c -> new Causes());
            causes.byRule.merge(i, 1, Integer::sum);
            if (causes.lines.size() <= input.mostDetails()) {
                causes.lines.put(pg, line(pg, stats, rule));
            }
        }
    }

    private boolean isStuck(Rule rule, PgStats stats) {
        if (rule.stuckSince == null) {
            return true;
        }
        Instant since = rule.stuckSince.apply(stats.stamps());
        boolean never = since.equals(Instant.EPOCH);
        boolean stillMoving = never && !stats.stamps().change().isBefore(cutoff);
        return !stillMoving && since.isBefore(cutoff);
    }

    private String line(PgId pg, PgStats stats, Rule rule) {
        StringBuilder line = new StringBuilder("pg ").append(pg);
        String state = PgState.names(stats.state());
        String acting = HealthInput.osds(stats.mapping().acting());
        if (rule.stuckSince == null) {
            line.append(" is ").append(state).append(", acting ").append(acting);
            long unfound = stats.stats().get(ObjectStats.Counter.OBJECTS_UNFOUND);
            if (unfound > 0) {
                line.append(", ").append(unfound).append(" unfound");
            }
        } else {
            Instant since = rule.stuckSince.apply(stats.stamps());
            line.append(" is stuck ").append(rule.name());
            line.append(
                    since.equals(Instant.EPOCH)
                            ? " since forever"
                            : " for " + Stamps.span(Duration.between(since, input.now())));
            line.append(", current state ")
                    .append(state)
                    .append(", last acting ")
                    .append(acting);
        }
        PgPool pool = input.map().pool(pg.pool());
        if ((stats.state() & PgState.INCOMPLETE) != 0 && pool != null && pool.minSize() > 1) {
            line.append(" (reducing pool ")
                    .append(input.poolName(pg.pool()))
                    .append(" min_size from ")
                    .append(pool.minSize())
                    .append(" may help; search ceph.com/docs for 'incomplete')");
        }
        return line.toString();
    }

    private HealthCheck check(Consequence consequence, Causes causes) {
        List<String> parts = new ArrayList<>();
        ObjectStats total = input.pgs().total();
        long lost = total.get(ObjectStats.Counter.OBJECTS_DEGRADED);
        long copies = total.get(ObjectStats.Counter.OBJECT_COPIES);
        if (consequence == Consequence.DEGRADED && lost > 0 && copies > 0) {
            parts.add(
                    String.format(Locale.ROOT, "%d/%d objects degraded (%.3f%%)", lost, copies, 100.0 * lost / copies));
        }
        int count = 0;
        for (Map.Entry<Integer, Integer> e : causes.byRule.entrySet()) {
            int groups = e.getValue();
            parts.add(groups
                    + (groups > 1 ? " pgs " : " pg ")
                    + RULES.get(e.getKey()).name());
            count += groups;
        }
        return new HealthCheck(
                consequence.code,
                consequence.severity,
                consequence.summary + String.join(", ", parts),
                count,
                List.copyOf(causes.lines.values()));
    }
}
