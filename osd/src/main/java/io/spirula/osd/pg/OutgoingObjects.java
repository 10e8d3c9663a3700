package io.spirula.osd.pg;

import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.message.PushReplyOp;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PullOp;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.queue.Work;
import io.spirula.osd.queue.WorkClass;
import io.spirula.osd.recovery.ObjectPush;
import io.spirula.osd.store.StoreException;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Objects that a group sends to its peers: pushed as their primary, piece by piece and each in its turn, or asked for by their primary, who asks for each piece. */
final class OutgoingObjects {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingObjects.class);

    /** An object on its way to a peer, piece by piece: how far it is when the last piece sent has arrived. */
    private record Outgoing(EVersion version, RecoveryProgress reached, long bytes, long keys, long sentNanos) {
        static final Outgoing START = new Outgoing(EVersion.ZERO, RecoveryProgress.START, 0, 0, 0);

        Outgoing plus(PushOp piece, long nowNanos) {
            return new Outgoing(
                    piece.version(),
                    piece.afterProgress(),
                    bytes + piece.data().size(),
                    keys + piece.omapEntries().size(),
                    nowNanos);
        }

        boolean isWhole() {
            return reached.dataComplete() && reached.omapComplete();
        }
    }

    private final PlacementGroup pg;
    private final PgHost host;
    private final RecoveryDriver driver;
    private final AwaitedObjects awaited;
    private final RecoveryMessages messages;
    private final TreeMap<ObjectId, TreeMap<PgShard, Outgoing>> underWay = new TreeMap<>();
    /** Pushes that wait for their turn in the OSD's queue. */
    private final TreeMap<ObjectId, Runnable> queued = new TreeMap<>();

    OutgoingObjects(
            PlacementGroup pg, PgHost host, RecoveryDriver driver, AwaitedObjects awaited, RecoveryMessages messages) {
        this.pg = pg;
        this.host = host;
        this.driver = driver;
        this.awaited = awaited;
        this.messages = messages;
    }

    /** The interval is over. */
    void reset() {
        underWay.clear();
        queued.clear();
    }

    /** Sends a whole object, to peers who have nothing of it. */
    void push(List<PgShard> to, ObjectId object, EVersion version) {
        Runnable push = () -> push(to, object, version, Outgoing.START);
        queued.put(object, push);
        enqueue(object, push);
    }

    /** What recovery does in its own time so far gets a client's turn. */
    void goFirst(ObjectId object) {
        Runnable push = queued.get(object);
        if (push != null) {
            enqueue(object, push);
        }
    }

    /** Reads and sends the first piece when it is recovery's turn, or that of the client who waits for the object: the first turn that comes counts. */
    private void enqueue(ObjectId object, Runnable push) {
        long bytes = Math.clamp(
                host.store().size(pg.collection(), object),
                0,
                host.recovery().settings().maxChunk());
        WorkClass kind = awaited.contains(object) ? WorkClass.CLIENT : WorkClass.BACKGROUND_RECOVERY;
        host.queue().add(new Work.Task(kind, host.whoami(), bytes, pg.inThisInterval(() -> {
            if (queued.remove(object, push)) {
                push.run();
            }
        })));
    }

    private ObjectPush.Limits limits() {
        return new ObjectPush.Limits(
                host.recovery().throttle().chunk(), host.recovery().settings().maxOmapEntries());
    }

    /** The next piece of an object for peers who are equally far with it. */
    private void push(List<PgShard> to, ObjectId object, EVersion version, Outgoing reached) {
        int interval = pg.interval();
        ObjectPush.read(
                host.store(), pg.collection(), object, version, reached.reached(), limits(), new ObjectPush.Done() {
                    @Override
                    public void read(PushOp piece) {
                        if (interval == pg.interval()) {
                            Outgoing now = reached.plus(piece, host.clock().nanoTime());
                            to.forEach(t -> {
                                underWay.computeIfAbsent(object, o -> new TreeMap<>())
                                        .put(t, now);
                                messages.push(t, piece, awaited.contains(object));
                            });
                        }
                    }

                    @Override
                    public void failed(StoreException why) {
                        LOG.error("{}: {} can't be read to be pushed: {}", pg, object, why.getMessage());
                        if (interval == pg.interval()) {
                            underWay.remove(object);
                            driver.isUnreadable(object, version);
                        }
                    }
                });
    }

    /** Objects, or pieces of them, that we pushed are on the peer's disk. */
    void arrived(OsdPgPushReply message) {
        if (driver.currentPlan() == null) {
            return;
        }
        PgShard from = message.from();
        for (PushReplyOp reply : message.replies()) {
            ObjectId object = reply.object();
            TreeMap<PgShard, Outgoing> targets = underWay.get(object);
            Outgoing sent = targets == null ? null : targets.get(from);
            if (targets == null || sent == null) {
                continue;
            }
            if (!sent.version().equals(EVersion.ZERO) && !sent.isWhole()) {
                goOn(from, object, sent);
                continue;
            }
            targets.remove(from);
            if (targets.isEmpty()) {
                underWay.remove(object);
            }
            driver.pushed(from, object, sent.bytes(), sent.keys());
        }
        driver.proceed();
    }

    /** The next piece, after a rest unless a client waits for it. */
    private void goOn(PgShard to, ObjectId object, Outgoing sent) {
        Runnable next = pg.inThisInterval(() -> {
            TreeMap<PgShard, Outgoing> targets = underWay.get(object);
            if (targets != null && sent.equals(targets.get(to))) {
                push(List.of(to), object, sent.version(), sent);
            }
        });
        if (awaited.contains(object)) {
            next.run();
        } else {
            host.recovery().throttle().goOn(sent.sentNanos(), next);
        }
    }

    /** A primary misses objects that we have. */
    void pulled(OsdPgPull message) {
        int interval = pg.interval();
        ObjectPush.Limits limits = limits();
        boolean isAwaited = host.recovery().settings().isAwaited(message.priority());
        for (PullOp pull : message.pulls()) {
            ObjectId object = pull.object();
            EVersion need = pull.recoveryInfo().version();
            ObjectPush.Done done = new ObjectPush.Done() {
                @Override
                public void read(PushOp piece) {
                    if (interval == pg.interval()) {
                        messages.push(message.from(), piece, isAwaited);
                    }
                }

                @Override
                public void failed(StoreException why) {
                    LOG.error(
                            "{}: {} can't be read for osd.{}: {}",
                            pg,
                            object,
                            message.from().osd(),
                            why.getMessage());
                    read(ObjectPush.nothing(object));
                }
            };
            ObjectPush.read(host.store(), pg.collection(), object, need, pull.progress(), limits, done);
        }
    }
}
