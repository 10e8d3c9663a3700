package io.spirula.osd.pg;

import io.spirula.common.message.Message;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.message.OsdRepOpReply;
import io.spirula.common.pg.LastReport;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.backend.ReplicatedChange;
import io.spirula.osd.backend.ReplicatedWrites;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.store.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A group's writes on their way to the disks: begun here and replicated while we are its primary, taken from the primary while we are not; and who waits until one of them is durable everywhere. */
final class GroupWrites implements ReplicatedWrites.Group {
    private record Waiter(EVersion version, Runnable task) {}

    private final PlacementGroup pg;
    private final PgHost host;
    private final GroupStatistics statistics;
    private final ReplicatedWrites replicated = new ReplicatedWrites(this);
    private final ArrayDeque<Waiter> durableWaiters = new ArrayDeque<>(0);
    private String waitingForSubops = "";

    GroupWrites(PlacementGroup pg, PgHost host, GroupStatistics statistics) {
        this.pg = pg;
        this.host = host;
        this.statistics = statistics;
    }

    @Override
    public ShardPgId id() {
        return pg.id();
    }

    @Override
    public PgShard self() {
        return pg.self();
    }

    @Override
    public void send(int osd, Message message) {
        host.sendToOsd(osd, message);
    }

    /** We are the primary of an active group. */
    void activated() {
        List<PgShard> replicas = new ArrayList<>(pg.members().participants());
        replicas.remove(self());
        replicated.start(host.map().epoch(), pg.interval(), replicas, pg.lastUpdate());
        waitingForSubops = "waiting for subops from "
                + replicas.stream().map(r -> Integer.toString(r.osd())).collect(Collectors.joining(","));
    }

    /** The interval is over. */
    void reset() {
        replicated.stop();
        durableWaiters.clear();
    }

    boolean isDurable(EVersion version) {
        return version.compareTo(replicated.lastDurable()) <= 0;
    }

    /** Runs {@code task} once a version that is on its way is durable everywhere; never, where the interval ends before. */
    void whenDurable(EVersion version, Runnable task) {
        durableWaiters.add(new Waiter(version, task));
    }

    private void wakeDurable() {
        while (!durableWaiters.isEmpty() && isDurable(durableWaiters.peek().version)) {
            durableWaiters.remove().task.run();
        }
    }

    /** What a write that is on its way waits for, in Ceph's words. */
    String waitingForSubops() {
        return waitingForSubops;
    }

    /** Makes a client's write durable here and on the replicas. */
    void write(List<Transaction.Op> changes, PgLogEntry entry, Runnable durable) {
        PgMembers members = pg.members();
        EVersion trimTo = members.trimTarget(replicated.minLastCompleteOndisk());
        LastReport report = LastReport.of(members.info().stats());
        ReplicatedChange change = new ReplicatedChange(List.of(entry), changes, statistics.encode(), report);
        long tid = replicated.begin(
                host.map().epoch(), change, trimTo, peer -> members.takesWritesTo(peer, entry.object()), () -> {
                    durable.run();
                    wakeDurable();
                });
        Transaction transaction = new Transaction().addAll(changes);
        members.appendAsPrimary(change.entries(), trimTo, statistics.now(), transaction);
        EVersion complete = members.info().lastComplete();
        host.store().submit(transaction, () -> replicated.localCommit(tid, complete));
        if (entry.isDelete() && members.isAnyRecoveredLater()) {
            host.reactor().execute(pg.inThisInterval(pg.recovery()::proceed)); // nobody may miss anything now
        }
    }

    /** A primary's write, done here too and answered once it is durable. */
    void replicate(OsdRepOp message) {
        if (!pg.isOfThisInterval(message.epoch()) || pg.isPrimary()) {
            return; // of an interval that is over: its primary will find out
        }
        ReplicatedChange change = ReplicatedWrites.read(message);
        Transaction transaction = new Transaction().addAll(change.changes());
        statistics.take(change.statistics());
        PgStats stats = change.report().into(statistics.now());
        pg.members().appendAsReplica(change.entries(), message.trimTo(), stats, transaction);
        EVersion complete = pg.members().info().lastComplete();
        long started = host.clock().nanoTime();
        host.store().submit(transaction, pg.inThisInterval(() -> {
            host.replicated(message.transaction().size(), host.clock().nanoTime() - started);
            host.sendToOsd(
                    message.from().osd(),
                    ReplicatedWrites.reply(message, host.map().epoch(), self(), complete));
        }));
        pg.scrubs().updated();
    }

    /** A replica has a write of ours. */
    void acknowledged(OsdRepOpReply reply) {
        if (pg.isOfThisInterval(reply.minEpoch())) {
            replicated.acknowledged(reply);
        }
    }
}
