package io.spirula.osd.peering;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ScrubHistory;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.pglog.MissingSet;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The group between peerings: who takes part, what each has and misses, and the log that writes append to. */
public final class PgMembers {
    private final PgCore core;

    PgMembers(PgCore core) {
        this.core = core;
    }

    public PgShard self() {
        return core.self;
    }

    public CollectionId collection() {
        return core.meta.collection();
    }

    public PgInfo info() {
        return core.info;
    }

    public PgLog log() {
        return core.log;
    }

    public MissingSet missing() {
        return core.missing;
    }

    /** On a primary that has peered: all who get writes, itself and backfill targets included. */
    public SortedSet<PgShard> participants() {
        return core.participants;
    }

    /** Up to where all targets have objects, or are being sent them. Ceph: last_backfill_started. */
    public ObjectId lastBackfillStarted() {
        ObjectId least = ObjectId.MAX;
        for (PgShard target : core.backfillTargets) {
            PgInfo theirs = core.peerInfo.get(target);
            least = theirs != null && theirs.lastBackfill().compareTo(least) < 0 ? theirs.lastBackfill() : least;
        }
        return core.backfillTargets.isEmpty() ? ObjectId.MIN : least;
    }

    public SortedSet<PgShard> backfillTargets() {
        return core.backfillTargets;
    }

    /** What the primary knows of a peer; null for nothing. */
    public @Nullable PgInfo peerInfo(PgShard peer) {
        return core.peerInfo.get(peer);
    }

    public SortedMap<PgShard, PgInfo> peerInfos() {
        return core.peerInfo;
    }

    public @Nullable MissingSet peerMissing(PgShard peer) {
        return core.peerMissing.get(peer);
    }

    /** The version for the next write in {@code epoch}. */
    public EVersion nextVersion() {
        return new EVersion(core.map.epoch(), core.info.lastUpdate().version() + 1);
    }

    /** Whether this OSD lacks the object's newest version. */
    public boolean isMissing(ObjectId object) {
        return core.missing.contains(object);
    }

    /** Whether some replica that counts lacks the object's newest version: it is recovered before it is written to. */
    public boolean isDegraded(ObjectId object) {
        if (core.missing.contains(object)) {
            return true;
        }
        for (Map.Entry<PgShard, MissingSet> theirs : core.peerMissing.entrySet()) {
            PgShard peer = theirs.getKey();
            if (theirs.getValue().contains(object)
                    && core.participants.contains(peer)
                    && !core.asyncRecoveryTargets.contains(peer)) {
                return true; // strays, which were asked for unfound objects, get no writes
            }
        }
        return false;
    }

    /** Whether a write to the object is sent to {@code peer} whole, rather than as a log entry only because backfill or recovery will bring the object later. */
    public boolean takesWritesTo(PgShard peer, ObjectId object) {
        PgInfo theirs = core.peerInfo.get(peer);
        return theirs == null || object.compareTo(theirs.lastBackfill()) <= 0 && !core.isRecoveredLater(peer, object);
    }

    /** Whether somebody may miss the object while it is written to. Ceph: async_recovery_targets. */
    public boolean isAnyRecoveredLater() {
        return !core.asyncRecoveryTargets.isEmpty();
    }

    /** On the primary: appends a write that all participants get, with the group's statistics as they are then. Its log, trimmed, and its info go into {@code transaction}. */
    public void appendAsPrimary(List<PgLogEntry> entries, EVersion trimTo, PgStats stats, Transaction transaction) {
        for (PgLogEntry entry : entries) {
            for (PgShard peer : core.asyncRecoveryTargets) {
                MissingSet theirs = core.peerMissing.get(peer);
                if (theirs != null && theirs.contains(entry.object())) {
                    theirs.happened(entry, ObjectId.MAX);
                }
            }
        }
        append(entries, trimTo, stats, transaction);
        core.peerInfo.replaceAll((peer, theirs) -> {
            if (!core.participants.contains(peer)) {
                return theirs;
            }
            MissingSet theirMissing = core.peerMissing.get(peer);
            boolean complete = theirMissing == null || theirMissing.isEmpty();
            return PgInfos.withUpdate(
                    theirs,
                    core.info.lastUpdate(),
                    complete ? core.info.lastUpdate() : theirs.lastComplete(),
                    core.info.lastUserVersion());
        });
    }

    /**
     * On a replica: the same, as the primary told it.
     *
     * @param transaction with the change itself; empty where it is not sent, because the object is to come later
     */
    public void appendAsReplica(List<PgLogEntry> entries, EVersion trimTo, PgStats stats, Transaction transaction) {
        boolean comesLater = transaction.isEmpty();
        for (PgLogEntry entry : entries) {
            ObjectId object = entry.object();
            if (!comesLater && !entry.isLost() && core.missing.contains(object)) {
                throw new IllegalStateException(
                        core.pg + " is sent " + entry.version() + " of " + object + ", which is missing here");
            }
            if (comesLater && !entry.isError() && object.compareTo(core.info.lastBackfill()) <= 0) {
                core.missing.happened(entry, core.info.lastBackfill());
                if (entry.isDelete()) {
                    transaction.add(new Transaction.Remove(collection(), object)); // what is there of it
                }
            }
        }
        append(entries, trimTo, stats, transaction);
    }

    private void append(List<PgLogEntry> entries, EVersion trimTo, PgStats stats, Transaction transaction) {
        long userVersion = core.info.lastUserVersion();
        for (PgLogEntry entry : entries) {
            core.log.append(entry);
            userVersion = Math.max(userVersion, entry.userVersion());
            lost(entry);
        }
        core.log.trim(trimTo);
        EVersion head = core.log.head();
        boolean asTrusted = stats.invalid().equals(core.info.stats().invalid());
        PgInfo info = core.info.toBuilder()
                .lastUpdate(head)
                .lastComplete(core.missing.isEmpty() ? head : core.info.lastComplete())
                .lastUserVersion(userVersion)
                .logTail(core.log.tail())
                .stats(stats)
                .build();
        if (asTrusted) {
            core.info = info;
            core.persistFast();
            core.meta.writeTo(transaction);
        } else {
            core.info(info); // the fast part does not say whether they are estimates
            core.persist(transaction);
        }
    }

    /** The statistics as they are in truth. */
    public void counted(PgStats stats, Transaction transaction) {
        core.info(PgInfos.withStats(core.info, stats));
        core.persist(transaction);
    }

    /** An object is given up: it is deleted, or missing in its new version, which recovery makes of the older one. Ceph: append_log_entries_update_missing. */
    private void lost(PgLogEntry entry) {
        if (!entry.isLost()) {
            return;
        }
        core.missing.happened(entry, core.info.lastBackfill());
        if (core.isPrimary()) {
            core.peerMissing.forEach((peer, theirs) -> {
                PgInfo info = core.peerInfo.get(peer);
                if (info != null && core.participants.contains(peer)) {
                    theirs.happened(entry, info.lastBackfill());
                }
            });
        }
    }

    /** Up to where the log may be trimmed, where {@code committed} is durable on all. */
    public EVersion trimTarget(EVersion committed) {
        EVersion least = core.info.lastComplete().compareTo(committed) < 0 ? core.info.lastComplete() : committed;
        for (PgShard peer : core.participants) {
            PgInfo theirs = core.peerInfo.get(peer);
            if (theirs != null && theirs.lastComplete().compareTo(least) < 0) {
                least = theirs.lastComplete();
            }
        }
        return core.log.trimTarget(least);
    }

    /** Where an object that is missing here can be had: peers that are up and have it; of one that goes back to an older version, else those that have that, and this OSD may be among them. */
    public List<PgShard> sourcesOf(ObjectId object, EVersion need) {
        return core.unfound.sources(object, need);
    }

    /** Which version of the object is to be asked for there. */
    public EVersion versionFrom(PgShard source, ObjectId object, EVersion need) {
        EVersion older = core.unfound.toGet(object, need);
        return older.equals(need) || core.unfound.having(object, need).contains(source) ? need : older;
    }

    /** Objects that are missing here and that nobody who was heard has. */
    public List<ObjectId> unfound() {
        return core.unfound.objects();
    }

    /** The newest version of an unfound object that somebody has, this OSD included; zero for none. Ceph: pick_newest_available. */
    public EVersion newestAvailable(ObjectId object) {
        return core.unfound.newestOlder(object);
    }

    /** Somebody has no version of the object, or none that can be read. */
    public void hasNone(PgShard peer, ObjectId object, EVersion need) {
        MissingSet theirs = core.peerMissing.get(peer);
        if (theirs != null) {
            theirs.add(object, need, EVersion.ZERO);
        }
    }

    /** Whether all that may have unfound objects were heard, or given up as lost. */
    public boolean isSearchExhausted() {
        return core.unfound.isExhausted();
    }

    /** The object's version is in the store with {@code transaction}. */
    public void recoveredHere(ObjectId object, EVersion version, Transaction transaction) {
        core.missing.got(object, version);
        if (core.missing.isEmpty()) {
            core.followLog(core.info.lastUserVersion());
        }
        core.persist(transaction);
    }

    /** Our copy of the object is not good: it is missing here again. */
    public void lostHere(ObjectId object, EVersion version, Transaction transaction) {
        core.missing.add(object, version, EVersion.ZERO);
        core.followLog(core.info.lastUserVersion());
        core.persist(transaction);
    }

    /** An object was copied, here or to a peer: for the statistics. */
    public void countRecovered(long bytes, long keys) {
        ObjectStats s = core.info.stats().stats();
        core.info = PgInfos.withStats(
                core.info,
                PgReport.withObjectStats(
                        core.info.stats(),
                        s.with(Counter.OBJECTS_RECOVERED, s.get(Counter.OBJECTS_RECOVERED) + 1)
                                .with(Counter.BYTES_RECOVERED, s.get(Counter.BYTES_RECOVERED) + bytes)
                                .with(Counter.KEYS_RECOVERED, s.get(Counter.KEYS_RECOVERED) + keys)));
    }

    /** A bad copy of an object was replaced by a good one, here or at a peer: for the statistics. */
    public void countRepaired() {
        ObjectStats s = core.info.stats().stats();
        core.info = PgInfos.withStats(
                core.info,
                PgReport.withObjectStats(
                        core.info.stats(), s.with(Counter.OBJECTS_REPAIRED, s.get(Counter.OBJECTS_REPAIRED) + 1)));
    }

    /** A peer has the object's version on disk. */
    public void recoveredThere(PgShard peer, ObjectId object, EVersion version) {
        MissingSet theirs = core.peerMissing.get(peer);
        PgInfo info = core.peerInfo.get(peer);
        if (theirs != null && info != null) {
            theirs.got(object, version);
            if (theirs.isEmpty()) {
                core.peerInfo.put(peer, PgInfos.withLastComplete(info, info.lastUpdate()));
            }
        }
    }

    /** Where an object that is missing is needed in this version; null where it is not missing. */
    public PgMissing.@Nullable Item missingItem(ObjectId object) {
        return core.missing.find(object);
    }

    /** On the primary: a target has, or is being sent, all objects up to this one. */
    public void backfilledThere(PgShard peer, ObjectId lastBackfill) {
        PgInfo theirs = core.peerInfo.get(peer);
        if (theirs != null) {
            core.peerInfo.put(peer, PgInfos.withBackfill(theirs, lastBackfill));
        }
    }

    /** On the primary: a target has so many objects more than before. */
    public void countBackfilled(PgShard target, int more) {
        long before = core.backfilledObjects(target, core.info.stats().stats().get(Counter.OBJECTS));
        core.backfillProgress.put(target, before + more);
    }

    /** On the primary: a target has noted that it has all objects. */
    public void backfillFinished(PgShard target) {
        core.backfilled.add(target);
        backfilledThere(target, ObjectId.MAX);
    }

    /** Whether as many OSDs act as there should be: else somebody who is away may have what they lack. */
    public boolean isWhole() {
        return core.isWhole();
    }

    /** On the primary: whether a target does not have all objects yet. */
    public boolean needsBackfill(PgShard target) {
        return core.needsBackfill(target);
    }

    /** A copy that should be there is not, or is not what it should be: it is recovered like any other that is missing. Ceph: force_object_missing. */
    public void forceMissing(PgShard who, ObjectId object, EVersion need, Transaction transaction) {
        if (!who.equals(core.self)) {
            core.peerMissing.computeIfAbsent(who, p -> new MissingSet(null)).add(object, need, EVersion.ZERO);
            return;
        }
        core.missing.add(object, need, EVersion.ZERO);
        core.followLog(core.info.lastUserVersion());
        core.persist(transaction);
    }

    /** On the primary: the group has been scrubbed, and its errors counted. */
    public void scrubbed(ScrubHistory scrub, ObjectStats stats, Transaction transaction) {
        PgInfo changed = PgInfos.withHistory(core.info, PgInfos.withScrub(core.info.history(), scrub));
        core.info(PgInfos.withStats(changed, PgReport.withObjectStats(changed.stats(), stats)));
        core.persist(transaction);
    }

    /** What the primary tells the others of the group now. */
    public List<Effects.Send> infoForOthers() {
        return core.otherParticipants().stream()
                .map(peer -> new Effects.Send(
                        peer,
                        new PeerMessage.InfoShare(
                                core.map.epoch(), core.map.epoch(), core.told(core.info), null, null)))
                .toList();
    }

    /**
     * On a backfill target: all objects up to this one are in the store with {@code transaction}.
     *
     * @param stats the primary's, which may be a guess
     */
    public void backfilledHere(ObjectId lastBackfill, PgStats stats, Transaction transaction) {
        PgInfo mine = PgInfos.withBackfill(core.info, lastBackfill);
        core.info(PgInfos.withStats(
                mine,
                mine.stats().toBuilder()
                        .stats(stats.stats(), stats.invalid().stats())
                        .build()));
        core.persist(transaction);
    }
}
