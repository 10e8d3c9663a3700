package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.UpActing;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.backend.PgCounters;
import io.spirula.osd.pglog.PgLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which OSDs serve a group in which interval, and whether it may serve: for now a group is active as soon as its members are up. */
public final class Peering {
    private static final long STATE_ACTIVE = 1L << 1;
    private static final long STATE_CLEAN = 1L << 2;
    private static final long STATE_DEGRADED = 1L << 10;
    private static final long STATE_PEERING = 1L << 12;
    private static final long STATE_UNDERSIZED = 1L << 23;

    private final PlacementGroup pg;
    private final PgHost host;
    private UpActing members = UpActing.NOWHERE;
    private int intervalStart;
    private int primarySince;
    private boolean active;
    private int size;
    private long reports;
    private Instant changed = Instant.EPOCH;

    Peering(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    public boolean isActive() {
        return active;
    }

    public boolean isPrimary() {
        return members.actingPrimary() == host.whoami();
    }

    public int intervalStart() {
        return intervalStart;
    }

    /** Whether a request sent in that epoch was meant for us as this primary. */
    boolean mayServe(int epoch) {
        return Integer.compareUnsigned(epoch, primarySince) >= 0;
    }

    public UpActing members() {
        return members;
    }

    boolean waitsForRecovery(ObjectId object, boolean write, Runnable again) {
        return false;
    }

    void advance(OsdMap map) {
        UpActing now = map.pgToUpActing(pg.id().pg());
        var pool = map.pool(pg.id().pg().pool());
        size = pool == null ? 0 : pool.size();
        if (now.equals(members)) {
            return;
        }
        if (now.actingPrimary() != members.actingPrimary()) {
            primarySince = map.epoch();
        }
        members = now;
        intervalStart = map.epoch();
        active = false;
        changed = host.clock().now();
        pg.intervalChanged(isPrimary());
        if (isPrimary() && pool != null && now.acting().size() >= pool.minSize()) {
            active = true;
            List<PgShard> replicas = new ArrayList<>();
            for (int osd : now.acting()) {
                if (osd != host.whoami() && osd != UpActing.NONE) {
                    replicas.add(PgShard.replica(osd));
                }
            }
            pg.activate(map.epoch(), intervalStart, replicas);
        }
    }

    private long state() {
        if (!active) {
            return STATE_PEERING;
        }
        boolean whole = members.acting().size() >= size;
        return STATE_ACTIVE | (whole ? STATE_CLEAN : STATE_UNDERSIZED | STATE_DEGRADED);
    }

    PgStats stats(PgStats base, PgCounters counters, PgLog log) {
        Instant now = host.clock().now();
        ObjectStats sums = counters.into(base.stats());
        sums = sums.with(ObjectStats.Counter.OBJECT_COPIES, counters.objects() * size);
        return new PgStats(
                log.head(),
                ++reports,
                host.map().epoch(),
                state(),
                log.tail(),
                log.tail(),
                intervalStart,
                host.map().epoch(),
                base.parent(),
                base.parentSplitBits(),
                base.scrub(),
                sums,
                log.size(),
                log.size(),
                new PgStats.Mapping(
                        members.up(), members.upPrimary(), members.acting(), members.actingPrimary(), intervalStart),
                new PgStats.Stamps(now, changed, now, now, now, now, now, now, changed, changed),
                base.invalid(),
                List.of(),
                0,
                base.purgedSnaps(),
                List.of(),
                Map.of());
    }
}
