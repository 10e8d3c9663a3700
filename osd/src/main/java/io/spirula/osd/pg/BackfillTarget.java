package io.spirula.osd.pg;

import io.spirula.common.message.OsdPgBackfill;
import io.spirula.common.message.OsdPgBackfillRemove;
import io.spirula.common.message.OsdPgScan;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.recovery.StoredVersions;
import io.spirula.osd.store.Transaction;

/** A group that its primary fills: says what it has, removes what the primary has not, and notes how far it is. Source: PrimaryLogPG::do_scan, do_backfill and do_backfill_remove. */
final class BackfillTarget {
    private final PlacementGroup pg;
    private final PgHost host;

    BackfillTarget(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** The primary asks what is here. */
    void scan(OsdPgScan message) {
        StoredVersions found = StoredVersions.scan(
                host.store(),
                pg.collection(),
                message.begin(),
                host.recovery().settings().scanMax() + 1);
        host.sendToOsd(
                message.from().osd(),
                new OsdPgScan(
                        OsdPgScan.DIGEST,
                        host.map().epoch(),
                        pg.interval(),
                        pg.id(),
                        message.begin(),
                        found.end(),
                        pg.self(),
                        found.encoded()));
    }

    /** Here are objects that the primary has not. */
    void remove(OsdPgBackfillRemove message) {
        Transaction transaction = new Transaction();
        for (ObjectId object : message.objects().keySet()) {
            transaction.add(new Transaction.Remove(pg.collection(), object));
        }
        host.store().submit(transaction, () -> {});
    }

    /** The primary says how far the backfill is. */
    void progressed(PgShard primary, OsdPgBackfill message) {
        Transaction transaction = new Transaction();
        pg.members().backfilledHere(message.lastBackfill(), message.stats(), transaction);
        host.store().submit(transaction, pg.inThisInterval(() -> {
            if (message.op() == OsdPgBackfill.FINISH) {
                host.sendToOsd(
                        primary.osd(),
                        new OsdPgBackfill(
                                OsdPgBackfill.FINISH_ACK,
                                host.map().epoch(),
                                pg.interval(),
                                pg.id(),
                                message.lastBackfill(),
                                pg.members().info().stats()));
            }
        }));
    }
}
