package io.spirula.osd.pg;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOp;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.op.OpTraits;

/** What decides, whatever its object is like, whether a client's request is carried out, refused or dropped. Source of the order: PrimaryLogPG::do_op. */
final class OpChecks {
    private final PlacementGroup pg;
    private final PgHost host;

    OpChecks(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /**
     * Whether the request is dropped, and its client sends it again when it may: the disk is so full that what is written could be its end, or it was sent before its client knew that the pool was marked full. Of the latter, none
     * may pass before those that were dropped while the pool was full. Source: PrimaryLogPG::do_op. That reads or writes are paused is the clients' to heed.
     */
    boolean mustNotNow(ClientOp op, OpTraits traits) {
        OsdOp m = op.message();
        if (!traits.writes() && !traits.writeOrdered() || m.hasFlag(OsdOp.FLAG_FULL_TRY)) {
            return false;
        }
        if (host.fullness() == Fullness.FAILSAFE) {
            host.turnedAway(op.connection());
            return true;
        }
        boolean tooOld = !m.hasFlag(OsdOp.FLAG_FULL_FORCE)
                && Integer.compareUnsigned(
                                m.epoch(), pg.members().info().history().lastEpochMarkedFull())
                        < 0;
        if (tooOld) {
            host.shareMap(op.connection());
        }
        return tooOld;
    }

    /** The errno with which a request is refused; 0 for none. */
    int refusal(ClientOp op, OpTraits traits) {
        OsdOp m = op.message();
        ObjectId id = m.object();
        if (m.hasFlag(OsdOp.FLAG_PARALLELEXEC)
                || !traits.reads() && !traits.writes() && traits.needs().calls().isEmpty()) {
            return Errno.EINVAL;
        }
        if (!allowed(op, traits)) {
            return Errno.EPERM;
        }
        if (traits.onGroup()) {
            return 0;
        }
        int longest = host.limits().maxObjectNameBytes();
        if (id.name().size() > longest
                || id.key().size() > longest
                || id.namespace().size() > host.limits().maxNamespaceBytes()) {
            return Errno.ENAMETOOLONG;
        }
        if (id.name().isEmpty()) {
            return Errno.EINVAL;
        }
        if (host.map().isBlocklisted(op.address())) {
            return Errno.ESHUTDOWN;
        }
        if (traits.writes() && id.snap() != ObjectId.HEAD) {
            return Errno.EINVAL;
        }
        boolean snapshot = id.snap() != ObjectId.HEAD && id.snap() != ObjectId.SNAPDIR;
        if (snapshot || traits.writes() && !m.snaps().snaps().isEmpty()) {
            return Errno.EOPNOTSUPP; // there are only heads: better no answer than the head's for a snapshot's
        }
        if (traits.writes() && dataBytes(m) > host.limits().maxWriteBytes()) {
            return Errno.EMSGSIZE;
        }
        return 0;
    }

    private static long dataBytes(OsdOp m) {
        long total = 0;
        for (ObjectOp op : m.ops()) {
            total += op.input().size();
        }
        return total;
    }

    /** Ceph: PG::op_has_sufficient_caps. */
    private boolean allowed(ClientOp op, OpTraits traits) {
        OsdCaps caps = host.capsOf(op.connection());
        if (caps.allowsAll()) {
            return true;
        }
        ObjectId id = op.message().object();
        long poolId = pg.id().pg().pool();
        String name = host.map().poolName(poolId);
        PgPool pool = host.map().pool(poolId);
        if (name == null || pool == null) {
            return false; // the pool was deleted a moment ago
        }
        Bytes object = id.key().isEmpty() ? id.name() : id.key();
        OsdCaps.Target target = new OsdCaps.Target(name, id.namespace().utf8(), pool.applications(), object.utf8());
        return caps.allows(target, traits.needs());
    }

    /** Pools without room take nothing that makes them larger. */
    boolean isFull(ClientOp op, OpExecution execution) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        return pool != null
                && pool.has(PoolFlag.FULL)
                && !op.message().hasFlag(OsdOp.FLAG_FULL_FORCE)
                && (execution.stats().bytes > 0 || execution.stats().objects > 0);
    }

    /** What a full pool says to who only tried; 0 for who is to wait for room. */
    int fullErrno(ClientOp op) {
        PgPool pool = host.map().pool(pg.id().pg().pool());
        boolean quota = pool != null && pool.has(PoolFlag.FULL_QUOTA);
        return !op.message().hasFlag(OsdOp.FLAG_FULL_TRY) ? 0 : quota ? Errno.EDQUOT : Errno.ENOSPC;
    }
}
