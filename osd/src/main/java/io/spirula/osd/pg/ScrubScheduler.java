package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.OsdScrub2;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.RecoveryState;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.scrub.ScrubPlan;
import io.spirula.osd.scrub.ScrubSettings;
import io.spirula.osd.scrub.ScrubTimes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Begins the scrubs of an OSD's groups: those that were asked for, then those that are due, as far as there are places. Source: OSD::sched_scrub, PG::verify_scrub_mode. */
public final class ScrubScheduler {
    private record Candidate(PlacementGroup pg, Instant due, ScrubPlan plan) {}

    private final PgHost host;
    private final SortedMap<ShardPgId, PlacementGroup> groups;
    private final DoubleSupplier load;

    /** @param load the host's load average by processors */
    public ScrubScheduler(PgHost host, PlacementGroups groups, DoubleSupplier load) {
        this.host = host;
        this.groups = groups.byId();
        this.load = load;
    }

    /** Somebody asks for scrubs of groups that this OSD is primary of. */
    public void request(OsdScrub2 message) {
        for (ShardPgId id : message.pgs()) {
            PlacementGroup pg = groups.get(id);
            if (pg != null && pg.isPrimary()) {
                pg.scrubs().request(ScrubPlan.requested(message.deep(), message.repair()));
            }
        }
        tick();
    }

    /** Begins what may begin; to be called every second or so. */
    public void tick() {
        OsdScrubs scrubs = host.scrubs();
        if (!scrubs.hasPlace()) {
            return;
        }
        Instant now = host.clock().now();
        List<Candidate> candidates = new ArrayList<>();
        for (PlacementGroup pg : groups.values()) {
            Candidate candidate = pg.scrubs().isReady(now) ? candidate(pg, now) : null;
            if (candidate != null) {
                candidates.add(candidate);
            }
        }
        candidates.sort(
                Comparator.comparing((Candidate c) -> !c.plan.required()).thenComparing(Candidate::due));
        boolean recovering = isRecovering();
        for (Candidate c : candidates) {
            if (!c.plan.required() && recovering && !scrubs.settings().duringRecovery()) {
                return;
            }
            if (!scrubs.take(OsdScrubs.Role.PRIMARY)) {
                return;
            }
            c.pg.scrubs().start(c.plan);
        }
    }

    /**
     * When a group is to be scrubbed.
     *
     * @param forced whether somebody has asked for it
     */
    public record Scheduled(ShardPgId pg, Instant due, Instant deadline, boolean forced) {}

    /** The scrubs of all groups that this OSD is primary of, the earliest first. */
    public List<Scheduled> scheduled() {
        List<Scheduled> all = new ArrayList<>();
        for (PlacementGroup pg : groups.values()) {
            PgPool pool = host.map().pool(pg.id().pg().pool());
            if (!pg.isPrimary() || pool == null) {
                continue;
            }
            ScrubTimes.Due due = host.scrubs()
                    .settings()
                    .times()
                    .due(pg.id().pg(), pool, pg.scrubs().history());
            boolean forced = pg.scrubs().wanted() != null;
            all.add(new Scheduled(
                    pg.id(), forced ? Instant.EPOCH : due.at(), forced ? Instant.EPOCH : due.deadline(), forced));
        }
        all.sort(Comparator.comparing(Scheduled::due));
        return all;
    }

    private boolean isRecovering() {
        return groups.values().stream()
                .anyMatch(pg -> pg.state() instanceof RecoveryState.Recovering
                        || pg.state() instanceof RecoveryState.Backfilling);
    }

    private @Nullable Candidate candidate(PlacementGroup pg, Instant now) {
        ScrubPlan wanted = pg.scrubs().wanted();
        if (wanted != null) {
            return new Candidate(pg, Instant.EPOCH, wanted);
        }
        PgPool pool = host.map().pool(pg.id().pg().pool());
        if (pool == null) {
            return null;
        }
        ScrubSettings settings = host.scrubs().settings();
        ScrubTimes times = settings.times();
        ScrubTimes.Due due = times.due(pg.id().pg(), pool, pg.scrubs().history());
        if (due.at().isAfter(now) || due.deadline().isAfter(now) && !isGoodTime(times, now)) {
            return null;
        }
        boolean deep = pg.scrubs().hasDeepErrors()
                || times.isTimeForDeep(pg.id().pg(), pool, pg.scrubs().history(), now);
        if (deep && !mayDeepScrub(host.map(), pool)) {
            if (pg.scrubs().hasDeepErrors()) {
                return null; // a shallow one would forget them
            }
            deep = false;
        }
        return deep || mayScrub(host.map(), pool)
                ? new Candidate(pg, due.at(), ScrubPlan.scheduled(deep, settings.autoRepair()))
                : null;
    }

    private boolean isGoodTime(ScrubTimes times, Instant now) {
        return times.permits(now, ZoneId.systemDefault()) && load.getAsDouble() < times.loadThreshold();
    }

    static boolean mayScrub(OsdMap map, PgPool pool) {
        return !map.has(OsdMapFlag.NOSCRUB) && !pool.has(PoolFlag.NOSCRUB);
    }

    static boolean mayDeepScrub(OsdMap map, PgPool pool) {
        return !map.has(OsdMapFlag.NODEEP_SCRUB) && !pool.has(PoolFlag.NODEEP_SCRUB);
    }
}
