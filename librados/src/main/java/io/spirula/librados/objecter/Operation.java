package io.spirula.librados.objecter;

import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation on an object or a placement group, from its submission to its end. What it asks for is fixed; how far it has come is the {@link Objecter}'s, on its reactor.
 */
public final class Operation {
    /** What becomes of an operation. Exactly one call, on the reactor. */
    public interface Listener {
        /** An OSD answered; the reply's result may still be an error. */
        void answered(OsdOpReply reply);

        /** There is no answer and will be none. */
        void failed(int errno, String reason);
    }

    final OperationTarget where;
    final List<ObjectOp> ops;
    final SnapContext snapContext;
    final long snap;
    final Instant mtime;
    final Duration timeout;
    final Listener listener;

    int flags;
    /** Where an OSD has redirected us to; the place asked for otherwise. */
    OperationTarget place;

    long tid;
    long deadlineNanos;
    long sentNanos;
    int attempts;
    boolean paused;
    boolean blocked;
    /** The epoch up to which forced resends have been honoured. */
    int resendsSeen;
    /** From this epoch on, a map without the pool means that the pool does not exist; 0 while that is not known. */
    int poolMissingFrom;

    boolean askedForNewestMap;

    @Nullable
    PgTarget target;

    ObjectId object = ObjectId.MIN;

    @Nullable
    OsdSession session;

    /**
     * @param flags {@code OsdOp.FLAG_*}: READ or WRITE at least
     * @param timeout how long until {@link Listener#failed} with ETIMEDOUT
     */
    public Operation(
            OperationTarget where,
            List<ObjectOp> ops,
            int flags,
            SnapContext snapContext,
            long snap,
            Instant mtime,
            Duration timeout,
            Listener listener) {
        this.where = where;
        this.place = where;
        this.ops = ops;
        this.flags = flags;
        this.snapContext = snapContext;
        this.snap = snap;
        this.mtime = mtime;
        this.timeout = timeout;
        this.listener = listener;
    }

    boolean isRead() {
        return (flags & OsdOp.FLAG_READ) != 0;
    }

    boolean isWrite() {
        return (flags & OsdOp.FLAG_WRITE) != 0;
    }

    boolean waitsWhereFull() {
        return isWrite() && (flags & (OsdOp.FLAG_FULL_TRY | OsdOp.FLAG_FULL_FORCE)) == 0;
    }

    /** What has become of an operation's target under the newest map. */
    enum Change {
        NONE,
        RESEND,
        NO_POOL
    }

    /** Finds its target anew. Ceph: _calc_target. */
    Change follow(@Nullable Placement now, boolean skippedMaps) {
        PgPool base = now == null ? null : now.pool(place.pool());
        if (now == null || base == null) {
            target = null;
            return Change.NO_POOL;
        }
        boolean forced = skippedMaps || base.lastForceOpResend() > resendsSeen;
        resendsSeen = now.epoch();
        long poolId = now.overlay(this, base);
        PgPool pool = poolId == place.pool() ? base : Objects.requireNonNull(now.pool(poolId));
        if (object.pool() != poolId || target == null) {
            object = Placement.object(place, poolId, pool);
        }
        PgTarget next = now.target(poolId, pool, object.hash());
        boolean wasPaused = paused;
        paused = isPaused(now);
        boolean changed = !next.equals(target);
        target = next;
        return changed || forced || wasPaused && !paused ? Change.RESEND : Change.NONE;
    }

    private boolean isPaused(Placement now) {
        return isRead() && now.pausesReads()
                || isWrite() && now.pausesWrites()
                || waitsWhereFull() && now.isFull(place.pool());
    }

    /** What it waits for, in words: for the error at the deadline. */
    String waitingFor() {
        String what = where + ": ";
        if (target == null) {
            return what + "the pool is not in the OSD map yet";
        }
        PgId pg = target.pg();
        if (paused) {
            return what + "paused, because the cluster or the pool is full or has the pause flag";
        }
        if (target.primary() == PgTarget.NOBODY) {
            return what + "placement group " + pg + " has no primary OSD";
        }
        if (blocked) {
            return what + "osd." + target.primary() + " asked to wait for placement group " + pg;
        }
        return what + "no answer from osd." + target.primary() + " (placement group " + pg + ", sent " + attempts
                + (attempts == 1 ? " time)" : " times)");
    }
}
