package io.spirula.osd.pg;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.store.StoreException;
import java.time.Duration;

/** Takes watches off their objects whose clients were silent for too long or are shut out: a write of the group's own. Source: PrimaryLogPG::handle_watch_timeout. */
final class WatchExpiry {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final PlacementGroup pg;
    private final PgHost host;

    WatchExpiry(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    /** {@code done} is run when that is durable; not at all where the interval ends before. */
    void expire(Watch watch, Runnable done) {
        if (!watch.isOverdue()) {
            return;
        }
        if (mustWait(watch)) {
            again(watch, done);
            return;
        }
        ObjectContext context;
        try {
            context = pg.ops().contexts().load(watch.object());
        } catch (StoreException | MalformedInput e) {
            again(watch, done); // until a good copy has come
            return;
        }
        Runnable write = pg.inThisInterval(() -> write(context, watch, done));
        if (context.acquire(true, true, write)) {
            write.run();
        }
    }

    private boolean mustWait(Watch watch) {
        return !pg.isActive()
                || pg.members().isDegraded(watch.object())
                || pg.scrubs().holds(watch.object());
    }

    private void again(Watch watch, Runnable done) {
        host.reactor().schedule(AGAIN, pg.inThisInterval(() -> expire(watch, done)));
    }

    private void write(ObjectContext context, Watch watch, Runnable done) {
        if (!watch.isOverdue()) {
            context.release();
            return;
        }
        if (mustWait(watch)) {
            context.release();
            again(watch, done);
            return;
        }
        OpExecution execution = OwnWrite.begin(pg, context);
        if (!context.exists() || !execution.endWatch(watch.stored())) {
            context.release();
            done.run(); // it has been ended meanwhile
            return;
        }
        OwnWrite.submit(pg, host, execution, done);
    }
}
