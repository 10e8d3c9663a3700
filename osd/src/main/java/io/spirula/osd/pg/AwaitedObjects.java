package io.spirula.osd.pg;

import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.recovery.RecoveryPlan;
import java.util.TreeMap;
import java.util.TreeSet;

/** Objects that clients' operations wait for until recovery has brought them; and those that nobody waits for, because they are damaged wherever they are. */
final class AwaitedObjects {
    private final PlacementGroup pg;
    private final PgHost host;
    /** Operations that wait for an object, in the order in which they came. */
    private final TreeMap<ObjectId, TreeMap<Long, Runnable>> waiting = new TreeMap<>();

    private final TreeSet<ObjectId> badEverywhere = new TreeSet<>();

    AwaitedObjects(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** The interval is over. */
    void reset() {
        waiting.clear();
        badEverywhere.clear();
    }

    /** Runs {@code again} when the object may be there. */
    void await(ObjectId object, ClientOp op, Runnable again) {
        waiting.computeIfAbsent(object, o -> new TreeMap<>()).put(op.place(), again);
    }

    /** Whether somebody waits for the object. */
    boolean contains(ObjectId object) {
        return waiting.containsKey(object);
    }

    /** Who waits for the object may look again. */
    void wake(ObjectId object) {
        TreeMap<Long, Runnable> ready = waiting.remove(object);
        if (ready != null) {
            ready.values().forEach(Runnable::run);
        }
        pg.ops().recovered(object);
    }

    boolean isBadEverywhere(ObjectId object) {
        return badEverywhere.contains(object);
    }

    /** A source that should have had the object has not. Where nobody is left to ask, nobody is down and there is no older version to go back to, those who wait are told. */
    void sourceIsBad(RecoveryPlan plan, ObjectId object, EVersion need) {
        if (pg.members().isWhole()
                && !plan.hasSource(object, need)
                && pg.members().newestAvailable(object).equals(EVersion.ZERO)
                && badEverywhere.add(object)) {
            host.clusterLog().error(pg.id() + " missing primary copy of " + object + ", unfound");
            wake(object);
        }
    }

    /** A good copy has come. */
    void foundGood(ObjectId object) {
        badEverywhere.remove(object);
    }
}
