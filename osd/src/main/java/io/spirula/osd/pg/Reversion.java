package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Objects that an operator has had go back to an older version: what is stored of them, here or where it is pulled from, becomes the version that the log says. Source: PrimaryLogPG::recover_primary and on_local_recover. */
final class Reversion {
    private final PlacementGroup pg;
    private final PgHost host;
    private final AwaitedObjects awaited;
    private final Runnable proceed;

    /** @param proceed has recovery go on, after what has changed */
    Reversion(PlacementGroup pg, PgHost host, AwaitedObjects awaited, Runnable proceed) {
        this.pg = pg;
        this.host = host;
        this.awaited = awaited;
        this.proceed = proceed;
    }

    /** What is stored with this info is taken for a later version. */
    static Transaction.Op restamp(CollectionId collection, ObjectInfo info, EVersion later) {
        TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
        attributes.put(ObjectInfo.ATTRIBUTE, ObjectInfo.CODEC.toBytes(info.restamped(later)));
        return new Transaction.SetAttributes(collection, info.object(), attributes);
    }

    /** This OSD has the version to go back to. Not before all members know of it: else an OSD that fails now would undo it and have nothing left. */
    void begin(RecoveryPlan plan, ObjectId object, EVersion to) {
        PgMissing.Item item = pg.members().missingItem(object);
        if (item == null) {
            return;
        }
        Runnable goBack = pg.inThisInterval(() -> goBack(plan, object, to, item.need()));
        if (pg.writes().isDurable(item.need())) {
            goBack.run();
        } else {
            pg.writes().whenDurable(item.need(), goBack);
        }
    }

    private void goBack(RecoveryPlan plan, ObjectId object, EVersion to, EVersion need) {
        Transaction transaction = new Transaction();
        ObjectInfo info = stored(object);
        boolean isHere = info != null && info.version().equals(to);
        if (info != null && isHere) {
            transaction.add(restamp(pg.collection(), info, need));
            plan.pulled(object, need, transaction);
        } else {
            pg.members().lostHere(object, need, transaction);
            plan.pullFailed(pg.self(), object);
        }
        host.store().submit(transaction, pg.inThisInterval(() -> {
            if (isHere) {
                awaited.wake(object);
            }
            proceed.run();
        }));
        if (isHere) {
            awaited.foundGood(object);
            pg.ops().contexts().changed(object);
        }
    }

    private @Nullable ObjectInfo stored(ObjectId object) {
        try {
            return ObjectInfo.read(host.store().attribute(pg.collection(), object, ObjectInfo.ATTRIBUTE));
        } catch (StoreException e) {
            return null;
        }
    }
}
