package io.spirula.osd.peering;

import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgQuery;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.pglog.MissingSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A primary's search for objects that it lacks and that nobody it knows has: whoever took part since the group was last clean, and whoever turns up with a copy, is asked for its log and what it misses. Ceph:
 * might_have_unfound, MissingLoc, discover_all_missing.
 */
final class UnfoundSearch {
    private final PgCore core;
    private final TreeSet<PgShard> candidates = new TreeSet<>();
    private final TreeSet<PgShard> asked = new TreeSet<>();

    UnfoundSearch(PgCore core) {
        this.core = core;
    }

    void reset() {
        candidates.clear();
        asked.clear();
    }

    /** The group is about to be active, and some of its members miss objects. */
    void begin() {
        candidates.addAll(core.past.allParticipants());
        candidates.addAll(core.peerInfo.keySet());
        candidates.remove(core.self);
        ask();
    }

    /** Somebody has turned up. */
    void add(PgShard peer) {
        candidates.add(peer);
    }

    /** OSDs that are down answer nothing; once up again they are asked anew. */
    void forgetDown() {
        asked.removeIf(p -> !core.map.isUp(p.osd()));
    }

    /** Asks all that may know something and were not asked yet. */
    void ask() {
        for (PgShard peer : candidates) {
            PgInfo info = core.peerInfo.get(peer);
            boolean empty = info != null && (info.isEmpty() || info.doesNotExist());
            if (core.map.isUp(peer.osd()) && !empty && !core.peerMissing.containsKey(peer) && asked.add(peer)) {
                core.query(peer, PgQuery.Kind.FULL_LOG, EVersion.ZERO);
            }
        }
    }

    /** Whether an answer from this peer is awaited. */
    boolean isAsked(PgShard peer) {
        return asked.contains(peer);
    }

    SortedSet<PgShard> candidates() {
        return Collections.unmodifiableSortedSet(candidates);
    }

    /** What {@code pg query} says of a candidate. */
    String status(PgShard peer) {
        return core.peerMissing.containsKey(peer)
                ? "already probed"
                : asked.contains(peer) ? "querying" : !core.map.isUp(peer.osd()) ? "osd is down" : "not queried";
    }

    /** Objects that are missing here and that nobody who was heard has, nor the older version that they go back to. */
    List<ObjectId> objects() {
        List<ObjectId> unfound = new ArrayList<>();
        if (core.missing.isEmpty() || somebodyHasAll()) {
            return unfound;
        }
        for (Map.Entry<ObjectId, PgMissing.Item> e : core.missing.items().entrySet()) {
            if (sources(e.getKey(), e.getValue().need()).isEmpty()) {
                unfound.add(e.getKey());
            }
        }
        return unfound;
    }

    boolean isAny() {
        return !core.missing.isEmpty()
                && !somebodyHasAll()
                && core.missing.items().entrySet().stream()
                        .anyMatch(e -> sources(e.getKey(), e.getValue().need()).isEmpty());
    }

    private boolean somebodyHasAll() {
        for (PgShard peer : core.otherParticipants()) {
            MissingSet theirs = core.peerMissing.get(peer);
            PgInfo info = core.peerInfo.get(peer);
            if (theirs != null && theirs.isEmpty() && info != null && !info.isIncomplete() && !info.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Where an object that is missing here can be had: where it is in the version that is needed, or in the older one that it goes back to. */
    List<PgShard> sources(ObjectId object, EVersion need) {
        List<PgShard> having = having(object, need);
        EVersion wanted = toGet(object, need);
        if (!having.isEmpty() || wanted.equals(need)) {
            return having;
        }
        List<PgShard> older = new ArrayList<>();
        if (olderHere(object).equals(wanted)) {
            older.add(core.self);
        }
        core.peerInfo.forEach((peer, theirs) -> {
            if (olderThere(peer, theirs, object).equals(wanted)) {
                older.add(peer);
            }
        });
        return older;
    }

    /** Peers that are up and have the object in the version that is needed. */
    List<PgShard> having(ObjectId object, EVersion need) {
        return core.peerInfo.entrySet().stream()
                .filter(e -> has(e.getKey(), e.getValue(), object, need))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The version to get of an object that is missing: the one that is needed, or the older one that it goes back to, which then becomes that. */
    EVersion toGet(ObjectId object, EVersion need) {
        PgLogEntry latest = core.log.latest(object);
        return latest != null
                        && latest.op() == PgLogEntry.Op.LOST_REVERT
                        && latest.version().equals(need)
                ? latest.revertingTo()
                : need;
    }

    /** The newest version of an unfound object that somebody has. */
    EVersion newestOlder(ObjectId object) {
        EVersion newest = olderHere(object);
        for (Map.Entry<PgShard, PgInfo> e : core.peerInfo.entrySet()) {
            EVersion theirs = olderThere(e.getKey(), e.getValue(), object);
            newest = theirs.compareTo(newest) > 0 ? theirs : newest;
        }
        return newest;
    }

    private EVersion olderHere(ObjectId object) {
        PgMissing.Item item = core.missing.find(object);
        return item == null ? EVersion.ZERO : item.have();
    }

    /** In which version a peer that lacks the object's newest has it; zero for none. Strays, which our log's entries do not reach, count as well: Ceph asks members only. */
    private EVersion olderThere(PgShard peer, PgInfo theirs, ObjectId object) {
        MissingSet theirMissing = core.peerMissing.get(peer);
        if (theirMissing == null
                || !core.map.isUp(peer.osd())
                || theirs.isEmpty()
                || object.compareTo(theirs.lastBackfill()) > 0) {
            return EVersion.ZERO;
        }
        PgMissing.Item item = theirMissing.find(object);
        if (item != null) {
            return item.have();
        }
        boolean reachesBack = theirs.lastUpdate().compareTo(core.log.tail()) >= 0;
        PgLogEntry next = reachesBack ? core.log.firstAbout(object, theirs.lastUpdate()) : null;
        return next == null ? EVersion.ZERO : next.priorVersion();
    }

    private boolean has(PgShard peer, PgInfo theirs, ObjectId object, EVersion need) {
        MissingSet theirMissing = core.peerMissing.get(peer);
        return theirMissing != null // else its log may be one that nobody agreed on
                && core.map.isUp(peer.osd())
                && !theirs.isEmpty()
                && theirs.lastUpdate().compareTo(need) >= 0
                && object.compareTo(theirs.lastBackfill()) <= 0
                && !theirMissing.contains(object);
    }

    /** Whether nobody who may still have something is left to be heard: all have answered, have nothing, or were given up. Ceph: all_unfound_are_queried_or_lost. */
    boolean isExhausted() {
        for (PgShard peer : candidates) {
            PgInfo info = core.peerInfo.get(peer);
            boolean heard = core.peerMissing.containsKey(peer)
                    || info != null && (info.isEmpty() || info.doesNotExist())
                    || !core.map.exists(peer.osd());
            if (!heard && core.map.lostAt(peer.osd()) <= core.map.upFrom(peer.osd())) {
                return false;
            }
        }
        return true;
    }
}
