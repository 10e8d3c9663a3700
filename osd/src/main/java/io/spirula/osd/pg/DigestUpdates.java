package io.spirula.osd.pg;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.scrub.Findings;
import io.spirula.osd.store.StoreException;
import java.util.List;

/** Notes in objects' infos the digests that a scrub has computed of them, as writes of the group's own: evidence for later scrubs. Source: PrimaryLogPG::scrub_snapshot_metadata, its last part. */
final class DigestUpdates {
    private final PlacementGroup pg;
    private final PgHost host;

    DigestUpdates(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** Begins before anybody else may write to the objects; {@code done} is run when all are durable, not at all where the interval ends before. */
    void note(List<Findings.Digests> all, Runnable done) {
        if (all.isEmpty()) {
            done.run();
            return;
        }
        int[] left = {all.size()};
        for (Findings.Digests one : all) {
            note(one, () -> {
                if (--left[0] == 0) {
                    done.run();
                }
            });
        }
    }

    private void note(Findings.Digests digests, Runnable done) {
        ObjectContext context;
        try {
            context = pg.ops().contexts().load(digests.object());
        } catch (StoreException | MalformedInput e) {
            done.run(); // found wanting meanwhile
            return;
        }
        if (context.acquire(true, true, pg.inThisInterval(() -> write(context, digests, done)))) {
            write(context, digests, done);
        }
    }

    private void write(ObjectContext context, Findings.Digests digests, Runnable done) {
        if (!context.exists() || pg.members().isDegraded(context.id())) {
            context.release();
            done.run();
            return;
        }
        OpExecution execution = OwnWrite.begin(pg, context);
        execution.noteDigests(digests.data(), digests.omap());
        OwnWrite.submit(pg, host, execution, done);
    }
}
