package io.spirula.osd.scrub;

import io.spirula.common.message.OsdRepScrub;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.types.EVersion;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A replica's part in the scrub of a group: keeps one of this OSD's places for the primary, and tells it what there is of a range, one range at a time. Source: osd/pg_scrubber.cc, replica_scrub. */
public final class ReplicaScrub {
    /** What a replica does for its primary. Ceph's names: osd/scrub_machine.h. */
    private sealed interface State {
        record NotActive() implements State {}

        /** Writes that the primary has are not here yet. */
        record ReplicaWaitUpdates(OsdRepScrub wanted, Consumer<ScrubMap> done) implements State {}

        record ActiveReplica(MapBuilder builder) implements State {}
    }

    private final ObjectStore store;
    private final CollectionId collection;
    private final OsdScrubs scrubs;
    private final Executor turns;
    private State state = new State.NotActive();
    private boolean reserved;

    public ReplicaScrub(ObjectStore store, CollectionId collection, OsdScrubs scrubs, Executor turns) {
        this.store = store;
        this.collection = collection;
        this.scrubs = scrubs;
        this.turns = turns;
    }

    /** Takes a place for the primary; false where there is none. */
    public boolean reserve() {
        if (!reserved) {
            reserved = scrubs.take(OsdScrubs.Role.REPLICA);
        }
        return reserved;
    }

    /** The scrub is over, or the interval is. */
    public void release() {
        if (state instanceof State.ActiveReplica s) {
            s.builder.cancel();
        }
        state = new State.NotActive();
        if (reserved) {
            reserved = false;
            scrubs.giveBack(OsdScrubs.Role.REPLICA);
        }
    }

    /** The primary wants a map of a range as of some version of the group; whatever it wanted before is void. */
    public void build(OsdRepScrub wanted, EVersion lastUpdate, Consumer<ScrubMap> done) {
        if (state instanceof State.ActiveReplica s) {
            s.builder.cancel();
        }
        state = new State.ReplicaWaitUpdates(wanted, done);
        updated(lastUpdate);
    }

    /** The group has advanced to this version here. */
    public void updated(EVersion lastUpdate) {
        if (!(state instanceof State.ReplicaWaitUpdates s) || lastUpdate.compareTo(s.wanted.scrubTo()) < 0) {
            return;
        }
        MapBuilder builder = MapBuilder.start(
                store,
                collection,
                new ScrubRange(s.wanted.start(), s.wanted.end()),
                s.wanted.deep(),
                scrubs.settings().reading(),
                turns,
                lastUpdate,
                map -> {
                    state = new State.NotActive();
                    s.done.accept(map);
                });
        state = new State.ActiveReplica(builder);
    }
}
