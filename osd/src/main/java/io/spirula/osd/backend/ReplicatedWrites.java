package io.spirula.osd.backend;

import io.spirula.common.message.Message;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.message.OsdRepOpReply;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A primary's writes that are not yet durable everywhere, in their order. Each is reported done once this OSD and every replica has it on disk, and after all before it. Ceph: the repop queue, with ReplicatedBackend's
 * in-progress operations.
 */
public final class ReplicatedWrites {
    /** What replication needs of its group. */
    public interface Group {
        ShardPgId id();

        PgShard self();

        void send(int osd, Message message);
    }

    /** One interval's members besides us, and how far each has come. */
    private record Replicas(int epoch, int intervalStart, List<PgShard> peers, EVersion[] lastCompleteOndisk) {
        static final Replicas NONE = new Replicas(0, 0, List.of(), new EVersion[0]);
    }

    private static final class Write {
        private final long tid;
        private final EVersion version;
        private final Runnable durable;
        private long awaited; // a bit for each replica
        private boolean local;

        Write(long tid, EVersion version, long awaited, Runnable durable) {
            this.tid = tid;
            this.version = version;
            this.awaited = awaited;
            this.durable = durable;
        }

        boolean isDone() {
            return local && awaited == 0;
        }
    }

    private final Group group;
    private final ArrayDeque<Write> queue = new ArrayDeque<>();
    private Replicas replicas = Replicas.NONE;
    private EVersion lastDurable = EVersion.ZERO;
    private EVersion localOndisk = EVersion.ZERO;
    private long lastTid;

    public ReplicatedWrites(Group group) {
        this.group = group;
    }

    /**
     * A new interval: what was on its way is nobody's any more.
     *
     * @param peers who has every write besides us; at most 63
     */
    public void start(int epoch, int intervalStart, List<PgShard> peers, EVersion lastUpdate) {
        if (peers.size() > 63) {
            throw new IllegalArgumentException(peers.size() + " replicas");
        }
        queue.clear();
        EVersion[] complete = new EVersion[peers.size()];
        Arrays.fill(complete, EVersion.ZERO);
        replicas = new Replicas(epoch, intervalStart, List.copyOf(peers), complete);
        lastDurable = lastUpdate;
        localOndisk = lastUpdate;
    }

    public void stop() {
        queue.clear();
        replicas = Replicas.NONE;
    }

    public boolean isIdle() {
        return queue.isEmpty();
    }

    /** Up to where everything is on every disk. Ceph: last_update_ondisk of the whole acting set. */
    public EVersion lastDurable() {
        return lastDurable;
    }

    /** Up to where every member has said that it misses nothing: the log may be trimmed to here. Ceph: min_last_complete_ondisk. */
    public EVersion minLastCompleteOndisk() {
        EVersion min = localOndisk;
        for (EVersion v : replicas.lastCompleteOndisk) {
            min = v.compareTo(min) < 0 ? v : min;
        }
        return min;
    }

    /**
     * Sends a write to the replicas. The caller has submitted it to its own store and calls {@link #localCommit} with the number given here.
     *
     * @param takesChange false for those who get the log's entries only, because backfill brings them the object later
     * @param durable runs once it is on every disk
     */
    public long begin(
            int epoch, ReplicatedChange change, EVersion trimTo, Predicate<PgShard> takesChange, Runnable durable) {
        PgLogEntry newest = change.entries().getLast();
        long tid = ++lastTid;
        int peers = replicas.peers.size();
        queue.add(new Write(tid, newest.version(), peers == 0 ? 0 : -1L >>> 64 - peers, durable));
        if (peers > 0) {
            OsdRepOp message = message(tid, epoch, change, newest, trimTo);
            for (PgShard peer : replicas.peers) {
                group.send(
                        peer.osd(),
                        takesChange.test(peer)
                                ? message
                                : message(tid, epoch, change.withoutChanges(), newest, trimTo));
            }
        }
        return tid;
    }

    private OsdRepOp message(long tid, int epoch, ReplicatedChange change, PgLogEntry newest, EVersion trimTo) {
        ReplicatedChange.Parts parts = change.encode();
        return new OsdRepOp(
                tid,
                epoch,
                replicas.intervalStart,
                newest.reqId(),
                group.id(),
                newest.object(),
                1,
                newest.version(),
                parts.head(),
                OsdRepOp.NO_STATS,
                trimTo,
                ObjectId.MIN,
                ObjectId.MIN,
                group.self(),
                false,
                minLastCompleteOndisk(),
                parts.data());
    }

    /** Our own store has it. */
    public void localCommit(long tid, EVersion lastComplete) {
        for (Write w : queue) {
            if (w.tid == tid) {
                w.local = true;
                if (lastComplete.compareTo(localOndisk) > 0) {
                    localOndisk = lastComplete;
                }
                complete();
                return;
            }
        }
    }

    /** A replica has it. */
    public void acknowledged(OsdRepOpReply reply) {
        int index = replicas.peers.indexOf(reply.from());
        if (index < 0 || Integer.compareUnsigned(reply.epoch(), replicas.intervalStart) < 0) {
            return; // of an interval that is over
        }
        EVersion complete = reply.lastCompleteOndisk();
        if (complete.compareTo(replicas.lastCompleteOndisk[index]) > 0) {
            replicas.lastCompleteOndisk[index] = complete;
        }
        for (Write w : queue) {
            if (w.tid == reply.tid()) {
                w.awaited &= ~(1L << index);
                complete();
                return;
            }
        }
    }

    private void complete() {
        Write first = queue.peek();
        while (first != null && first.isDone()) {
            queue.remove();
            lastDurable = first.version;
            first.durable.run();
            first = queue.peek();
        }
    }

    /** What a replica reads from a primary's message. Throws MalformedInput. */
    public static ReplicatedChange read(OsdRepOp message) {
        return ReplicatedChange.decode(message.pg(), message.logEntries(), message.transaction());
    }

    /** A replica's answer. */
    public static OsdRepOpReply reply(OsdRepOp message, int epoch, PgShard self, EVersion lastCompleteOndisk) {
        ReqId reqid = message.reqId();
        return new OsdRepOpReply(
                message.tid(), epoch, message.minEpoch(), reqid, message.pg(), 1, 0, lastCompleteOndisk, self);
    }
}
