package io.spirula.osd.peering;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.pg.LastReport;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.PgNotify;
import io.spirula.common.pg.PgQuery;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pglog.LogMerge;
import io.spirula.osd.pglog.MissingSet;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a placement group's shard here knows, in every state: its own info, log and missing set, the map, and, on a primary, what it has learned of its peers. */
final class PgCore {
    static final Bytes INFO_KEY = Bytes.of("_info");
    static final Bytes FAST_INFO_KEY = Bytes.of("_fastinfo");
    static final Bytes PAST_KEY = Bytes.of("_biginfo");
    static final Bytes EPOCH_KEY = Bytes.of("_epoch");
    /** How many maps may pass without the group's own note of them; older ones must be kept for it. */
    private static final int EPOCHS_BETWEEN_NOTES = 50;

    final PgShard self;
    final ShardPgId pg;
    final PgMeta meta;
    final PgLog log;
    final MissingSet missing;
    final Clock clock;
    PgInfo info;
    PastIntervals past;
    PeeringMap map;
    /** Messages from before this epoch are from an interval that is over. Ceph: last_peering_reset. */
    int lastPeeringReset;

    boolean needUpThru;
    boolean sendNotify;
    /** An operator wants this group recovered, or backfilled, before others. */
    boolean forcedRecovery;

    boolean forcedBackfill;
    final SortedMap<PgShard, PgInfo> peerInfo = new TreeMap<>();
    final SortedMap<PgShard, MissingSet> peerMissing = new TreeMap<>();
    /** On a primary: acting and being backfilled, itself included. Ceph: acting_recovery_backfill. */
    SortedSet<PgShard> participants = new TreeSet<>();

    SortedSet<PgShard> backfillTargets = new TreeSet<>();
    /** Participants who do not act because they miss much: writes to what they miss do not wait. Ceph: async_recovery_targets. */
    SortedSet<PgShard> asyncRecoveryTargets = new TreeSet<>();
    /** Those of them that have noted that they are complete. What is on its way to the others is not there yet, however far their {@code last_backfill} counts for writes. */
    final SortedSet<PgShard> backfilled = new TreeSet<>();

    /** How many objects each of them has, of those whose backfill has begun in this interval. */
    final SortedMap<PgShard, Long> backfillProgress = new TreeMap<>();

    final ReadLease lease;
    final Supplier<ActingCosts> costs;
    /** Strays that were told to remove their copies. Ceph: peer_purged. */
    final SortedSet<PgShard> purged = new TreeSet<>();

    final UnfoundSearch unfound = new UnfoundSearch(this);
    /** Whether it is only by a peer's history that the last choice of an authority found nobody good enough. Ceph: history_les_bound. */
    boolean historyBinds;

    Effects.Builder out = new Effects.Builder();
    private boolean infoDirty;
    private int notedEpoch;

    PgCore(
            PgShard self,
            PgMeta meta,
            PgLog log,
            MissingSet missing,
            PgInfo info,
            PastIntervals past,
            PeeringMap map,
            Clock clock,
            Supplier<Duration> readLease,
            Supplier<ActingCosts> costs) {
        this.self = self;
        this.pg = info.pg();
        this.meta = meta;
        this.log = log;
        this.missing = missing;
        this.info = info;
        this.past = past;
        this.map = map;
        this.clock = clock;
        this.lease = new ReadLease(clock, readLease);
        this.costs = costs;
        this.lastPeeringReset = map.epoch();
    }

    boolean isPrimary() {
        return map.actingPrimary() == self.osd();
    }

    PgShard primary() {
        return PgShard.replica(map.actingPrimary());
    }

    /** Whether enough act for writes to be taken. Ceph: acting_set_writeable. */
    boolean isWriteable() {
        return acting() >= map.minSize();
    }

    /** Whether clients' operations are carried out once it has peered. */
    boolean isServing() {
        return isWriteable() && !map.isPendingMerge();
    }

    boolean isFromThePast(PeerMessage message) {
        return Integer.compareUnsigned(message.epochSent(), lastPeeringReset) < 0
                || Integer.compareUnsigned(message.queryEpoch(), lastPeeringReset) < 0;
    }

    // Messages

    void query(PgShard to, PgQuery.Kind kind, EVersion since) {
        PgQuery query = new PgQuery(kind, since, told(info).history(), map.epoch(), to.shard(), self.shard());
        out.send(to, new PeerMessage.Query(query));
    }

    void sendNotify(PgShard to, int queryEpoch) {
        PgInfo mine = PgInfos.withMissing(info, missing.size());
        PgNotify notify = new PgNotify(queryEpoch, map.epoch(), told(mine), to.shard(), self.shard(), past);
        out.send(to, new PeerMessage.Notify(notify));
    }

    /** As the primary: with what its lease is renewed by. */
    void shareInfo(PgShard to, PgInfo shared) {
        out.send(to, new PeerMessage.InfoShare(map.epoch(), map.epoch(), told(shared), lease.renew(), null));
    }

    /** An info as others are told it: with for how long a former primary may serve. Ceph: refresh_prior_readable_until_ub. */
    PgInfo told(PgInfo i) {
        return PgInfos.withHistory(i, PgInfos.withPriorReadable(i.history(), lease.prior()));
    }

    void sendLog(PgShard to, int queryEpoch, PgInfo logInfo, PgLogRecord record, PastIntervals pastIntervals) {
        out.send(
                to,
                new PeerMessage.Log(
                        map.epoch(),
                        queryEpoch,
                        told(logInfo),
                        record,
                        missing.toRecord(),
                        pastIntervals,
                        isPrimary() ? lease.renew() : null));
    }

    // Info

    void info(PgInfo changed) {
        info = changed;
        infoDirty = true;
    }

    void past(PastIntervals changed) {
        past = changed;
        infoDirty = true;
    }

    void updateHistory(PgHistory other) {
        int started = Integer.compareUnsigned(
                other.lastIntervalStarted(), info.history().lastIntervalStarted());
        Duration prior = other.priorReadableUntilUpperBound();
        // Who took part in a later interval knows who serves since; of the same one, the tighter bound holds.
        if (started > 0 || started == 0 && prior.compareTo(lease.prior()) < 0) {
            lease.learn(prior);
        }
        PgHistory merged = PgInfos.merge(info.history(), other);
        if (!merged.equals(info.history())) {
            info(PgInfos.withHistory(info, merged));
            if (merged.lastEpochClean() >= merged.sameIntervalSince()) {
                past(PastIntervals.EMPTY);
            }
        }
    }

    /** What the primary's scrubs have counted, for the day when this OSD is the primary. */
    void takeScrubErrors(ObjectStats theirs) {
        ObjectStats stats = info.stats().stats();
        for (ObjectStats.Counter counter : PgReport.SCRUB_COUNTERS) {
            stats = stats.with(counter, theirs.get(counter));
        }
        if (!stats.equals(info.stats().stats())) {
            info(PgInfos.withStats(info, PgReport.withObjectStats(info.stats(), stats)));
        }
    }

    /** The group has been reported: noted with the next write or change of the info, for it is not worth a write of its own. */
    void reported(LastReport report) {
        info = PgInfos.withStats(info, report.into(info.stats()));
    }

    /** What a peer knows of the last report, if it is newer than what is known here. */
    void hearReport(PgStats theirs) {
        LastReport report = LastReport.of(theirs);
        if (report.isNewerThan(LastReport.of(info.stats()))) {
            reported(report);
        }
    }

    private void takeStats(PgStats theirs) {
        LastReport mine = LastReport.of(info.stats());
        info(PgInfos.withStats(info, theirs));
        if (mine.isNewerThan(LastReport.of(theirs))) {
            reported(mine);
        }
    }

    /** Brings the info in line with the log and the missing set after either changed. */
    void followLog(long lastUserVersion) {
        EVersion complete = log.head();
        if (!missing.isEmpty()) {
            complete = EVersion.ZERO;
            EVersion firstMissing = missing.byNeed().firstKey();
            for (PgLogEntry entry : log.entries()) {
                if (entry.version().compareTo(firstMissing) >= 0) {
                    break;
                }
                complete = entry.version();
            }
        }
        info(PgInfos.withLogTail(PgInfos.withUpdate(info, log.head(), complete, lastUserVersion), log.tail()));
    }

    LogMerge merge() {
        return new LogMerge(log, missing, info.lastBackfill(), this::removeObject);
    }

    private void removeObject(ObjectId object) {
        out.transaction.add(new Transaction.Remove(meta.collection(), object));
    }

    /** Makes another's log ours, as far as it is ahead or behind. */
    void mergeLog(PgInfo theirs, PgLogRecord record) {
        boolean changes = !record.head().equals(log.head());
        merge().merge(record);
        if (changes) {
            takeStats(theirs.stats());
        }
        followLog(changes ? theirs.lastUserVersion() : info.lastUserVersion());
    }

    void rewindTo(PgInfo theirs) {
        merge().rewind(theirs.lastUpdate());
        takeStats(theirs.stats());
        followLog(theirs.lastUserVersion());
    }

    // Persistence

    /** A note of how far the maps have been followed, where the last one is old. */
    void noteEpoch() {
        if (map.epoch() - notedEpoch >= EPOCHS_BETWEEN_NOTES) {
            infoDirty = true;
        }
    }

    void persist(Transaction transaction) {
        if (infoDirty) {
            meta.put(INFO_KEY, PgInfo.CODEC.toBytes(info));
            meta.put(PAST_KEY, PastIntervals.CODEC.toBytes(past));
            meta.put(EPOCH_KEY, new Encoder(4).u32(map.epoch()).toBytes());
            persistFast();
            notedEpoch = map.epoch();
            infoDirty = false;
        }
        meta.writeTo(transaction);
    }

    /** What every write changes of the info. Ceph: pg_fast_info_t. */
    void persistFast() {
        Encoder fast = new Encoder(512);
        fast.put(EVersion.CODEC, info.lastUpdate())
                .put(EVersion.CODEC, info.lastComplete())
                .u64(info.lastUserVersion())
                .put(ObjectStats.CODEC, info.stats().stats())
                .put(LastReport.CODEC, LastReport.of(info.stats()));
        meta.put(FAST_INFO_KEY, fast.toBytes());
    }

    static PgInfo loadInfo(Bytes full, Bytes fast) {
        PgInfo info = PgInfo.CODEC.fromBytes(full);
        Decoder in = new Decoder(fast);
        info = PgInfos.withUpdate(info, in.get(EVersion.CODEC), in.get(EVersion.CODEC), in.u64());
        PgStats stats = PgReport.withObjectStats(info.stats(), in.get(ObjectStats.CODEC));
        boolean isOld = !in.hasRemaining(); // written before reports were kept
        return PgInfos.withStats(info, isOld ? stats : in.get(LastReport.CODEC).into(stats));
    }

    /** Who took part since the group was last clean, and is not up to be asked. */
    TreeSet<Integer> notHeard() {
        TreeSet<Integer> osds = new TreeSet<>();
        for (PgShard shard : past.allParticipants()) {
            if (!map.isUp(shard.osd())) {
                osds.add(shard.osd());
            }
        }
        return osds;
    }

    /** Whether the map has nothing for it here. */
    boolean isStray(PgShard shard) {
        return !map.up().contains(shard.osd()) && !map.acting().contains(shard.osd());
    }

    /** As the primary of a group that is clean: copies of those who do not belong to it are not needed. Ceph: purge_strays. */
    void purgeStrays() {
        List<PgShard> strays = peerInfo.keySet().stream()
                .filter(shard -> isStray(shard) && !participants.contains(shard))
                .toList();
        for (PgShard stray : strays) {
            PgInfo theirs = peerInfo.remove(stray);
            peerMissing.remove(stray);
            if (theirs != null && !theirs.doesNotExist() && map.isUp(stray.osd())) {
                out.send(stray, new PeerMessage.Remove(map.epoch()));
                purged.add(stray);
            }
        }
    }

    /** What OSDs that are down have said does not hold when they are back. Ceph: remove_down_peer_info. */
    void forgetDownPeers() {
        peerInfo.keySet().removeIf(p -> !map.isUp(p.osd()));
        peerMissing.keySet().removeIf(p -> !map.isUp(p.osd()));
        purged.removeIf(p -> !map.isUp(p.osd()));
        unfound.forgetDown();
    }

    void forgetPeers() {
        peerInfo.clear();
        peerMissing.clear();
        purged.clear();
        unfound.reset();
        participants = new TreeSet<>();
        backfillTargets = new TreeSet<>();
        asyncRecoveryTargets = new TreeSet<>();
        backfilled.clear();
        backfillProgress.clear();
    }

    /** How many of so many objects a backfill target has; of one that is only beginning again, guessed from how far it was, for objects are spread evenly. */
    long backfilledObjects(PgShard target, long objects) {
        Long counted = backfillProgress.get(target);
        PgInfo theirs = peerInfo.get(target);
        if (counted != null || theirs == null) {
            return counted == null ? 0 : counted;
        }
        ObjectId reached = theirs.lastBackfill();
        if (reached.max() || reached.equals(ObjectId.MIN)) {
            return reached.max() ? objects : 0;
        }
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, map.pgNum()) - 1);
        long within = Integer.toUnsignedLong(Integer.reverse(reached.hash()) << bits);
        return (long) (objects * (double) within / (1L << 32));
    }

    /** How many OSDs act. */
    int acting() {
        return Intervals.shards(map.acting()).size();
    }

    boolean isWhole() {
        return acting() >= map.size();
    }

    boolean needsBackfill(PgShard target) {
        return backfillTargets.contains(target) && !backfilled.contains(target);
    }

    List<PgShard> otherParticipants() {
        return participants.stream().filter(p -> !p.equals(self)).toList();
    }

    /** All infos, this OSD's own included, with how many objects each misses: as it said, or as it is known by now. */
    SortedMap<PgShard, PgInfo> allInfos() {
        TreeMap<PgShard, PgInfo> all = new TreeMap<>(peerInfo);
        all.put(self, PgInfos.withMissing(info, missing.size()));
        peerMissing.forEach(
                (peer, theirs) -> all.computeIfPresent(peer, (p, told) -> PgInfos.withMissing(told, theirs.size())));
        return all;
    }

    /** Who should act, as far as is known; null where nobody has all that may have been acknowledged. */
    @Nullable
    ActingChoice choose() {
        return ActingChoice.of(self, map, allInfos(), costs.get());
    }

    /** Whether a write to the object need not wait until that member has it: it is told of the write, and gets the object later. */
    boolean isRecoveredLater(PgShard peer, ObjectId object) {
        MissingSet theirs = asyncRecoveryTargets.contains(peer) ? peerMissing.get(peer) : null;
        return theirs != null && theirs.contains(object);
    }
}
