package io.spirula.osd.peering;

import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLease;
import io.spirula.common.pg.PgLeaseAck;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgNotify;
import io.spirula.common.pg.PgQuery;
import org.jspecify.annotations.Nullable;

/**
 * What the OSDs of one placement group tell each other while peering. {@code epochSent} is the sender's epoch, {@code queryEpoch} that of the question answered, or of the sender's interval where there was none: what
 * is older than the receiver's last reset is dropped.
 */
public sealed interface PeerMessage {
    int epochSent();

    int queryEpoch();

    /** Here is my info. Ceph: MOSDPGNotify2. */
    record Notify(PgNotify content) implements PeerMessage {
        @Override
        public int epochSent() {
            return content.epochSent();
        }

        @Override
        public int queryEpoch() {
            return content.queryEpoch();
        }
    }

    /** The primary's info to activate with, or to share; a replica's once it has activated. Ceph: MOSDPGInfo2. */
    record InfoShare(
            int epochSent,
            int queryEpoch,
            PgInfo info,
            @Nullable PgLease lease,
            @Nullable PgLeaseAck leaseAck) implements PeerMessage {}

    /** A question. Ceph: MOSDPGQuery2. */
    record Query(PgQuery query) implements PeerMessage {
        @Override
        public int epochSent() {
            return query.epochSent();
        }

        @Override
        public int queryEpoch() {
            return query.epochSent();
        }
    }

    /** A log with what its owner misses, as an answer or to activate with. Ceph: MOSDPGLog. */
    record Log(
            int epochSent,
            int queryEpoch,
            PgInfo info,
            PgLogRecord log,
            PgMissing missing,
            PastIntervals pastIntervals,
            @Nullable PgLease lease)
            implements PeerMessage {}

    /** A primary asks to be followed for longer. Ceph: MOSDPGLease. */
    record Lease(int epochSent, PgLease lease) implements PeerMessage {
        @Override
        public int queryEpoch() {
            return epochSent;
        }
    }

    /** The group is clean without this copy: it is to be removed. Ceph: MOSDPGRemove. */
    record Remove(int epochSent) implements PeerMessage {
        @Override
        public int queryEpoch() {
            return epochSent;
        }
    }

    /** A replica agrees. Ceph: MOSDPGLeaseAck. */
    record LeaseAck(int epochSent, PgLeaseAck ack) implements PeerMessage {
        @Override
        public int queryEpoch() {
            return epochSent;
        }
    }

    /**
     * About a place for recovery or backfill at a replica's OSD. Ceph: MRecoveryReserve, MBackfillReserve.
     *
     * @param priority of a request
     * @param primaryBytes how much the group has at the primary, in a request for backfill
     * @param shardBytes how much of that is at the target already
     */
    record Reserve(int epoch, boolean backfill, Kind kind, int priority, long primaryBytes, long shardBytes)
            implements PeerMessage {
        /** A question of the primary, an answer to it, or the end of a reservation by either. */
        public enum Kind {
            REQUEST,
            GRANT,
            REJECT_TOOFULL,
            RELEASE,
            REVOKE_TOOFULL,
            REVOKE
        }

        static Reserve of(int epoch, boolean backfill, Kind kind) {
            return new Reserve(epoch, backfill, kind, 0, 0, 0);
        }

        @Override
        public int epochSent() {
            return epoch;
        }

        @Override
        public int queryEpoch() {
            return epoch;
        }
    }
}
