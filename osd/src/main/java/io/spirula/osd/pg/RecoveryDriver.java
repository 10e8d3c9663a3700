package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdPgBackfill;
import io.spirula.common.message.OsdPgBackfillRemove;
import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.message.OsdPgScan;
import io.spirula.common.message.PushReplyOp;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgDump;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PullOp;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.peering.RecoveryState;
import io.spirula.osd.queue.Work;
import io.spirula.osd.queue.WorkClass;
import io.spirula.osd.recovery.ObjectPush;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.recovery.RecoverySettings;
import io.spirula.osd.recovery.RecoveryStep;
import io.spirula.osd.recovery.RecoveryThrottle;
import io.spirula.osd.recovery.StoredVersions;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a group's recovery: sends the pulls and pushes that its {@link RecoveryPlan} decides on, answers those of others, and wakes the clients' operations that wait for an object. */
final class RecoveryDriver implements RecoveryThrottle.Work {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryDriver.class);

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
    private final IncomingObjects incoming;
    private final RecoveryMessages messages;
    private final BackfillLocks locks;
    private final Reversion reversion;
    /** Operations that wait for an object, in the order in which they came. */
    private final TreeMap<ObjectId, TreeMap<Long, Runnable>> waiting = new TreeMap<>();

    private final TreeMap<ObjectId, TreeMap<PgShard, Outgoing>> outgoing = new TreeMap<>();
    /** Pushes that wait for their turn in the OSD's queue. */
    private final TreeMap<ObjectId, Runnable> queued = new TreeMap<>();
    /** Objects that are damaged wherever they are: nobody waits for them. */
    private final TreeSet<ObjectId> badEverywhere = new TreeSet<>();

    private @Nullable RecoveryPlan plan;
    private boolean proceeding;

    RecoveryDriver(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        incoming = new IncomingObjects(pg, host, this);
        messages = new RecoveryMessages(pg, host);
        locks = new BackfillLocks(pg, this::proceed);
        reversion = new Reversion(pg, host, this);
    }

    /** The interval is over. */
    void reset() {
        plan = null;
        locks.reset();
        waiting.clear();
        badEverywhere.clear();
        outgoing.clear();
        queued.clear();
        messages.reset();
        host.recovery().throttle().leave(this);
        incoming.reset();
    }

    private PgMembers members() {
        return pg.members();
    }

    private RecoverySettings settings() {
        return host.recovery().settings();
    }

    private @Nullable RecoveryPlan plan() {
        if (plan == null && pg.state() instanceof PeeringState.Active) {
            plan = new RecoveryPlan(members(), host.store(), settings(), locks::take);
        }
        return plan;
    }

    @Nullable
    RecoveryPlan currentPlan() {
        return plan;
    }

    /** Whether an operation has to wait for the object; {@code again} is run when that may have changed. */
    boolean mustWait(ObjectId object, ClientOp op, Runnable again) {
        boolean write = op.traits().writeOrdered();
        RecoveryPlan current = plan;
        boolean wait = members().isMissing(object)
                || waiting.containsKey(object) // a read does not overtake its client's write
                || write && (members().isDegraded(object) || current != null && current.isUnderWay(object));
        if (wait) {
            waiting.computeIfAbsent(object, o -> new TreeMap<>()).put(op.place(), again);
            if (current != null) {
                current.prioritize(object);
                goFirst(object);
                host.reactor().execute(pg.inThisInterval(this::proceed));
            }
        }
        return wait;
    }

    /** What recovery does in its own time so far gets a client's turn. */
    private void goFirst(ObjectId object) {
        Runnable push = queued.get(object);
        if (push != null) {
            enqueue(object, push);
        }
    }

    private boolean isAwaited(ObjectId object) {
        return waiting.containsKey(object);
    }

    boolean isBadEverywhere(ObjectId object) {
        return badEverywhere.contains(object);
    }

    /** A source that should have had the object has not. Where nobody is left to ask, nobody is down and there is no older version to go back to, those who wait are told. */
    void sourceIsBad(RecoveryPlan current, ObjectId object, EVersion need) {
        if (members().isWhole()
                && !current.hasSource(object, need)
                && members().newestAvailable(object).equals(EVersion.ZERO)
                && badEverywhere.add(object)) {
            host.clusterLog().error(pg.id() + " missing primary copy of " + object + ", unfound");
            wake(object);
        }
    }

    /** A good copy has come. */
    void foundGood(ObjectId object) {
        badEverywhere.remove(object);
    }

    /** The object is missing somewhere, whatever the logs say: it is next. */
    void prioritize(ObjectId object) {
        RecoveryPlan current = plan();
        if (current != null) {
            current.prioritize(object);
        }
    }

    /** Who waits for the object may look again. */
    void wake(ObjectId object) {
        TreeMap<Long, Runnable> ready = waiting.remove(object);
        if (ready != null) {
            ready.values().forEach(Runnable::run);
        }
        pg.ops().recovered(object);
    }

    private boolean isRecovering() {
        return pg.state() instanceof RecoveryState.Recovering || pg.state() instanceof RecoveryState.Backfilling;
    }

    /** Starts what clients wait for, gets in line for the rest, and tells peering when all is done. */
    void proceed() {
        RecoveryPlan now = plan();
        if (proceeding || now == null) {
            return;
        }
        carryOut(now.urgent());
        host.recovery().throttle().count(this);
        if (!isRecovering()) {
            locks.releaseAllBut(now::isUnderWay);
            return;
        }
        if (pg.state() instanceof RecoveryState.Recovering && now.isRecovered()) {
            pg.handle(new RecoveryEvent.AllReplicasRecovered());
        } else if (pg.state() instanceof RecoveryState.Backfilling && now.isRecovered() && now.isBackfilled()) {
            pg.handle(new RecoveryEvent.Backfilled());
        } else if (!host.map().has(OsdMapFlag.NORECOVER)) {
            host.recovery().throttle().wants(this);
        } else {
            locks.releaseAllBut(now::isUnderWay);
        }
    }

    @Override
    public long start(int most) {
        RecoveryPlan now = plan;
        if (now == null || !isRecovering() || host.map().has(OsdMapFlag.NORECOVER)) {
            return 0;
        }
        boolean backfill = pg.state() instanceof RecoveryState.Backfilling && mayBackfill();
        int before = now.active();
        List<RecoveryStep> steps = now.next(most, backfill);
        carryOut(steps);
        locks.releaseAllBut(now::isUnderWay); // what waited for them may have removed them
        if (now.active() > before) {
            host.recovery().throttle().wants(this);
        } else if (steps.isEmpty() && now.isStuck()) {
            now.lookAgain();
            pg.handle(new RecoveryEvent.Unfound());
        }
        return steps.stream().mapToLong(this::bytes).sum();
    }

    /** How much a step copies, about: what is elsewhere counts for what the group's objects have on average. */
    private long bytes(RecoveryStep step) {
        return switch (step) {
            case RecoveryStep.Pull s -> {
                ObjectStats stats = members().info().stats().stats();
                yield stats.get(Counter.BYTES) / Math.max(1, stats.get(Counter.OBJECTS));
            }
            case RecoveryStep.Push s -> Math.max(0, host.store().size(pg.collection(), s.object()));
            case RecoveryStep.Scan s -> 0;
            case RecoveryStep.Remove s -> 0;
            case RecoveryStep.Progress s -> 0;
        };
    }

    /** The member {@code recovery_progress} of {@code pg query}. Source: PrimaryLogPG::dump_recovery_info. */
    Json progress() {
        List<Object> underWay = plan == null ? List.of() : Json.list(plan.underWay(), ObjectId::toString);
        boolean backfilling = pg.state() instanceof RecoveryState.Backfilling;
        Json interval = Json.object()
                .put("begin", ObjectId.MIN.toString())
                .put("end", ObjectId.MIN.toString())
                .put("objects", List.of());
        return Json.object()
                .put("backfill_targets", PgDump.shards(members().backfillTargets()))
                .put("waiting_on_backfill", List.of())
                .put("last_backfill_started", members().lastBackfillStarted().toString())
                .put("backfill_info", interval)
                .put("peer_backfill_info", List.of())
                .put("backfills_in_flight", backfilling ? underWay : List.of())
                .put("recovering", backfilling ? List.of() : underWay)
                .put(
                        "pg_backend",
                        Json.object().put("pull_from_peer", List.of()).put("pushing", List.of()));
    }

    @Override
    public int active() {
        return plan == null ? 0 : plan.active();
    }

    @Override
    public boolean isForced() {
        return (pg.stateBits() & (PgState.FORCED_RECOVERY | PgState.FORCED_BACKFILL)) != 0;
    }

    /** Source: PrimaryLogPG::start_recovery_ops. */
    private boolean mayBackfill() {
        OsdMap map = host.map();
        return !map.has(OsdMapFlag.NOBACKFILL)
                && (!map.has(OsdMapFlag.NOREBALANCE) || (pg.stateBits() & PgState.DEGRADED) != 0);
    }

    /** A newer map: whom we pulled from may be gone. */
    void mapAdvanced() {
        if (plan != null) {
            plan.sourcesGone(host.map()::isUp);
        }
    }

    private void carryOut(List<RecoveryStep> steps) {
        proceeding = true;
        try {
            steps.forEach(this::carryOut);
        } finally {
            proceeding = false;
        }
    }

    private void carryOut(RecoveryStep step) {
        switch (step) {
            case RecoveryStep.Pull s when s.from().equals(pg.self()) -> goBack(s);
            case RecoveryStep.Pull s -> pull(s.from(), s.object(), s.need(), RecoveryProgress.START);
            case RecoveryStep.Push s -> pushSoon(s.to(), s.object(), s.version(), Outgoing.START);
            case RecoveryStep.Scan s ->
                send(
                        s.target(),
                        scan(OsdPgScan.GET_DIGEST, s.from(), new StoredVersions(new TreeMap<>(), ObjectId.MIN)));
            case RecoveryStep.Remove s ->
                send(s.target(), new OsdPgBackfillRemove(pg.id(), host.map().epoch(), s.objects()));
            case RecoveryStep.Progress s ->
                send(
                        s.to(),
                        backfill(
                                s.lastBackfill().max() ? OsdPgBackfill.FINISH : OsdPgBackfill.PROGRESS,
                                s.lastBackfill()));
        }
    }

    private void send(PgShard to, Message message) {
        host.sendToOsd(to.osd(), message);
    }

    private OsdPgScan scan(int op, ObjectId begin, StoredVersions found) {
        return new OsdPgScan(
                op, host.map().epoch(), pg.interval(), pg.id(), begin, found.end(), pg.self(), found.encoded());
    }

    private OsdPgBackfill backfill(int op, ObjectId lastBackfill) {
        return new OsdPgBackfill(
                op,
                host.map().epoch(),
                pg.interval(),
                pg.id(),
                lastBackfill,
                members().info().stats());
    }

    // Objects that we lack

    private void goBack(RecoveryStep.Pull step) {
        if (plan != null) {
            reversion.begin(plan, step.object(), step.need());
        }
    }

    void pull(PgShard from, ObjectId object, EVersion need, RecoveryProgress reached) {
        RecoveryInfo wanted = new RecoveryInfo(
                object, need, 0, ObjectInfo.of(object), SnapSet.EMPTY, IntervalSet.EMPTY, Map.of(), true);
        messages.pull(from, new PullOp(object, wanted, reached), isAwaited(object));
    }

    /** Objects, or pieces of them, have come. */
    void pushedHere(OsdPgPush message) {
        incoming.arrived(message);
    }

    // Objects that others lack

    /** Reads and sends the next piece when it is recovery's turn, or that of the client who waits for the object. */
    private void pushSoon(List<PgShard> to, ObjectId object, EVersion version, Outgoing reached) {
        Runnable push = () -> push(to, object, version, reached);
        queued.put(object, push);
        enqueue(object, push);
    }

    /** The first turn that comes counts. */
    private void enqueue(ObjectId object, Runnable push) {
        long bytes = Math.clamp(
                host.store().size(pg.collection(), object), 0, settings().maxChunk());
        WorkClass kind = isAwaited(object) ? WorkClass.CLIENT : WorkClass.BACKGROUND_RECOVERY;
        host.queue().add(new Work.Task(kind, host.whoami(), bytes, pg.inThisInterval(() -> {
            if (queued.remove(object, push)) {
                push.run();
            }
        })));
    }

    /** The next piece of an object for peers who are equally far with it. */
    private void push(List<PgShard> to, ObjectId object, EVersion version, Outgoing reached) {
        int interval = pg.interval();
        RecoverySettings s = settings();
        ObjectPush.Limits limits =
                new ObjectPush.Limits(host.recovery().throttle().chunk(), s.maxOmapEntries());
        ObjectPush.read(
                host.store(), pg.collection(), object, version, reached.reached(), limits, new ObjectPush.Done() {
                    @Override
                    public void read(PushOp piece) {
                        if (interval == pg.interval()) {
                            Outgoing now = reached.plus(piece, host.clock().nanoTime());
                            to.forEach(t -> {
                                outgoing.computeIfAbsent(object, o -> new TreeMap<>())
                                        .put(t, now);
                                messages.push(t, piece, isAwaited(object));
                            });
                        }
                    }

                    @Override
                    public void failed(StoreException why) {
                        LOG.error("{}: {} can't be read to be pushed: {}", pg, object, why.getMessage());
                        if (interval == pg.interval()) {
                            isUnreadable(object, version);
                        }
                    }
                });
    }

    /** Our own copy is damaged: we get another first. Ceph: PrimaryLogPG::primary_error. */
    private void isUnreadable(ObjectId object, EVersion version) {
        RecoveryPlan current = plan;
        if (current == null) {
            return;
        }
        outgoing.remove(object);
        PgLogEntry latest = members().log().latest(object);
        EVersion known =
                version.equals(EVersion.MAX) ? StoredVersions.of(host.store(), pg.collection(), object) : version;
        Transaction transaction = new Transaction();
        current.unreadableHere(object, latest == null ? known : latest.version(), transaction);
        host.store().submit(transaction, () -> {});
        proceed();
    }

    /** A primary misses objects that we have. */
    void pulledFromHere(OsdPgPull message) {
        int interval = pg.interval();
        RecoverySettings s = settings();
        ObjectPush.Limits limits =
                new ObjectPush.Limits(host.recovery().throttle().chunk(), s.maxOmapEntries());
        boolean awaited = s.isAwaited(message.priority());
        for (PullOp pull : message.pulls()) {
            ObjectId object = pull.object();
            EVersion need = pull.recoveryInfo().version();
            ObjectPush.Done done = new ObjectPush.Done() {
                @Override
                public void read(PushOp piece) {
                    if (interval == pg.interval()) {
                        messages.push(message.from(), piece, awaited);
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

    /** Objects, or pieces of them, that we pushed are on the peer's disk. */
    void pushedThere(OsdPgPushReply message) {
        RecoveryPlan current = plan;
        if (current == null) {
            return;
        }
        PgShard from = message.from();
        for (PushReplyOp reply : message.replies()) {
            ObjectId object = reply.object();
            TreeMap<PgShard, Outgoing> targets = outgoing.get(object);
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
                outgoing.remove(object);
            }
            current.pushed(from, object);
            if (!current.isUnderWay(object)) {
                locks.release(object);
            }
            members().countRecovered(sent.bytes(), sent.keys());
            if (pg.scrubs().isRepairing()) {
                members().countRepaired();
            }
            wake(object);
        }
        proceed();
    }

    /** The next piece, after a rest unless a client waits for it. */
    private void goOn(PgShard to, ObjectId object, Outgoing sent) {
        Runnable next = pg.inThisInterval(() -> {
            TreeMap<PgShard, Outgoing> targets = outgoing.get(object);
            if (targets != null && sent.equals(targets.get(to))) {
                push(List.of(to), object, sent.version(), sent);
            }
        });
        if (isAwaited(object)) {
            next.run();
        } else {
            host.recovery().throttle().goOn(sent.sentNanos(), next);
        }
    }

    // Backfill

    /** As a target: says what it has. As the primary: is told so. */
    void scanned(OsdPgScan message) {
        if (message.op() == OsdPgScan.GET_DIGEST) {
            StoredVersions found = StoredVersions.scan(
                    host.store(), pg.collection(), message.begin(), settings().scanMax() + 1);
            send(message.from(), scan(OsdPgScan.DIGEST, message.begin(), found));
        } else if (plan != null) {
            plan.scanned(
                    message.from(),
                    StoredVersions.decode(message.objects(), message.end()).objects(),
                    message.end());
            proceed();
        }
    }

    /** As a target: has objects that the primary has not. */
    void removeSurplus(OsdPgBackfillRemove message) {
        Transaction transaction = new Transaction();
        for (ObjectId object : message.objects().keySet()) {
            transaction.add(new Transaction.Remove(pg.collection(), object));
        }
        host.store().submit(transaction, () -> {});
    }

    /** As a target: how far our backfill is. As the primary: a target has noted that it is complete. */
    void progressed(PgShard from, OsdPgBackfill message) {
        if (message.op() == OsdPgBackfill.FINISH_ACK) {
            if (plan != null) {
                plan.backfilled(from);
                proceed();
            }
            return;
        }
        Transaction transaction = new Transaction();
        members().backfilledHere(message.lastBackfill(), message.stats(), transaction);
        host.store().submit(transaction, pg.inThisInterval(() -> {
            if (message.op() == OsdPgBackfill.FINISH) {
                send(from, backfill(OsdPgBackfill.FINISH_ACK, message.lastBackfill()));
            }
        }));
    }
}
