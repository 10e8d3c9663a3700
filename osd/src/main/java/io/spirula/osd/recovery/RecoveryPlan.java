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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a primary recovers next; lives as long as the interval. First what is missing here is pulled, then what others miss is pushed, in the order in which it was written; when nothing is missing any more, backfill
 * targets get what they lack. An object under way takes no writes.
 *
 * <p>Each missing set is gone through once, so a step costs what it starts and not what is left. What has to be looked at again, because it was pulled and others miss it too, or because it failed, is kept aside.
 */
public final class RecoveryPlan {
    private final PgMembers members;
    private final ObjectStore store;
    private final RecoverySettings settings;
    private final Predicate<ObjectId> mayCopy;
    private final Map<ObjectId, PgShard> pulling = new HashMap<>();
    private final Map<ObjectId, Map<PgShard, EVersion>> pushing = new HashMap<>();
    private final Set<ObjectId> wanted = new LinkedHashSet<>();
    private final ArrayDeque<ObjectId> again = new ArrayDeque<>();
    /** Up to where each missing set has been gone through, by whose it is. */
    private final TreeMap<PgShard, EVersion> passed = new TreeMap<>();

    private final TreeMap<PgShard, Backfill> backfills = new TreeMap<>();

    /** @param mayCopy whether an object that is written to may be copied now; where not, {@link #next} is to be asked again when it may */
    public RecoveryPlan(PgMembers members, ObjectStore store, RecoverySettings settings, Predicate<ObjectId> mayCopy) {
        this.mayCopy = mayCopy;
        this.members = members;
        this.store = store;
        this.settings = settings;
    }

    /** A client waits for this object: it is next. */
    public void prioritize(ObjectId object) {
        wanted.add(object);
    }

    /** Whether the object is being copied, so that writes to it wait. */
    public boolean isUnderWay(ObjectId object) {
        return pulling.containsKey(object) || pushing.containsKey(object);
    }

    /** Whether the object is awaited from there. */
    public boolean isPulledFrom(PgShard from, ObjectId object) {
        return from.equals(pulling.get(object));
    }

    /** All objects that are being copied, in their order. */
    public SortedSet<ObjectId> underWay() {
        TreeSet<ObjectId> all = new TreeSet<>(pulling.keySet());
        all.addAll(pushing.keySet());
        return all;
    }

    /** How many objects are being copied. */
    public int active() {
        return pulling.size() + pushing.size();
    }

    /** What clients wait for: it may start whatever else is under way. */
    public List<RecoveryStep> urgent() {
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<RecoveryStep> steps = new ArrayList<>();
        for (ObjectId object : List.copyOf(wanted)) {
            recover(object, steps);
        }
        wanted.clear();
        return steps;
    }

    /**
     * Steps that may start now.
     *
     * @param room how many more objects may be copied
     * @param backfill whether backfill may go on
     */
    public List<RecoveryStep> next(int room, boolean backfill) {
        List<RecoveryStep> steps = new ArrayList<>();
        int most = active() + room;
        for (int i = again.size(); i > 0 && active() < most; i--) {
            recover(again.remove(), steps);
        }
        goThrough(members.self(), members.missing(), most, steps);
        for (PgShard peer : others()) {
            MissingSet theirs = members.peerMissing(peer);
            if (theirs != null) {
                goThrough(peer, theirs, most, steps);
            }
        }
        if (backfill && isRecovered()) {
            backfill(most, steps);
        }
        return steps;
    }

    private void goThrough(PgShard whose, MissingSet missing, int most, List<RecoveryStep> steps) {
        EVersion from = passed.getOrDefault(whose, EVersion.ZERO);
        if (missing.isEmpty() || active() >= most) {
            return;
        }
        for (Map.Entry<EVersion, ObjectId> e : missing.byNeed().tailMap(from).entrySet()) {
            if (active() >= most) {
                return;
            }
            if (!e.getKey().equals(from)) {
                recover(e.getValue(), steps);
                passed.put(whose, e.getKey());
            }
        }
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
        return members.backfillTargets().stream().noneMatch(members::needsBackfill);
    }

    /** After {@link #next} gave nothing although it might: whether that will stay so, because nobody has what is missing. */
    public boolean isStuck() {
        return active() == 0
                && again.isEmpty()
                && wanted.isEmpty()
                && !members.missing().isEmpty();
    }

    /** Objects that are missing here and that nobody who is up has. */
    public List<ObjectId> unfound() {
        return members.missing().items().entrySet().stream()
                .filter(e -> !hasSource(e.getKey(), e.getValue().need()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** There may be sources now for what had none. */
    public void lookAgain() {
        passed.clear();
    }

    /** Whether anybody may still be asked for the object. */
    public boolean hasSource(ObjectId object, EVersion need) {
        return !members.sourcesOf(object, need).isEmpty();
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
                PgShard from = sources.contains(members.self())
                        ? members.self()
                        : sources.get(Math.floorMod(object.hash(), sources.size()));
                pulling.put(object, from);
                steps.add(new RecoveryStep.Pull(from, object, members.versionFrom(from, object, mine.need())));
            }
            return;
        }
        TreeMap<PgShard, EVersion> targets = new TreeMap<>();
        EVersion newest = EVersion.ZERO;
        for (PgShard peer : others()) {
            MissingSet theirs = members.peerMissing(peer);
            PgMissing.Item item = theirs == null ? null : theirs.find(object);
            if (item != null) {
                targets.put(peer, item.need());
                newest = item.need().compareTo(newest) > 0 ? item.need() : newest;
            }
        }
        for (PgShard target : backfills.keySet()) {
            if (backfills.get(target).isInFlight(object)) {
                targets.putIfAbsent(target, EVersion.ZERO);
            }
        }
        if (!targets.isEmpty() && !members.isDegraded(object) && !mayCopy.test(object)) {
            again.add(object); // writes to it do not wait for those who miss it, so it waits for the writes
        } else if (!targets.isEmpty()) {
            pushing.put(object, targets);
            steps.add(new RecoveryStep.Push(
                    List.copyOf(targets.keySet()), object, newest.equals(EVersion.ZERO) ? EVersion.MAX : newest));
        }
    }

    /** A pulled object is in our store, with {@code transaction}. */
    public void pulled(ObjectId object, EVersion version, Transaction transaction) {
        pulling.remove(object);
        members.recoveredHere(object, version, transaction);
        again.add(object); // others may have waited for us to have it
    }

    /** A source does not have the object as it should be: it misses it as well, and it is tried elsewhere. Ceph: on_failed_pull. */
    public void pullFailed(PgShard from, ObjectId object) {
        if (isPulledFrom(from, object)) {
            pulling.remove(object);
            PgMissing.Item mine = members.missing().find(object);
            if (mine != null && !from.equals(members.self())) {
                members.hasNone(from, object, mine.need());
            }
            again.add(object);
        }
    }

    /** Pulls from OSDs that are gone are tried elsewhere. Ceph: check_recovery_sources. */
    public void sourcesGone(IntPredicate isUp) {
        pulling.entrySet().removeIf(e -> {
            boolean gone = !isUp.test(e.getValue().osd());
            if (gone) {
                again.add(e.getKey());
            }
            return gone;
        });
    }

    /** Our own copy, in this version, turned out to be damaged: it is missing here, to be had from others. */
    public void unreadableHere(ObjectId object, EVersion version, Transaction transaction) {
        pushing.remove(object);
        members.lostHere(object, version, transaction);
        again.add(object);
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
            backfill.arrived(object);
        }
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

    // Backfill

    private void backfill(int most, List<RecoveryStep> steps) {
        TreeMap<ObjectId, List<PgShard>> pushes = new TreeMap<>();
        for (PgShard target : members.backfillTargets()) {
            PgInfo theirs = members.peerInfo(target);
            if (theirs == null || !members.needsBackfill(target)) {
                continue;
            }
            Backfill backfill =
                    backfills.computeIfAbsent(target, t -> new Backfill(t, theirs, members, store, settings, mayCopy));
            List<ObjectId> some = new ArrayList<>();
            backfill.next(Math.max(0, most - active()), some, steps);
            for (ObjectId object : some) {
                pushing.computeIfAbsent(object, o -> new TreeMap<>()).put(target, EVersion.ZERO);
                pushes.computeIfAbsent(object, o -> new ArrayList<>()).add(target);
            }
        }
        pushes.forEach((object, targets) -> steps.add(new RecoveryStep.Push(targets, object, EVersion.MAX)));
    }

    /** A backfill target has said what it has. */
    public void scanned(PgShard target, SortedMap<ObjectId, EVersion> objects, ObjectId end) {
        Backfill backfill = backfills.get(target);
        if (backfill != null) {
            backfill.scanned(objects, end);
        }
    }

    /** A target has noted that it is complete. */
    public void backfilled(PgShard target) {
        if (backfills.remove(target) != null) {
            members.backfillFinished(target);
        }
    }
}
