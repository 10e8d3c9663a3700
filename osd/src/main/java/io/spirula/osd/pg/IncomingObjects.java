package io.spirula.osd.pg;

import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.message.PushReplyOp;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PushOp;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.peering.ReplicaState;
import io.spirula.osd.recovery.Landing;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Objects that come to a group, pulled as its primary or pushed by it: what one message brings is one transaction, and gets one answer. */
final class IncomingObjects {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingObjects.class);

    private final PlacementGroup pg;
    private final PgHost host;
    private final RecoveryDriver driver;
    private final AwaitedObjects awaited;
    private final Landing landing;

    IncomingObjects(PlacementGroup pg, PgHost host, RecoveryDriver driver, AwaitedObjects awaited) {
        this.pg = pg;
        this.host = host;
        this.driver = driver;
        this.awaited = awaited;
        landing = new Landing(pg.collection());
    }

    /** The interval is over. */
    void reset() {
        Transaction transaction = new Transaction();
        landing.clear(transaction);
        if (!transaction.isEmpty()) {
            host.store().submit(transaction, () -> {});
        }
    }

    private PgMembers members() {
        return pg.members();
    }

    /** Takes what has come once its data is on the disk, so that nobody who writes meanwhile waits for that. Throws MalformedInput, and takes nothing, where an object does not fit together. */
    void arrived(OsdPgPush message) {
        List<Transaction.Write> writes = new ArrayList<>();
        message.pushes().forEach(push -> writes.addAll(Landing.writes(push, pg.collection(), push.object())));
        int interval = pg.interval();
        host.store().stage(writes, staged -> {
            try (staged) {
                if (pg.isStillIn(interval)) {
                    take(message, staged);
                    driver.proceed();
                }
            }
        });
    }

    private void take(OsdPgPush message, ObjectStore.Staged staged) {
        RecoveryPlan plan = driver.currentPlan();
        if (pg.isPrimary()) {
            if (plan != null) {
                new Pulled(plan, message.from()).take(message.pushes(), staged);
            }
            return;
        }
        new Pushed(message.from()).take(message.pushes(), staged);
        message.pushes().forEach(push -> pg.scrubs().replaced(message.repair()));
        if (pg.state() instanceof ReplicaState.RepRecovering s
                && s.backfill()
                && host.fullness().compareTo(Fullness.BACKFILLFULL) >= 0) {
            pg.handle(new RecoveryEvent.BackfillTooFull());
        }
    }

    /** What one message brings. */
    private abstract class Arrival {
        private final Transaction transaction = new Transaction();
        private final List<Runnable> whenDurable = new ArrayList<>();

        final void take(List<PushOp> pushes, ObjectStore.Staged staged) {
            for (PushOp push : pushes) {
                Transaction one = new Transaction();
                Runnable then = take(push, one);
                transaction.addAll(one.ops());
                if (then != null) {
                    whenDurable.add(then);
                }
            }
            transaction.use(staged);
            submit();
        }

        private void submit() {
            if (!whenDurable.isEmpty()) {
                host.store().submit(transaction, pg.inThisInterval(() -> {
                    whenDurable.forEach(Runnable::run);
                    durable();
                }));
                submitted();
            }
        }

        /** Returns what to do when it is durable; null where it is of no use. */
        abstract @Nullable Runnable take(PushOp push, Transaction one);

        /** Reads see it all. */
        void submitted() {}

        /** After all of the rest. */
        void durable() {}
    }

    /** At a replica, from its primary. */
    private final class Pushed extends Arrival {
        private final PgShard from;
        private final List<PushReplyOp> replies = new ArrayList<>();

        Pushed(PgShard from) {
            this.from = from;
        }

        @Override
        @Nullable
        Runnable take(PushOp push, Transaction one) {
            Landing.Result result = landing.take(push, one);
            if (result == Landing.Result.STRAY) {
                return null;
            }
            if (result == Landing.Result.WHOLE) {
                members().recoveredHere(push.object(), push.version(), one);
            }
            return () -> replies.add(new PushReplyOp(push.object()));
        }

        @Override
        void durable() {
            int epoch = host.map().epoch();
            host.sendToOsd(from.osd(), new OsdPgPushReply(pg.id(), epoch, replies, 0, pg.self(), pg.interval()));
        }
    }

    /** At the primary, from where it asked. */
    private final class Pulled extends Arrival {
        private final RecoveryPlan plan;
        private final PgShard from;
        private final List<ObjectId> whole = new ArrayList<>();

        Pulled(RecoveryPlan plan, PgShard from) {
            this.plan = plan;
            this.from = from;
        }

        @Override
        @Nullable
        Runnable take(PushOp push, Transaction one) {
            ObjectId object = push.object();
            PgMissing.Item missing = members().missingItem(object);
            if (missing == null || !plan.isPulledFrom(from, object)) {
                return null; // of an earlier try
            }
            EVersion wanted = members().versionFrom(from, object, missing.need());
            boolean goesBack = !wanted.equals(missing.need());
            if (push.version().compareTo(wanted) < 0
                    || goesBack && !push.version().equals(wanted)) {
                LOG.warn("{}: {} at {} can't be had from osd.{}", pg, object, wanted, from.osd());
                plan.pullFailed(from, object);
                awaited.sourceIsBad(plan, object, missing.need());
                return null;
            }
            return switch (landing.take(push, one)) {
                case WHOLE -> {
                    if (goesBack) {
                        one.add(Reversion.restamp(
                                pg.collection(), push.recoveryInfo().info(), missing.need()));
                    }
                    pg.scrubs().replaced(pg.scrubs().isRepairing());
                    plan.pulled(object, goesBack ? missing.need() : push.version(), one);
                    members()
                            .countRecovered(
                                    push.recoveryInfo().size(),
                                    push.omapEntries().size());
                    whole.add(object);
                    yield () -> awaited.wake(object);
                }
                case PIECE ->
                    () -> {
                        if (plan.isPulledFrom(from, object)) {
                            driver.pull(from, object, wanted, push.afterProgress());
                        }
                    };
                case STRAY -> {
                    LOG.debug("{}: a piece of {} that fits nothing", pg, object);
                    yield null;
                }
            };
        }

        @Override
        void submitted() {
            whole.forEach(object -> {
                awaited.foundGood(object);
                pg.ops().contexts().changed(object);
            });
        }
    }
}
