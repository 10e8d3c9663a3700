package io.spirula.mon.paxos;

import io.spirula.common.config.Config;
import java.time.Duration;

/**
 * How long Paxos waits for what.
 *
 * @param lease how long after its grant a lease lets a monitor answer reads. Ceph: mon_lease
 * @param leaseTimeout how long a peon without a new lease, and a leader without an acknowledgement, stays in its quorum. Ceph: mon_lease_ack_timeout_factor times the lease
 * @param acceptTimeout how long a leader waits for its peons while it collects and proposes. Ceph: mon_accept_timeout_factor times the lease
 */
public record PaxosSettings(Duration lease, Duration leaseTimeout, Duration acceptTimeout) {
    /**
     * Renewals in a lease's time. A lease is reckoned from what the peon and the majority last said, which is up to two renewals old when the peon gets it, and must last until the next one: see {@link Leases}. Ceph reckons
     * it from the leader's wall clock and renews it at 0.6 of its time (mon_lease_renew_interval_factor).
     */
    private static final int RENEWALS = 5;

    public static PaxosSettings of(Config config) {
        Duration lease = config.span("mon_lease", Duration.ofSeconds(5));
        return new PaxosSettings(
                lease,
                times(lease, config.real("mon_lease_ack_timeout_factor", 2.0)),
                times(lease, config.real("mon_accept_timeout_factor", 2.0)));
    }

    private static Duration times(Duration span, double factor) {
        return Duration.ofNanos((long) (span.toNanos() * factor));
    }

    Duration renewal() {
        return lease.dividedBy(RENEWALS);
    }
}
