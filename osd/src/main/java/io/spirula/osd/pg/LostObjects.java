package io.spirula.osd.pg;

import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.store.Transaction;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives unfound objects up, as an operator orders: each goes back to the newest older version that anybody has, or is deleted where there is none, or where that was asked for. Some at a time, each as a log entry that all members get;
 * recovery then makes the new version of the older one. Ceph: PrimaryLogPG::do_command and mark_all_unfound_lost.
 */
final class LostObjects {
    private static final int AT_ONCE = 64;

    private final PlacementGroup pg;
    private final PgHost host;
    private final boolean revert;
    private final ArrayDeque<ObjectId> left;
    private final int all;
    private final Consumer<Outcome> done;
    private int underWay;

    private LostObjects(
            PlacementGroup pg, PgHost host, boolean revert, List<ObjectId> unfound, Consumer<Outcome> done) {
        this.pg = pg;
        this.host = host;
        this.revert = revert;
        this.done = done;
        left = new ArrayDeque<>(unfound);
        all = unfound.size();
    }

    /** Throws Refusal. */
    static void mark(PlacementGroup pg, PgHost host, boolean revert, Consumer<Outcome> done) {
        List<ObjectId> unfound = pg.isServing() ? pg.members().unfound() : List.of();
        if (unfound.isEmpty()) {
            done.accept(Outcome.text("pg has no unfound objects")); // so that the command may be repeated
            return;
        }
        if (!pg.members().isSearchExhausted()) {
            throw new Refusal(
                    Errno.EINVAL,
                    "pg has " + unfound.size()
                            + " unfound objects but we haven't probed all sources, not marking lost");
        }
        new LostObjects(pg, host, revert, unfound, done).goOn();
    }

    private void goOn() {
        while (underWay < AT_ONCE && !left.isEmpty()) {
            give(left.remove());
        }
        if (underWay == 0 && left.isEmpty()) {
            done.accept(Outcome.text("pg has " + all + " objects unfound and apparently lost marking"));
            pg.handle(new RecoveryEvent.DoRecovery());
        }
    }

    private void give(ObjectId object) {
        PgMembers members = pg.members();
        PgMissing.Item item = members.missingItem(object);
        if (item == null || !members.sourcesOf(object, item.need()).isEmpty()) {
            return; // it has turned up
        }
        EVersion to = revert ? members.newestAvailable(object) : EVersion.ZERO;
        boolean goesBack = !to.equals(EVersion.ZERO);
        underWay++;
        pg.statistics().miscount();
        pg.writes().write(goesBack ? List.of() : deleted(object), entry(object, item, pg.nextVersion(), to), () -> {
            underWay--;
            goOn();
        });
        if (!goesBack) {
            pg.ops().contexts().changed(object);
            pg.recovery().settled(object);
        }
    }

    private List<Transaction.Op> deleted(ObjectId object) {
        StatDelta delta = new StatDelta();
        delta.objects = -1;
        pg.statistics().count(object, delta);
        return List.of(new Transaction.Remove(pg.collection(), object));
    }

    private PgLogEntry entry(ObjectId object, PgMissing.Item item, EVersion version, EVersion to) {
        return new PgLogEntry(
                to.equals(EVersion.ZERO) ? PgLogEntry.Op.LOST_DELETE : PgLogEntry.Op.LOST_REVERT,
                object,
                version,
                item.need(),
                to,
                ReqId.NONE,
                host.clock().now(),
                Bytes.EMPTY,
                0,
                PgLogEntry.NO_ROLLBACK,
                List.of(),
                CleanRegions.DIRTY,
                0,
                List.of());
    }
}
