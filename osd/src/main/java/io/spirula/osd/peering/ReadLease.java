package io.spirula.osd.peering;

import io.spirula.common.env.Clock;
import io.spirula.common.pg.PgLease;
import io.spirula.common.pg.PgShard;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Until when a group's primary may serve, so that nobody reads from one that was replaced without noticing. A primary serves as long as every acting replica has lately promised not to follow another until some
 * moment; a replica remembers the latest such moment, and whoever peers next waits for it, unless all who may still think that they serve were heard or are known to be dead. Moments are nanoseconds of this OSD's
 * monotonic clock and never leave it: others are told spans, which on their way only get longer than they should be. Source of the rules: Ceph's dev/osd_internals/stale_read, PeeringState::renew_lease, proc_lease,
 * recalc_readable_until, check_prior_readable_down_osds.
 *
 * <p>Unlike in Ceph replicas never serve reads, so a primary that goes on being the primary has nobody to wait for. And whoever may still serve is looked for among all who took part since the group was last clean, not
 * only since it was last active.
 */
final class ReadLease {
    private final Clock clock;
    private final Supplier<Duration> interval;
    private final long origin;
    /** Until then somebody may serve who did in an earlier interval. Ceph: prior_readable_until_ub. */
    private long priorUntil;
    /** Who that could be. Ceph: prior_readable_down_osds. */
    private final TreeSet<Integer> priorServing = new TreeSet<>();
    /** As a replica: until then the primary may serve. Ceph: readable_until_ub. */
    private long primaryUntil;
    /** As the primary: what the replicas were last asked for, and what each has agreed to. Ceph: readable_until_ub_sent, acting_readable_until_ub. */
    private long sentUntil;

    private long servingUntil;
    private final TreeMap<PgShard, Long> agreedUntil = new TreeMap<>();

    ReadLease(Clock clock, Supplier<Duration> interval) {
        this.clock = clock;
        this.interval = interval;
        origin = clock.nanoTime();
    }

    private long now() {
        return clock.nanoTime() - origin;
    }

    /** This OSD was down and knows what it promised no more: at most what it could have just before. */
    void restarted() {
        priorUntil = interval.get().toNanos();
    }

    /** A group that this one was a part of, or that becomes a part of it, has promised as much. */
    void inherit(ReadLease other) {
        Duration prior = other.prior();
        if (prior.compareTo(prior()) > 0) {
            learn(prior);
        }
        priorServing.addAll(other.priorServing);
    }

    /** The interval is over. */
    void reset() {
        priorUntil = Math.max(priorUntil, primaryUntil);
        primaryUntil = 0;
        sentUntil = 0;
        servingUntil = 0;
        agreedUntil.clear();
    }

    /** For how long somebody may still serve who did in an earlier interval. */
    Duration prior() {
        return Duration.ofNanos(Math.max(0, priorUntil - now()));
    }

    /** A peer knows better. */
    void learn(Duration prior) {
        priorUntil = prior.isZero() ? 0 : now() + prior.toNanos();
    }

    /** On a new primary: these have served and were not heard. */
    void mayBeServing(SortedSet<Integer> osds, PeeringMap map) {
        priorServing.addAll(osds);
        mapped(map);
        if (priorServing.isEmpty()) {
            priorUntil = 0;
        }
    }

    /** Whether this map ends a wait: the last one who might be serving is known not to. */
    boolean mapped(PeeringMap map) {
        boolean changed = priorServing.removeIf(osd -> map.isUp(osd) || map.isDead(osd));
        if (changed && priorServing.isEmpty() && isWaiting()) {
            priorUntil = 0;
            return true;
        }
        return false;
    }

    /** Whether somebody else may still be serving. Ceph: PG_STATE_WAIT. */
    boolean isWaiting() {
        return priorUntil > now();
    }

    /** As a primary that activates: these have to agree. */
    void serve(Iterable<PgShard> replicas) {
        agreedUntil.clear();
        replicas.forEach(replica -> agreedUntil.put(replica, 0L));
        renew();
    }

    /** As the primary: whether a replica's promise is too old to serve by. Ceph: PG_STATE_LAGGY. */
    boolean isLaggy() {
        return servingUntil <= now();
    }

    private void agreement() {
        servingUntil = sentUntil;
        agreedUntil.values().forEach(until -> servingUntil = Math.min(servingUntil, until));
    }

    /** As the primary: what to ask the replicas for now. */
    PgLease renew() {
        sentUntil = now() + interval.get().toNanos();
        agreement();
        return new PgLease(Duration.ofNanos(sentUntil), Duration.ofNanos(sentUntil), interval.get());
    }

    /** As the primary: a replica has agreed. */
    void agreed(PgShard replica, Duration until) {
        agreedUntil.computeIfPresent(replica, (r, before) -> Math.max(before, until.toNanos()));
        agreement();
    }

    /** As a replica: the primary asks; from when it asked counts less than from now on. */
    void promised(PgLease lease) {
        primaryUntil = Math.max(primaryUntil, now() + lease.interval().toNanos());
    }

    Duration interval() {
        return interval.get();
    }
}
