package io.spirula.osd.recovery;

import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.store.ObjectStore;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One target's backfill: walks over what we have and what the target has, in the objects' order, pushes what differs, and has removed what the target has too many. Ceph: PrimaryLogPG::recover_backfill.
 *
 * <p>Everything up to {@code position} is settled or on its way, and from then on the target gets the writes to it, behind the push. What lies behind it does not change at the target, so what the target said of it
 * stays true; what we have there may change, so our own list is made anew after each write.
 */
final class Backfill {
    /** After how many objects a target notes how far it is. */
    private static final int OBJECTS_BETWEEN_NOTES = 64;

    private final PgShard target;
    private final PgMembers members;
    private final ObjectStore store;
    private final RecoverySettings settings;
    /** Whether nobody is changing an object, or will before it has been copied. */
    private final Predicate<ObjectId> mayCopy;

    private ObjectId position;
    private ObjectId toldOf;
    private int sinceTold;
    /** What the target has from behind {@code position} on, up to {@code scannedTo}. */
    private final TreeMap<ObjectId, EVersion> theirs = new TreeMap<>();

    private ObjectId scannedTo;
    private boolean scanning;
    private List<ObjectId> mine = List.of();
    private int nextMine;
    private boolean mineGoOn;
    private EVersion listedAt = EVersion.MAX;
    /** Objects being pushed, each with the position before it. */
    private final TreeMap<ObjectId, ObjectId> inFlight = new TreeMap<>();

    Backfill(
            PgShard target,
            PgInfo theirs,
            PgMembers members,
            ObjectStore store,
            RecoverySettings settings,
            Predicate<ObjectId> mayCopy) {
        this.mayCopy = mayCopy;
        this.target = target;
        this.members = members;
        this.store = store;
        this.settings = settings;
        position = theirs.lastBackfill();
        toldOf = position;
        scannedTo = position;
        members.countBackfilled(target, 0);
    }

    /** What the target has: all from where it was asked on, up to {@code end}. */
    void scanned(SortedMap<ObjectId, EVersion> objects, ObjectId end) {
        if (!scanning) {
            return;
        }
        scanning = false;
        scannedTo = end;
        listedAt = EVersion.MAX; // there is more to go through now
        theirs.clear();
        objects.forEach((object, version) -> {
            if (object.compareTo(position) > 0) {
                theirs.put(object, version);
            }
        });
    }

    boolean isInFlight(ObjectId object) {
        return inFlight.containsKey(object);
    }

    /** An object has arrived at the target. */
    void arrived(ObjectId object) {
        if (inFlight.remove(object) != null) {
            sinceTold++;
            members.countBackfilled(target, 1);
        }
    }

    /** Goes on; pushes to begin, at most {@code room}, go to {@code pushes}. */
    void next(int room, List<ObjectId> pushes, List<RecoveryStep> steps) {
        TreeMap<ObjectId, EVersion> surplus = new TreeMap<>();
        while (pushes.size() < room && !position.max()) {
            ObjectId ours = nextOfOurs();
            ObjectId other = theirs.isEmpty() ? null : theirs.firstKey();
            if (ours == null && other == null) {
                if (scannedTo.max()) {
                    position = ObjectId.MAX;
                } else {
                    scan(steps);
                    break;
                }
            } else if (ours == null || other != null && other.compareTo(ours) < 0) {
                surplus.put(theirs.firstKey(), theirs.pollFirstEntry().getValue());
                position = other == null ? position : other;
            } else {
                EVersion had = ours.equals(other) ? theirs.firstEntry().getValue() : null;
                boolean same = had != null && isSame(ours, had);
                if (!same && !mayCopy.test(ours)) {
                    break; // the target gets no writes to it before it gets the object
                }
                nextMine++;
                if (had != null) {
                    theirs.pollFirstEntry();
                }
                if (same) {
                    sinceTold++;
                    members.countBackfilled(target, 1);
                } else {
                    inFlight.put(ours, position);
                    pushes.add(ours);
                }
                position = ours;
            }
        }
        members.backfilledThere(target, position);
        if (!surplus.isEmpty()) {
            sinceTold += surplus.size();
            steps.add(new RecoveryStep.Remove(target, surplus));
        }
        tell(steps);
    }

    private boolean isSame(ObjectId object, EVersion theirVersion) {
        return !theirVersion.equals(EVersion.ZERO)
                && theirVersion.equals(StoredVersions.of(store, members.collection(), object));
    }

    private void scan(List<RecoveryStep> steps) {
        if (!scanning) {
            scanning = true;
            steps.add(new RecoveryStep.Scan(target, position));
        }
    }

    private @Nullable ObjectId nextOfOurs() {
        if (!listedAt.equals(members.info().lastUpdate()) || nextMine == mine.size() && mineGoOn) {
            listedAt = members.info().lastUpdate();
            List<ObjectId> some = position.compareTo(scannedTo) < 0
                    ? store.list(members.collection(), position, scannedTo, settings.scanMin() + 1)
                    : List.of();
            mineGoOn = some.size() > settings.scanMin();
            mine = some.stream()
                    .filter(o -> o.compareTo(position) > 0 && !o.name().isEmpty())
                    .toList();
            nextMine = 0;
        }
        return nextMine < mine.size() ? mine.get(nextMine) : null;
    }

    /** The target is told how far it is now and then, and when it is complete. */
    private void tell(List<RecoveryStep> steps) {
        ObjectId reached = inFlight.isEmpty() ? position : inFlight.firstEntry().getValue();
        if (!reached.equals(toldOf) && (reached.max() || sinceTold >= OBJECTS_BETWEEN_NOTES)) {
            toldOf = reached;
            sinceTold = 0;
            steps.add(new RecoveryStep.Progress(target, reached));
        }
    }
}
