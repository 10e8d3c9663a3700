package io.spirula.osd.recovery;

import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.pglog.MissingSet;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a primary recovers next, with a bound on what is under way; lives as long as the interval. First what is missing here is pulled, then what others miss is pushed; when nothing is missing any more, backfill targets
 * get all objects in order. An object under way takes no writes.
 */
public final class RecoveryPlan {
    private static final int LISTED_AT_ONCE = 64;

    /** A target's backfill: pushes are in the objects' order, and a target is told how far it is when all up to there have been acknowledged. */
    private static final class Backfill {
        ObjectId listedTo;
        ObjectId toldOf;
        boolean allListed;
        final TreeSet<ObjectId> inFlight = new TreeSet<>();

        Backfill(ObjectId from) {
            listedTo = from;
            toldOf = from;
        }
    }

    private final PgMembers members;
    private final ObjectStore store;
    private final int maxActive;
    private final Set<ObjectId> pulling = new LinkedHashSet<>();
    private final Map<ObjectId, Map<PgShard, EVersion>> pushing = new HashMap<>();
    private final Set<ObjectId> wanted = new LinkedHashSet<>();
    private final TreeMap<PgShard, Backfill> backfills = new TreeMap<>();

    public RecoveryPlan(PgMembers members, ObjectStore store, int maxActive) {
        this.members = members;
        this.store = store;
        this.maxActive = maxActive;
    }

    /** A client waits for this object: it is next. */
    public void prioritize(ObjectId object) {
        wanted.add(object);
    }

    /** Whether the object is being copied, so that writes to it wait. */
    public boolean isUnderWay(ObjectId object) {
        return pulling.contains(object) || pushing.containsKey(object);
    }

    /**
     * Steps that may start now. What a client waits for may always.
     *
     * @param recover whether other objects that the logs say are missing may be copied
     * @param backfill whether backfill may go on
     */
    public List<RecoveryStep> next(boolean recover, boolean backfill) {
        List<RecoveryStep> steps = new ArrayList<>();
        for (ObjectId object : List.copyOf(wanted)) {
            recover(object, steps);
            wanted.remove(object);
        }
        if (!recover) {
            return steps;
        }
        for (ObjectId object : members.missing().byNeed().values()) {
            if (room() <= 0) {
                return steps;
            }
            recover(object, steps);
        }
        for (PgShard peer : others()) {
            MissingSet theirs = members.peerMissing(peer);
            if (theirs == null) {
                continue;
            }
            for (ObjectId object : theirs.byNeed().values()) {
                if (room() <= 0) {
                    return steps;
                }
                recover(object, steps);
            }
        }
        if (backfill && isRecovered()) {
            members.backfillTargets().forEach(target -> backfill(target, steps));
        }
        return steps;
    }

    private int room() {
        int active = pulling.size();
        for (Map<PgShard, EVersion> targets : pushing.values()) {
            active += targets.size();
        }
        return maxActive - active;
    }

    private List<PgShard> others() {
        return members.participants().stream()
                .filter(p -> !p.equals(members.self()))
                .toList();
    }

    /** Nothing that the logs say is missing, but perhaps backfill to do. */
    public boolean isRecovered() {
        return members.missing().isEmpty()
                && others().stream().allMatch(p -> {
                    MissingSet theirs = members.peerMissing(p);
                    return theirs == null || theirs.isEmpty();
                });
    }

    public boolean isBackfilled() {
        return members.backfillTargets().stream().allMatch(p -> {
            PgInfo theirs = members.peerInfo(p);
            return theirs == null || !theirs.isIncomplete();
        });
    }

    /** Objects that are missing here and that nobody who is up has. */
    public List<ObjectId> unfound() {
        return members.missing().items().entrySet().stream()
                .filter(e -> members.sourcesOf(e.getKey(), e.getValue().need()).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void recover(ObjectId object, List<RecoveryStep> steps) {
        if (isUnderWay(object)) {
            return;
        }
        PgMissing.Item mine = members.missing().find(object);
        if (mine != null) {
            List<PgShard> sources = members.sourcesOf(object, mine.need());
            if (!sources.isEmpty()) {
                // Spread over the sources by the object, so that one peer does not do it all.
                PgShard from = sources.get(Math.floorMod(object.hash(), sources.size()));
                pulling.add(object);
                steps.add(new RecoveryStep.Pull(from, object, mine.need()));
            }
            return;
        }
        for (PgShard peer : others()) {
            MissingSet theirs = members.peerMissing(peer);
            PgMissing.Item item = theirs == null ? null : theirs.find(object);
            if (item != null) {
                pushing.computeIfAbsent(object, o -> new TreeMap<>()).put(peer, item.need());
                steps.add(new RecoveryStep.Push(peer, object, item.need()));
            }
        }
    }

    /** A pulled object is in our store, with {@code transaction}. */
    public void pulled(ObjectId object, EVersion version, Transaction transaction) {
        pulling.remove(object);
        members.recoveredHere(object, version, transaction);
    }

    /** A pull or push did not work: it will be tried again, perhaps elsewhere. */
    public void failed(ObjectId object, @Nullable PgShard to) {
        pulling.remove(object);
        if (to != null) {
            arrived(to, object);
            Backfill backfill = backfills.remove(to);
            if (backfill != null) {
                members.backfilledThere(to, backfill.toldOf);
            }
        }
    }

    /** A peer has made a pushed object durable. */
    public void pushed(PgShard peer, ObjectId object) {
        EVersion version = arrived(peer, object);
        if (version == null) {
            return; // of an earlier try
        }
        members.recoveredThere(peer, object, version);
        Backfill backfill = backfills.get(peer);
        if (backfill != null) {
            backfill.inFlight.remove(object);
        }
    }

    /** A target has noted that it is complete. */
    public void backfilled(PgShard peer) {
        members.backfilledThere(peer, ObjectId.MAX);
        backfills.remove(peer);
    }

    private @Nullable EVersion arrived(PgShard peer, ObjectId object) {
        Map<PgShard, EVersion> targets = pushing.get(object);
        if (targets == null) {
            return null;
        }
        EVersion version = targets.remove(peer);
        if (targets.isEmpty()) {
            pushing.remove(object);
        }
        return version;
    }

    private void backfill(PgShard target, List<RecoveryStep> steps) {
        PgInfo theirs = members.peerInfo(target);
        if (theirs == null || !theirs.isIncomplete()) {
            return;
        }
        Backfill backfill = backfills.computeIfAbsent(target, t -> new Backfill(theirs.lastBackfill()));
        while (room() > 0 && !backfill.allListed) {
            List<ObjectId> some = store.list(
                    members.collection(), backfill.listedTo, ObjectId.MAX, Math.min(LISTED_AT_ONCE, room() + 2));
            List<ObjectId> fresh = some.stream()
                    .filter(o -> !o.equals(backfill.listedTo) && !o.name().isEmpty())
                    .limit(room())
                    .toList();
            for (ObjectId object : fresh) {
                pushing.computeIfAbsent(object, o -> new TreeMap<>()).put(target, EVersion.ZERO);
                backfill.inFlight.add(object);
                backfill.listedTo = object;
                // From now on it gets the object's writes, which follow the push on the same way.
                members.backfilledThere(target, object);
                steps.add(new RecoveryStep.Push(target, object, EVersion.MAX));
            }
            if (fresh.isEmpty()) {
                backfill.allListed = some.size() < LISTED_AT_ONCE;
                break;
            }
        }
        tell(target, backfill, steps);
    }

    private static void tell(PgShard target, Backfill backfill, List<RecoveryStep> steps) {
        if (!backfill.inFlight.isEmpty()) {
            return;
        }
        ObjectId reached = backfill.allListed ? ObjectId.MAX : backfill.listedTo;
        if (!reached.equals(backfill.toldOf)) {
            backfill.toldOf = reached;
            steps.add(new RecoveryStep.Progress(target, reached));
        }
    }
}
