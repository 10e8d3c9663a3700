package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.backend.PgCounters;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.store.Transaction;

/** What a group counts of itself, its objects and what clients do with them: by each operation while we are its primary, as its primary says while we are not, and anew where nobody knows. */
final class GroupStatistics {
    private final PlacementGroup pg;
    private final PgHost host;
    private final StatsRecount recount;
    private PgCounters counters;

    GroupStatistics(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        recount = new StatsRecount(pg, host);
        counters = PgCounters.of(pg.members().info().stats());
    }

    /** Peering has agreed on what there is. */
    void activated() {
        counters = PgCounters.of(pg.members().info().stats());
    }

    /** The interval is over. */
    void reset() {
        recount.stop();
    }

    /** All objects are here: what is only guessed can be counted. */
    void clean() {
        if (pg.members().info().stats().invalid().stats()) {
            recount.start();
        }
    }

    /** An operation has read, or is about to change, an object. */
    void count(ObjectId object, StatDelta delta) {
        counters.add(delta);
        recount.changed(object, delta);
        pg.scrubs().changed(object, delta);
        if (delta.objects != 0) {
            host.stateChanged(pg);
        }
    }

    /** Objects are about to change to something whose size nobody knows. */
    void miscount() {
        counters.guess();
    }

    /** So much there is, in truth. */
    void counted(StatDelta all) {
        counters.set(all);
        Transaction transaction = new Transaction();
        pg.members().counted(now(), transaction);
        host.store().submit(transaction, () -> {});
        host.stateChanged(pg);
    }

    PgStats now() {
        return counters.into(pg.members().info().stats());
    }

    /** For replicas, with a write. */
    Bytes encode() {
        return counters.encode();
    }

    /** What came from the primary with a write. Throws MalformedInput. */
    void take(Bytes encoded) {
        counters = PgCounters.decode(encoded);
    }
}
