package io.spirula.osd.peering;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.recovery.Landing;
import io.spirula.osd.recovery.ObjectPush;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.recovery.RecoverySettings;
import io.spirula.osd.recovery.RecoveryStep;
import io.spirula.osd.recovery.Reserver;
import io.spirula.osd.recovery.StoredVersions;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One OSD of the simulation: what carries peering's effects out, writes and recovers, on a store that forgets what it had not synced. */
final class SimulatedOsd {
    static final ShardPgId PG = ShardPgId.replica(new PgId(1, 0));
    /** How many objects are copied at a time. */
    private static final int MOST = 3;

    private static final RecoverySettings SETTINGS = new RecoverySettings(
            Config.of(new EntityName(EntityType.OSD, "0"), CephConf.EMPTY).with(Map.of("osd_backfill_scan_min", "2")),
            false);
    private static final PgLog.Limits LIMITS = new PgLog.Limits(12, 2, 1000, 20);

    final int number;
    private final PeeringSimulation world;
    private final MemoryStore.Disk disk = new MemoryStore.Disk();
    private @Nullable MemoryStore store;
    private @Nullable PgPeering pg;
    private @Nullable RecoveryPlan plan;
    private final Landing landing = new Landing(collection());
    Reserver<ShardPgId> local = reserver();
    Reserver<ShardPgId> remote = reserver();
    /** Whether the disk has no room for what a backfill brings. */
    boolean tooFull;

    /** What is to be tried again after a while. */
    final List<Runnable> retries = new ArrayList<>();

    private int epoch;
    private int incarnation;
    private EVersion committedEverywhere = EVersion.ZERO;
    private boolean serving;
    private final List<Runnable> waitingForMap = new ArrayList<>();
    private final TreeMap<EVersion, Set<PgShard>> unacknowledged = new TreeMap<>();
    private final TreeMap<EVersion, Runnable> acknowledgements = new TreeMap<>();

    SimulatedOsd(PeeringSimulation world, int number) {
        this.world = world;
        this.number = number;
    }

    private Reserver<ShardPgId> reserver() {
        return new Reserver<>(task -> later("t", task), 1);
    }

    private void later(String wire, Runnable task) {
        int now = incarnation;
        world.send(wire + number, () -> {
            if (isAlive() && incarnation == now) {
                task.run();
            }
        });
    }

    ObjectStore store() {
        return Objects.requireNonNull(store);
    }

    CollectionId collection() {
        return CollectionId.of(PG);
    }

    PgPeering pg() {
        return Objects.requireNonNull(pg);
    }

    boolean isAlive() {
        return store != null;
    }

    boolean isClean() {
        return pg != null && pg.state() instanceof PeeringState.Clean;
    }

    void boot() {
        incarnation++;
        MemoryStore opened = new MemoryStore(disk, task -> world.send("d" + number, task));
        store = opened;
        epoch = world.map().epoch();
        if (opened.exists(collection())) {
            Transaction leftovers = new Transaction();
            Landing.removeLeftovers(opened, collection(), leftovers);
            opened.submit(leftovers, () -> {});
            PgPeering.Stored stored = PgPeering.stored(opened, PG);
            SimulatedMap from = world.map(stored.epoch());
            PgPeering loaded = PgPeering.load(
                    PeeringSimulation.shard(number),
                    opened,
                    stored,
                    from,
                    () -> LIMITS,
                    PeeringSimulation.CLOCK,
                    () -> PeeringSimulation.LEASE,
                    () -> world.costs);
            pg = loaded;
            epoch = stored.epoch();
            handle(new PeeringEvent.Initialize(from));
        }
    }

    void crash() {
        store = null;
        pg = null;
        plan = null;
        landing.clear(new Transaction());
        local = reserver();
        remote = reserver();
        retries.clear();
        serving = false;
        waitingForMap.clear();
        unacknowledged.clear();
        acknowledgements.clear();
    }

    void createGroup() {
        PgHistory history = PgHistory.created(1, 1, Instant.EPOCH);
        create(history, PastIntervals.EMPTY);
        handle(new PeeringEvent.ActMap());
    }

    private void create(PgHistory history, PastIntervals past) {
        Transaction transaction = new Transaction();
        pg = PgPeering.create(
                PeeringSimulation.shard(number),
                PG,
                history,
                past,
                world.map(epoch),
                () -> LIMITS,
                PeeringSimulation.CLOCK,
                () -> PeeringSimulation.LEASE,
                () -> world.costs,
                transaction);
        store().submit(transaction, () -> {});
        handle(new PeeringEvent.Initialize(world.map(epoch)));
    }

    void mapsArrived(int to) {
        if (!isAlive() || to <= epoch) {
            return;
        }
        while (epoch < to) {
            epoch++;
            if (pg != null) {
                handle(new PeeringEvent.AdvMap(world.map(epoch)));
                if (plan != null) {
                    plan.sourcesGone(world.map(epoch)::isUp);
                }
            }
        }
        if (pg != null) {
            handle(new PeeringEvent.ActMap());
        }
        List<Runnable> waiting = List.copyOf(waitingForMap);
        waitingForMap.clear();
        waiting.forEach(Runnable::run);
    }

    void handle(PeeringEvent event) {
        PeeringState before = pg().state();
        Effects effects = pg().handle(event);
        if (!effects.monitor().isEmpty()) {
            world.trace.add("osd." + number + " asks for " + effects.monitor());
        }
        if (event instanceof PeeringEvent.MNotifyRec || event instanceof PeeringEvent.MLogRec) {
            PgMembers m = pg().members();
            world.trace.add("osd." + number + " has " + m.log().tail() + ".."
                    + m.info().lastUpdate() + " missing " + m.missing().size() + "; " + describe(event));
        }
        if (!before.equals(pg().state())) {
            world.trace.add("osd." + number + " e" + epoch + " " + before.cephName() + " -> "
                    + pg().state().cephName());
        }
        if (effects.notices().contains(Effects.Notice.INTERVAL_CHANGED)) {
            serving = false;
            plan = null;
            landing.clear(effects.transaction());
            unacknowledged.clear();
            acknowledgements.clear();
        }
        List<PeeringEvent> then = effects.whenDurable();
        Transaction transaction = effects.transaction();
        if (!transaction.isEmpty() || !then.isEmpty()) {
            store().submit(transaction, alive(() -> {
                if (pg != null) {
                    then.forEach(this::handle);
                }
            }));
        }
        for (Effects.Send send : effects.now()) {
            post(send.to(), osd -> osd.received(PeeringSimulation.shard(number), send.message()));
        }
        effects.monitor().forEach(this::askMonitor);
        if (effects.notices().contains(Effects.Notice.ACTIVE)) {
            serving = true;
        }
        effects.reservations().forEach(this::reserve);
        recover();
        if (effects.notices().contains(Effects.Notice.REMOVE)) {
            world.trace.add("osd." + number + " removes its copy");
            pg = null;
            plan = null;
            store().submit(new Transaction().add(new Transaction.RemoveCollection(collection())), () -> {});
        }
    }

    private void reserve(Effects.Reservation reservation) {
        switch (reservation) {
            case Effects.Reservation.RequestLocal r ->
                local.request(
                        PG,
                        r.priority(),
                        later(new RecoveryEvent.LocalReserved()),
                        later(new RecoveryEvent.LocalPreempted()));
            case Effects.Reservation.UpdateLocal r -> local.update(PG, r.priority());
            case Effects.Reservation.CancelLocal r -> local.cancel(PG);
            case Effects.Reservation.RequestRemote r ->
                remote.request(
                        PG,
                        r.priority(),
                        later(new RecoveryEvent.RemoteReserved(tooFull)),
                        later(new RecoveryEvent.RemotePreempted()));
            case Effects.Reservation.CancelRemote r -> remote.cancel(PG);
            case Effects.Reservation.Retry r -> retries.add(later(r.event()));
        }
    }

    private Runnable later(RecoveryEvent event) {
        int interval = interval();
        return alive(() -> {
            if (interval() == interval) {
                handle(event);
            }
        });
    }

    private static String describe(PeeringEvent event) {
        return switch (event) {
            case PeeringEvent.MNotifyRec e ->
                "notify from " + e.from() + " " + describe(e.message().content().info());
            case PeeringEvent.MLogRec e ->
                "log from " + e.from() + " " + describe(e.message().info()) + " entries "
                        + e.message().log().tail() + ".." + e.message().log().head();
            default -> event.toString();
        };
    }

    private static String describe(io.spirula.common.pg.PgInfo i) {
        return i.logTail() + ".." + i.lastUpdate() + " complete " + i.lastComplete() + " les " + i.lastEpochStarted()
                + " history " + i.history().lastEpochStarted() + " clean "
                + i.history().lastEpochClean() + " backfill " + i.lastBackfill();
    }

    private Runnable alive(Runnable task) {
        int now = incarnation;
        return () -> {
            if (isAlive() && incarnation == now && pg != null) {
                task.run();
            }
        };
    }

    private void post(PgShard to, Consumer<SimulatedOsd> arrival) {
        SimulatedOsd osd = world.osds.get(to.osd());
        int target = osd.incarnation;
        world.send(number + ">" + to.osd(), () -> {
            if (osd.isAlive() && osd.incarnation == target) {
                arrival.accept(osd);
            }
        });
    }

    private void askMonitor(Effects.MonitorRequest request) {
        int now = incarnation;
        int asked = epoch;
        world.send(number + ">m", () -> {
            if (incarnation != now) {
                return;
            }
            switch (request) {
                case Effects.MonitorRequest.UpThru r ->
                    world.publish(world.map().withUpThru(number, asked));
                case Effects.MonitorRequest.PgTemp r ->
                    world.publish(world.map().withTemp(r.acting()));
                case Effects.MonitorRequest.PgCreated r -> {}
            }
        });
    }

    private void received(PgShard from, PeerMessage message) {
        if (message.epochSent() > epoch) {
            waitingForMap.add(() -> received(from, message));
            return;
        }
        if (pg == null && !makeGroupFor(from, message)) {
            return;
        }
        handle(PeeringEvent.received(from, message, tooFull));
    }

    private boolean makeGroupFor(PgShard from, PeerMessage message) {
        for (int e = message.epochSent() + 1; e <= epoch; e++) {
            if (Intervals.isNew(0, world.map(e - 1), world.map(e))) {
                return false;
            }
        }
        switch (message) {
            case PeerMessage.Query q -> {
                PeerMessage answer =
                        PgPeering.answerWithoutGroup(PG, PeeringSimulation.shard(number), q.query(), epoch);
                post(from, osd -> osd.received(PeeringSimulation.shard(number), answer));
                return false;
            }
            case PeerMessage.Notify n ->
                create(n.content().info().history(), n.content().pastIntervals());
            case PeerMessage.Log l -> create(l.info().history(), l.pastIntervals());
            case PeerMessage.InfoShare i -> create(i.info().history(), PastIntervals.EMPTY);
            case PeerMessage.Lease l -> {
                return false;
            }
            case PeerMessage.LeaseAck a -> {
                return false;
            }
            case PeerMessage.Remove r -> {
                return false;
            }
            case PeerMessage.Reserve r -> {
                return false;
            }
        }
        handle(new PeeringEvent.ActMap());
        return true;
    }

    // Writes

    private int interval() {
        return pg().members().info().history().sameIntervalSince();
    }

    private void postInInterval(PgShard to, Consumer<SimulatedOsd> arrival) {
        int interval = interval();
        int sent = epoch;
        post(to, osd -> osd.inInterval(interval, sent, arrival));
    }

    private void inInterval(int interval, int sent, Consumer<SimulatedOsd> arrival) {
        if (sent > epoch) {
            waitingForMap.add(() -> inInterval(interval, sent, arrival));
        } else if (pg != null && interval() == interval) {
            arrival.accept(this);
        }
    }

    boolean clientWrite(ObjectId object, boolean delete) {
        if (pg == null || !serving || !(pg.state() instanceof PeeringState.Active) || plan == null) {
            return false;
        }
        PgMembers members = pg.members();
        if (members.isDegraded(object) || plan.isUnderWay(object)) {
            plan.prioritize(object);
            recover();
            return false;
        }
        if (unacknowledged.size() > 5) {
            return false;
        }
        PeeringSimulation.Attempt attempt = new PeeringSimulation.Attempt(++world.attempts, delete);
        world.attempted(object, attempt);
        EVersion version = members.nextVersion();
        PgLogEntry latest = members.log().latest(object);
        PgLogEntry entry = new PgLogEntry(
                delete ? PgLogEntry.Op.DELETE : PgLogEntry.Op.MODIFY,
                object,
                version,
                prior(object, latest),
                EVersion.ZERO,
                ReqId.NONE,
                Instant.EPOCH,
                Bytes.EMPTY,
                attempt.id(),
                PgLogEntry.NO_ROLLBACK,
                List.of(),
                CleanRegions.DIRTY,
                0,
                List.of());
        EVersion trimTo = members.trimTarget(committedEverywhere);
        unacknowledged.put(version, new TreeSet<>(members.participants()));
        acknowledgements.put(version, () -> world.acknowledged(object, attempt));
        for (PgShard peer : members.participants()) {
            if (peer.osd() != number) {
                boolean whole = members.takesWritesTo(peer, object);
                PgShard self = PeeringSimulation.shard(number);
                postInInterval(peer, osd -> osd.replicaWrite(self, entry, attempt, whole, trimTo));
            }
        }
        world.trace.add("osd." + number + " writes " + object + " at " + version + " attempt " + attempt.id()
                + (delete ? " delete" : "") + " to " + members.participants());
        Transaction transaction = change(entry, attempt, true);
        members.appendAsPrimary(List.of(entry), trimTo, pg().members().info().stats(), transaction);
        int interval = interval();
        store().submit(transaction, alive(() -> {
            if (interval() == interval) {
                acknowledge(PeeringSimulation.shard(number), version);
            }
        }));
        return true;
    }

    private EVersion prior(ObjectId object, @Nullable PgLogEntry latest) {
        if (!store().exists(collection(), object)) {
            return EVersion.ZERO;
        }
        if (latest != null) {
            return latest.version();
        }
        Bytes version = store().attribute(collection(), object, Bytes.of("version"));
        return EVersion.CODEC.fromBytes(Objects.requireNonNull(version));
    }

    private Transaction change(PgLogEntry entry, PeeringSimulation.Attempt attempt, boolean whole) {
        Transaction transaction = new Transaction();
        if (whole) {
            transaction.add(new Transaction.Remove(collection(), entry.object()));
            if (!attempt.delete()) {
                TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
                Bytes data = Bytes.of("v" + attempt.id());
                attributes.put(Bytes.of("_"), ObjectInfo.CODEC.toBytes(info(entry, data.size())));
                attributes.put(Bytes.of("version"), EVersion.CODEC.toBytes(entry.version()));
                transaction.add(new Transaction.Write(collection(), entry.object(), 0, data));
                transaction.add(new Transaction.SetAttributes(collection(), entry.object(), attributes));
            }
        }
        return transaction;
    }

    private static ObjectInfo info(PgLogEntry entry, long size) {
        return new ObjectInfo(
                entry.object(),
                entry.version(),
                EVersion.ZERO,
                ReqId.NONE,
                0,
                size,
                Instant.EPOCH,
                Instant.EPOCH,
                0,
                0,
                0,
                Map.of(),
                -1,
                -1,
                ObjectInfo.AllocHint.NONE,
                Bytes.EMPTY);
    }

    private void replicaWrite(
            PgShard primary, PgLogEntry entry, PeeringSimulation.Attempt attempt, boolean whole, EVersion trimTo) {
        Transaction transaction = change(entry, attempt, whole);
        pg().members()
                .appendAsReplica(List.of(entry), trimTo, pg().members().info().stats(), transaction);
        PgShard self = PeeringSimulation.shard(number);
        int interval = interval();
        store().submit(transaction, alive(() -> {
            if (interval() == interval) {
                postInInterval(primary, osd -> osd.acknowledge(self, entry.version()));
            }
        }));
    }

    private void acknowledge(PgShard from, EVersion version) {
        Set<PgShard> awaited = unacknowledged.get(version);
        if (awaited == null) {
            return;
        }
        awaited.remove(from);
        while (!unacknowledged.isEmpty()
                && unacknowledged.firstEntry().getValue().isEmpty()) {
            EVersion done = unacknowledged.pollFirstEntry().getKey();
            committedEverywhere = done;
            Objects.requireNonNull(acknowledgements.remove(done)).run();
        }
    }

    // Recovery

    private void recover() {
        if (pg == null || !(pg.state() instanceof PeeringState.Active)) {
            return;
        }
        RecoveryPlan now = plan;
        if (now == null) {
            now = new RecoveryPlan(pg.members(), store(), SETTINGS, object -> true);
            plan = now;
        }
        if (!world.recovers) {
            return;
        }
        carryOut(now.urgent());
        boolean recovering = pg.state() instanceof RecoveryState.Recovering;
        boolean backfilling = pg.state() instanceof RecoveryState.Backfilling;
        if (!recovering && !backfilling) {
            return;
        }
        carryOut(now.next(Math.max(0, MOST - now.active()), backfilling));
        if (recovering && now.isRecovered()) {
            handle(new RecoveryEvent.AllReplicasRecovered());
        } else if (backfilling && now.isRecovered() && now.isBackfilled()) {
            handle(new RecoveryEvent.Backfilled());
        } else if (now.isStuck()) {
            now.lookAgain();
            handle(new RecoveryEvent.Unfound());
        }
    }

    private void carryOut(List<RecoveryStep> steps) {
        for (RecoveryStep step : steps) {
            world.trace.add("osd." + number + " " + step);
            carryOut(step);
        }
    }

    private void carryOut(RecoveryStep step) {
        PgShard self = PeeringSimulation.shard(number);
        switch (step) {
            case RecoveryStep.Pull s ->
                postInInterval(s.from(), osd -> osd.push(self, s.object(), s.need(), RecoveryProgress.START, true));
            case RecoveryStep.Push s ->
                s.to().forEach(to -> push(to, s.object(), s.version(), RecoveryProgress.START, false));
            case RecoveryStep.Scan s -> postInInterval(s.target(), osd -> osd.scan(self, s.from()));
            case RecoveryStep.Remove s ->
                postInInterval(s.target(), osd -> osd.removeAll(s.objects().keySet()));
            case RecoveryStep.Progress s -> postInInterval(s.to(), osd -> osd.progress(self, s.lastBackfill()));
        }
    }

    private void scan(PgShard primary, ObjectId from) {
        StoredVersions found = StoredVersions.scan(store(), collection(), from, 3);
        PgShard self = PeeringSimulation.shard(number);
        postInInterval(primary, osd -> {
            if (osd.plan != null) {
                osd.plan.scanned(self, found.objects(), found.end());
                osd.recover();
            }
        });
    }

    private void removeAll(Set<ObjectId> objects) {
        Transaction transaction = new Transaction();
        objects.forEach(o -> transaction.add(new Transaction.Remove(collection(), o)));
        store().submit(transaction, () -> {});
    }

    private void push(PgShard to, ObjectId object, EVersion version, RecoveryProgress from, boolean answer) {
        PgShard self = PeeringSimulation.shard(number);
        ObjectPush.read(
                store(), collection(), object, version, from, new ObjectPush.Limits(2, 1), new ObjectPush.Done() {
                    @Override
                    public void read(PushOp push) {
                        postInInterval(to, osd -> osd.pushed(self, push, version, answer));
                    }

                    @Override
                    public void failed(StoreException why) {
                        throw why;
                    }
                });
    }

    private void pushed(PgShard from, PushOp push, EVersion version, boolean answer) {
        Transaction transaction = new Transaction();
        if (answer && push.version().equals(EVersion.ZERO)) {
            throw new AssertionError("osd." + from + " does not have " + push.object() + "\n" + world.tail());
        }
        Landing.Result result = landing.take(push, transaction);
        if (result == Landing.Result.STRAY) {
            throw new AssertionError("a piece of " + push.object() + " too many\n" + world.tail());
        }
        boolean whole = result == Landing.Result.WHOLE;
        PgShard self = PeeringSimulation.shard(number);
        if (answer) {
            if (whole) {
                Objects.requireNonNull(plan).pulled(push.object(), version, transaction);
            } else {
                postInInterval(from, osd -> osd.push(self, push.object(), version, push.afterProgress(), true));
            }
            store().submit(transaction, () -> {});
            recover();
            return;
        }
        if (whole) {
            pg().members().recoveredHere(push.object(), push.version(), transaction);
        }
        int interval = interval();
        store().submit(transaction, alive(() -> {
            if (interval() == interval) {
                postInInterval(from, osd -> {
                    if (whole) {
                        osd.pushAcknowledged(self, push.object());
                    } else {
                        osd.push(self, push.object(), version, push.afterProgress(), false);
                    }
                });
            }
        }));
    }

    private void pushAcknowledged(PgShard from, ObjectId object) {
        if (plan != null) {
            plan.pushed(from, object);
            recover();
        }
    }

    private void progress(PgShard from, ObjectId lastBackfill) {
        Transaction transaction = new Transaction();
        pg().members().backfilledHere(lastBackfill, PgStats.EMPTY, transaction);
        PgShard self = PeeringSimulation.shard(number);
        int interval = interval();
        store().submit(transaction, alive(() -> {
            if (interval() == interval && lastBackfill.max()) {
                postInInterval(from, osd -> osd.complete(self));
            }
        }));
    }

    private void complete(PgShard from) {
        if (plan != null) {
            plan.backfilled(from);
            recover();
        }
    }
}
