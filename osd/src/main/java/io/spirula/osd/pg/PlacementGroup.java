package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.message.OsdRepOpReply;
import io.spirula.common.pg.OpReturn;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.backend.PgCounters;
import io.spirula.osd.backend.ReplicatedChange;
import io.spirula.osd.backend.ReplicatedWrites;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.pglog.MissingSet;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One placement group on this OSD: its log and what stands in it about itself, the clients' operations and their replication while we are its primary, and the primary's writes while we are not. Ceph: PG.
 */
public final class PlacementGroup implements ReplicatedWrites.Group {
    /** How a write was answered when it was done. */
    public record DoneBefore(EVersion version, long userVersion, int result, List<OpReturn> returns) {}

    private record Waiter(EVersion version, Runnable task) {}

    private final ShardPgId id;
    private final PgHost host;
    private final CollectionId collection;
    private final PgMeta meta;
    private final PgLog log;
    private final MissingSet missing;
    private final ReplicatedWrites writes = new ReplicatedWrites(this);
    private final Watches watches;
    private final ClientOps ops;
    private final java.util.ArrayDeque<Waiter> durableWaiters = new java.util.ArrayDeque<>(0);
    private PgInfo info;
    private PgCounters counters;
    private EVersion lastUpdate;
    private EVersion lastComplete;
    private long lastUserVersion;
    private Peering peering;

    private PlacementGroup(ShardPgId id, PgHost host, PgInfo info) {
        this.id = id;
        this.host = host;
        this.info = info;
        collection = CollectionId.of(id);
        meta = new PgMeta(id);
        log = new PgLog(meta, PgLog.Limits.DEFAULT);
        missing = new MissingSet(meta);
        counters = PgCounters.of(info.stats().stats());
        lastUpdate = info.lastUpdate();
        lastComplete = info.lastComplete();
        lastUserVersion = info.lastUserVersion();
        watches = new Watches(this, host);
        ops = new ClientOps(this, host);
        peering = new Peering(this, host);
    }

    /** A group that did not exist here: its collection and info are in {@code transaction}, which the caller submits. */
    static PlacementGroup create(ShardPgId id, PgHost host, PgInfo info, Transaction transaction) {
        PlacementGroup pg = new PlacementGroup(id, host, info);
        transaction.add(new Transaction.CreateCollection(pg.collection));
        transaction.add(new Transaction.Touch(pg.collection, pg.meta.object()));
        pg.saveInfo();
        pg.meta.writeTo(transaction);
        return pg;
    }

    /** A group as the store has it. Throws MalformedInput and StoreException where that is damaged. */
    static PlacementGroup load(ShardPgId id, PgHost host) {
        StoredInfo stored = StoredInfo.load(host.store(), new PgMeta(id));
        PlacementGroup pg = new PlacementGroup(id, host, stored.info());
        pg.counters = stored.counters();
        pg.lastUpdate = stored.lastUpdate();
        pg.lastComplete = stored.lastComplete();
        pg.lastUserVersion = stored.lastUserVersion();
        pg.log.load(host.store(), pg.lastUpdate, pg.missing);
        return pg;
    }

    @Override
    public ShardPgId id() {
        return id;
    }

    public CollectionId collection() {
        return collection;
    }

    @Override
    public PgShard self() {
        return new PgShard(host.whoami(), id.shard());
    }

    @Override
    public void send(int osd, Message message) {
        host.sendToOsd(osd, message);
    }

    public ClientOps ops() {
        return ops;
    }

    Watches watches() {
        return watches;
    }

    public Peering peering() {
        return peering;
    }

    /** What this OSD has of the group. */
    public PgInfo info() {
        return new PgInfo(
                info.pg(),
                lastUpdate,
                lastComplete,
                info.lastEpochStarted(),
                info.lastIntervalStarted(),
                lastUserVersion,
                log.tail(),
                info.lastBackfill(),
                info.purgedSnaps(),
                peering.stats(info.stats(), counters, log),
                info.history());
    }

    boolean isActive() {
        return peering.isActive();
    }

    EVersion lastUpdate() {
        return lastUpdate;
    }

    long lastUserVersion() {
        return lastUserVersion;
    }

    EVersion nextVersion() {
        return new EVersion(host.map().epoch(), lastUpdate.version() + 1);
    }

    /** How a write was answered, if it was done before and is still remembered. */
    @Nullable
    DoneBefore doneBefore(ReqId request) {
        PgLog.Answer answer = log.answerTo(request);
        return answer == null
                ? null
                : new DoneBefore(answer.version(), answer.userVersion(), answer.returnCode(), answer.opReturns());
    }

    boolean isDurable(EVersion version) {
        return version.compareTo(writes.lastDurable()) <= 0;
    }

    /** Runs {@code task} once a version that is on its way is durable everywhere; never, where the interval ends before. */
    void whenDurable(EVersion version, Runnable task) {
        durableWaiters.add(new Waiter(version, task));
    }

    /** Whether a request has to wait until its object has been recovered; then {@code again} is run. */
    boolean waitsForRecovery(ObjectId object, boolean write, Runnable again) {
        return peering.waitsForRecovery(object, write, again);
    }

    void count(StatDelta delta) {
        counters.add(delta);
        if (delta.objects != 0) {
            host.stateChanged(this);
        }
    }

    /** Makes a client's write durable here and on the replicas. */
    void write(List<Transaction.Op> changes, PgLogEntry entry, Runnable durable) {
        EVersion trimTo = log.trimTarget(writes.minLastCompleteOndisk());
        Bytes statistics = counters.encode();
        ReplicatedChange change = new ReplicatedChange(List.of(entry), changes, statistics);
        Transaction transaction = new Transaction().addAll(changes);
        record(change.entries(), trimTo, transaction);
        EVersion complete = lastComplete;
        long tid = writes.begin(host.map().epoch(), change, trimTo, () -> {
            durable.run();
            wakeDurable();
        });
        host.store().submit(transaction, () -> writes.localCommit(tid, complete));
    }

    /** A primary's write, done here too and answered once it is durable. */
    void replicate(OsdRepOp message) {
        if (Integer.compareUnsigned(message.epoch(), peering.intervalStart()) < 0) {
            return; // of an interval that is over: its primary will find out
        }
        ReplicatedChange change = ReplicatedWrites.read(message);
        Transaction transaction = new Transaction().addAll(change.changes());
        counters = PgCounters.decode(change.statistics());
        record(change.entries(), message.trimTo(), transaction);
        EVersion complete = lastComplete;
        int interval = peering.intervalStart();
        host.store().submit(transaction, () -> {
            if (interval == peering.intervalStart()) {
                OsdRepOpReply reply = ReplicatedWrites.reply(message, host.map().epoch(), self(), complete);
                host.sendToOsd(message.from().osd(), reply);
            }
        });
    }

    void replicated(OsdRepOpReply reply) {
        writes.acknowledged(reply);
    }

    private void record(List<PgLogEntry> entries, EVersion trimTo, Transaction transaction) {
        for (PgLogEntry entry : entries) {
            if (entry.version().compareTo(log.head()) > 0) {
                log.append(entry);
            }
            if (lastComplete.equals(lastUpdate)) {
                lastComplete = entry.version();
            }
            lastUpdate = entry.version();
            lastUserVersion = Math.max(lastUserVersion, entry.userVersion());
        }
        if (trimTo.compareTo(log.tail()) > 0) {
            log.trim(trimTo);
        }
        meta.put(StoredInfo.FAST_KEY, StoredInfo.fast(lastUpdate, lastComplete, lastUserVersion, counters));
        meta.writeTo(transaction);
    }

    private void saveInfo() {
        meta.put(StoredInfo.INFO_KEY, PgInfo.CODEC.toBytes(info()));
        meta.put(StoredInfo.FAST_KEY, StoredInfo.fast(lastUpdate, lastComplete, lastUserVersion, counters));
    }

    private void wakeDurable() {
        while (!durableWaiters.isEmpty() && isDurable(durableWaiters.peek().version)) {
            durableWaiters.remove().task.run();
        }
    }

    /** Follows the map by one epoch. */
    void advance(OsdMap map) {
        peering.advance(map);
        ops.mapAdvanced(map);
    }

    /** A new interval begins: nothing of the old one goes on. */
    void intervalChanged(boolean primary) {
        writes.stop();
        durableWaiters.clear();
        ops.reset(primary);
        watches.reset();
        host.stateChanged(this);
    }

    /** We are the primary and may serve. */
    void activate(int epoch, int intervalStart, List<PgShard> replicas) {
        writes.start(epoch, intervalStart, replicas, lastUpdate);
        host.stateChanged(this);
        ops.activated();
    }

    /** What the manager is told. */
    public PgStats stats() {
        return info().stats();
    }

    @Override
    public String toString() {
        return "pg " + id;
    }
}
