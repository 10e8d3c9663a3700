package io.spirula.it.sim.nemesis;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.it.sim.SimOsd;
import io.spirula.osd.store.CollectionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A block of an object on one OSD's disk is not what was written there, or of several; and another OSD may be away for a moment then. A read of it finds out; if nobody does, a repair that the operator asks for in the end. */
final class RotBlock implements Nemesis {
    private static final Duration BETWEEN_REPAIRS = Duration.ofSeconds(20);

    private static final int MOST_PLACES = 4;

    /** What an object's version is in. Ceph: OI_ATTR. */
    private static final Bytes INFO = Bytes.of("_");

    private record Place(CollectionId collection, ObjectId object) {}

    @Override
    public String name() {
        return "rot-block";
    }

    @Override
    public Kind kind() {
        return Kind.DAMAGES_COPIES;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        List<Place> places = places(osd);
        places.removeIf(place -> isBeingWritten(stage, osd, place));
        int times = random.nextInt(1, MOST_PLACES + 1);
        boolean another = random.nextBoolean();
        Duration away = Stage.aWhile(random, Duration.ofSeconds(10));
        for (int i = 0; i < times && !places.isEmpty(); i++) {
            rot(stage, osd, places.remove(random.nextInt(places.size())), random);
        }
        if (another && stage.hasDamagedCopies()) {
            fallBehind(stage, stage.anyOsd(random), away);
        }
    }

    /** Whether another copy is of another version: a write that is under way may be nowhere else yet, and so nobody could mend it. */
    private static boolean isBeingWritten(Stage stage, SimOsd osd, Place place) {
        Bytes version = osd.store().attribute(place.collection, place.object, INFO);
        return stage.osds().stream()
                .filter(other -> other != osd && other.store().collections().contains(place.collection))
                .anyMatch(other ->
                        !Objects.equals(version, other.store().attribute(place.collection, place.object, INFO)));
    }

    /** Whoever was away gets what it missed, and not from the rotten copy. */
    private static void fallBehind(Stage stage, SimOsd osd, Duration away) {
        stage.note("osd." + osd.id() + " crashes");
        osd.crash();
        stage.hurry();
        stage.trouble(away, osd::restart);
        stage.later(away.dividedBy(2), stage::hurry);
    }

    private static void rot(Stage stage, SimOsd osd, Place place, RandomGenerator random) {
        if (!osd.store().damage(place.collection, place.object, 0)) {
            return;
        }
        stage.note("osd." + osd.id() + "'s copy of " + place.object + " rots");
        boolean[] asked = new boolean[1];
        stage.damage(Stage.aWhile(random, Duration.ofSeconds(30)), () -> asked[0] = true);
        stage.cure(() -> groupOf(osd, place.object) == null);
        repair(stage, osd, place.object, asked);
    }

    private static void repair(Stage stage, SimOsd osd, ObjectId object, boolean[] asked) {
        stage.later(BETWEEN_REPAIRS, () -> {
            ShardPgId pg = groupOf(osd, object);
            if (pg != null) {
                if (asked[0]) {
                    stage.command("pg repair", "pgid", Targets.text(pg.pg()));
                }
                repair(stage, osd, object, asked);
            }
        });
    }

    /** In which group the rotten copy is by now, for groups split and merge; null where it is not rotten any more. */
    private static @Nullable ShardPgId groupOf(SimOsd osd, ObjectId object) {
        for (CollectionId collection : osd.store().collections()) {
            if (collection.pg() != null && osd.store().isDamaged(collection, object)) {
                return collection.pg();
            }
        }
        return null;
    }

    private static List<Place> places(SimOsd osd) {
        List<Place> places = new ArrayList<>();
        for (CollectionId collection : osd.store().collections()) {
            if (collection.pg() != null) {
                for (ObjectId object : osd.store().list(collection, ObjectId.MIN, ObjectId.MAX, Integer.MAX_VALUE)) {
                    if (!object.name().isEmpty()) {
                        places.add(new Place(collection, object));
                    }
                }
            }
        }
        return places;
    }
}
