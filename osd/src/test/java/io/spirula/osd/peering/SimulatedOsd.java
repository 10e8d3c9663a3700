package io.spirula.osd.peering;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.recovery.ObjectPush;
import io.spirula.osd.recovery.RecoveryPlan;
import io.spirula.osd.recovery.RecoveryStep;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One OSD of the simulation: what carries peering's effects out, writes and recovers, on a store that forgets what it had not synced. */
final class SimulatedOsd {
    static final ShardPgId PG = ShardPgId.replica(new PgId(1, 0));
    private static final PgLog.Limits LIMITS = new PgLog.Limits(12, 2, 20);

    final int number;
    private final PeeringSimulation world;
    private final MemoryStore.Disk disk = new MemoryStore.Disk();
    private @Nullable MemoryStore store;
    private @Nullable PgPeering pg;
    private @Nullable RecoveryPlan plan;
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
            PgPeering.Stored stored = PgPeering.stored(opened, PG);
            SimulatedMap from = world.map(stored.epoch());
            PgPeering loaded = PgPeering.load(PeeringSimulation.shard(number), opened, stored, from, LIMITS);
            pg = loaded;
            epoch = stored.epoch();
            handle(new PeeringEvent.Initialize(from));
        }
    }

    void crash() {
        store = null;
        pg = null;
        plan = null;
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
                PeeringSimulation.shard(number), PG, history, past, world.map(epoch), LIMITS, transaction);
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
            }
        }
        if (pg != null) {
            handle(new PeeringEvent.ActMap());
        }
        List<Runnable> waiting = List.copyOf(waitingForMap);
        waitingForMap.clear();
        waiting.forEach(Runnable::run);
    }

    private void handle(PeeringEvent event) {
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
            unacknowledged.clear();
            acknowledgements.clear();
        }
        List<PeeringEvent> then = effects.whenDurable();
        Transaction transaction = effects.transaction();
        if (effects.notices().contains(Effects.Notice.LEFTOVERS)) {
            ObjectPush.removeLeftovers(store(), pg().members(), transaction);
        }
        if (!transaction.isEmpty() || !then.isEmpty()) {
            store().submit(transaction, alive(() -> then.forEach(this::handle)));
        }
        for (Effects.Send send : effects.now()) {
            post(send.to(), osd -> osd.received(PeeringSimulation.shard(number), send.message()));
        }
        effects.monitor().forEach(this::askMonitor);
        if (effects.notices().contains(Effects.Notice.ACTIVE)) {
            serving = true;
        }
        if (effects.notices().contains(Effects.Notice.RECOVERY_WANTED)) {
            world.send("t" + number, alive(() -> handle(new PeeringEvent.DoRecovery())));
        }
        recover();
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
        handle(PeeringEvent.received(from, message));
    }

    private boolean makeGroupFor(PgShard from, PeerMessage message) {
        for (int e = message.epochSent() + 1; e <= epoch; e++) {
            if (Intervals.isNew(world.map(e - 1), world.map(e))) {
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
        members.appendAsPrimary(List.of(entry), trimTo, ObjectStats.ZERO, transaction);
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
                attributes.put(Bytes.of("version"), EVersion.CODEC.toBytes(entry.version()));
                transaction.add(new Transaction.Write(collection(), entry.object(), 0, Bytes.of("v" + attempt.id())));
                transaction.add(new Transaction.SetAttributes(collection(), entry.object(), attributes));
            }
        }
        return transaction;
    }

    private void replicaWrite(
            PgShard primary, PgLogEntry entry, PeeringSimulation.Attempt attempt, boolean whole, EVersion trimTo) {
        Transaction transaction = change(entry, attempt, whole);
        pg().members().appendAsReplica(List.of(entry), trimTo, ObjectStats.ZERO, transaction);
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
            now = new RecoveryPlan(pg.members(), store(), 3);
            plan = now;
        }
        boolean recovering = pg.state() instanceof PeeringState.Recovering;
        boolean backfilling = pg.state() instanceof PeeringState.Backfilling;
        if (!recovering && !backfilling) {
            return;
        }
        for (RecoveryStep step : now.next(true, true)) {
            world.trace.add("osd." + number + " " + step);
            carryOut(step);
        }
        if (recovering && now.isRecovered()) {
            handle(new PeeringEvent.AllReplicasRecovered());
        } else if (backfilling && now.isBackfilled()) {
            handle(new PeeringEvent.Backfilled());
        }
    }

    private void carryOut(RecoveryStep step) {
        PgShard self = PeeringSimulation.shard(number);
        switch (step) {
            case RecoveryStep.Pull s -> postInInterval(s.from(), osd -> osd.push(self, s.object(), s.need(), true));
            case RecoveryStep.Push s -> push(s.to(), s.object(), s.version(), false);
            case RecoveryStep.Progress s -> postInInterval(s.to(), osd -> osd.progress(self, s.lastBackfill()));
        }
    }

    private void push(PgShard to, ObjectId object, EVersion version, boolean answer) {
        PgShard self = PeeringSimulation.shard(number);
        ObjectPush.read(
                store(),
                collection(),
                object,
                version,
                push -> postInInterval(to, osd -> osd.pushed(self, push, version, answer)),
                why -> {
                    throw why;
                });
    }

    private void pushed(PgShard from, PushOp push, EVersion version, boolean answer) {
        Transaction transaction = new Transaction();
        if (answer && push.version().equals(EVersion.ZERO)) {
            throw new AssertionError("osd." + from + " does not have " + push.object() + "\n" + world.tail());
        }
        ObjectPush.apply(push, collection(), transaction);
        int interval = interval();
        PgShard self = PeeringSimulation.shard(number);
        if (answer) {
            Objects.requireNonNull(plan).pulled(push.object(), version, transaction);
            store().submit(transaction, () -> {});
            recover();
            return;
        }
        pg().members().recoveredHere(push.object(), version, transaction);
        store().submit(transaction, alive(() -> {
            if (interval() == interval) {
                postInInterval(from, osd -> osd.pushAcknowledged(self, push.object()));
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
        pg().members().backfilledHere(lastBackfill, ObjectStats.ZERO, transaction);
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
