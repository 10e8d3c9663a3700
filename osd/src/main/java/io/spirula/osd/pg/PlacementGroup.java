package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgMergeMeta;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdPgCreated;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.message.OsdRepOpReply;
import io.spirula.common.pg.LastReport;
import io.spirula.common.pg.OpReturn;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.backend.PgCounters;
import io.spirula.osd.backend.ReplicatedChange;
import io.spirula.osd.backend.ReplicatedWrites;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.StatDelta;
import io.spirula.osd.peering.ActingCosts;
import io.spirula.osd.peering.Effects;
import io.spirula.osd.peering.OsdMapView;
import io.spirula.osd.peering.PeerMessage;
import io.spirula.osd.peering.PeerMessages;
import io.spirula.osd.peering.PeeringEvent;
import io.spirula.osd.peering.PeeringMap;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.recovery.Landing;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One placement group on this OSD: carries out what its peering decides, replicates clients' writes while we are its primary, and takes the primary's while we are not. Ceph: PG.
 */
public final class PlacementGroup implements ReplicatedWrites.Group {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementGroup.class);

    /** How a write was answered when it was done. */
    public record DoneBefore(EVersion version, long userVersion, int result, List<OpReturn> returns) {}

    private record Waiter(EVersion version, Runnable task) {}

    private final ShardPgId id;
    private final PgHost host;
    private final CollectionId collection;
    private final PgPeering peering;
    private final PgMembers members;
    private final ReplicatedWrites writes = new ReplicatedWrites(this);
    private final Watches watches;
    private final ClientOps ops;
    private final RecoveryDriver recovery;
    private final StatsRecount recount;
    private final PgReservations reservations;
    private final ScrubDriver scrubs;
    private final ArrayDeque<Waiter> durableWaiters = new ArrayDeque<>(0);
    private PgCounters counters;
    private String waitingForSubops = "";
    private boolean serving;
    private boolean removed;
    private boolean dismissed;

    private PlacementGroup(ShardPgId id, PgHost host, PgPeering peering) {
        this.id = id;
        this.host = host;
        this.peering = peering;
        collection = CollectionId.of(id);
        members = peering.members();
        counters = PgCounters.of(members.info().stats());
        watches = new Watches(this, host);
        ops = new ClientOps(this, host);
        recovery = new RecoveryDriver(this, host);
        recount = new StatsRecount(this, host);
        reservations = new PgReservations(this, host);
        scrubs = new ScrubDriver(this, host);
    }

    /**
     * A group that did not exist here: made as of the map {@code from} and led up to the current one. What makes it is often a peer's message from an earlier epoch, which a group born at the current
     * map would take for one of the past and ignore. Ceph: handle_pg_create_info.
     */
    static PlacementGroup create(ShardPgId id, PgHost host, PgHistory history, PastIntervals past, OsdMap from) {
        Transaction transaction = new Transaction();
        PeeringMap map = OsdMapView.of(from, id.pg());
        PgPeering peering = PgPeering.create(
                shard(id, host),
                id,
                history,
                past,
                map,
                host.logLimits(),
                host.clock(),
                () -> host.readLease(id.pg().pool()),
                () -> ActingCosts.of(host.config()),
                transaction);
        host.store().submit(transaction, () -> {});
        return new PlacementGroup(id, host, peering).startedFrom(from, map);
    }

    /** A group of which this OSD has nothing, but something of {@code source}, which is to end in it: as of that one's map. */
    static PlacementGroup placeholder(ShardPgId id, PgHost host, PlacementGroup source) {
        if (!(source.map() instanceof OsdMapView view)) {
            throw new IllegalStateException(source + " follows no OSD map");
        }
        Transaction transaction = new Transaction();
        PeeringMap map = OsdMapView.of(view.map(), id.pg());
        PgPeering peering = PgPeering.create(
                shard(id, host),
                id,
                PgHistory.EMPTY,
                PastIntervals.EMPTY,
                map,
                host.logLimits(),
                host.clock(),
                () -> host.readLease(id.pg().pool()),
                () -> ActingCosts.of(host.config()),
                transaction);
        host.store().submit(transaction, () -> {});
        return new PlacementGroup(id, host, peering).startedAt(map);
    }

    /** A group as the store has it, at the map that it had followed last; later ones have to follow. Throws MalformedInput and StoreException where that is damaged. */
    static PlacementGroup load(ShardPgId id, PgHost host) {
        PgPeering.Stored stored = PgPeering.stored(host.store(), id);
        OsdMap then = host.map(stored.epoch());
        int epoch = stored.epoch();
        while (then == null && epoch < host.map().epoch()) {
            then = host.map(++epoch); // older maps are gone: nobody needs those intervals any more
        }
        OsdMap from = then == null ? host.map() : then;
        PeeringMap map = OsdMapView.of(from, id.pg());
        PgPeering peering = PgPeering.load(
                shard(id, host),
                host.store(),
                stored,
                map,
                host.logLimits(),
                host.clock(),
                () -> host.readLease(id.pg().pool()),
                () -> ActingCosts.of(host.config()));
        Transaction leftovers = new Transaction();
        Landing.removeLeftovers(host.store(), CollectionId.of(id), leftovers);
        if (!leftovers.isEmpty()) {
            host.store().submit(leftovers, () -> {});
        }
        return new PlacementGroup(id, host, peering).startedAt(map);
    }

    private PlacementGroup startedAt(PeeringMap map) {
        handle(new PeeringEvent.Initialize(map));
        return this;
    }

    /** Begins at a map and follows all later ones up to the current. */
    private PlacementGroup startedFrom(OsdMap from, PeeringMap map) {
        startedAt(map);
        for (int e = from.epoch() + 1; e <= host.map().epoch(); e++) {
            OsdMap next = host.map(e);
            if (next != null && next.pool(id.pg().pool()) != null) {
                handle(new PeeringEvent.AdvMap(OsdMapView.of(next, id.pg())));
            }
        }
        handle(new PeeringEvent.ActMap());
        return this;
    }

    private static PgShard shard(ShardPgId id, PgHost host) {
        return new PgShard(host.whoami(), id.shard());
    }

    @Override
    public ShardPgId id() {
        return id;
    }

    public CollectionId collection() {
        return collection;
    }

    @Override
    public PgShard self() {
        return members.self();
    }

    @Override
    public void send(int osd, Message message) {
        host.sendToOsd(osd, message);
    }

    public ClientOps ops() {
        return ops;
    }

    Watches watches() {
        return watches;
    }

    /** An object, and a client that watches it. */
    public record Watched(ObjectId object, ObjectContext.Watch by) {}

    public List<Watched> watched() {
        return watches.list().stream()
                .map(w -> new Watched(w.object(), w.stored()))
                .toList();
    }

    public PgMembers members() {
        return members;
    }

    ScrubDriver scrubs() {
        return scrubs;
    }

    RecoveryDriver recovery() {
        return recovery;
    }

    public PeeringState state() {
        return peering.state();
    }

    /** Which OSDs have the group in the newest map. */
    public PeeringMap map() {
        return peering.map();
    }

    public boolean isPrimary() {
        return peering.map().actingPrimary() == host.whoami();
    }

    /** Whether clients' operations are taken, now or when the lease has been renewed. */
    boolean isServing() {
        return serving;
    }

    /** Whether clients' operations are taken now. */
    public boolean isActive() {
        return serving && peering.isReadable();
    }

    /** The epoch in which the current members became the members. Ceph: same_interval_since. */
    public int interval() {
        return members.info().history().sameIntervalSince();
    }

    /** Whether a request sent in that epoch was meant for us as this primary. */
    boolean mayServe(int epoch) {
        PgHistory history = members.info().history();
        return Integer.compareUnsigned(epoch, history.samePrimarySince()) >= 0
                && Integer.compareUnsigned(epoch, history.lastEpochSplit())
                        >= 0; // clients send again what they sent before
    }

    /** What the manager is told. */
    public PgStats stats() {
        return scrubs.decorate(peering.report().stats(host.clock().now()));
    }

    /** The group's PG_STATE_* bits. */
    long stateBits() {
        return peering.report().stateBits();
    }

    /** The answer to {@code pg list_unfound}; {@code offset} in JSON, or null. Throws Refusal. */
    public Json listUnfound(@Nullable String offset) {
        return UnfoundListing.of(members, offset, peering.queryUnfound());
    }

    /** Gives up what is unfound, and answers when that is durable. Throws Refusal. */
    public void markUnfoundLost(boolean revert, Consumer<Outcome> done) {
        LostObjects.mark(this, host, revert, done);
    }

    /** An object is not missing any more. */
    void settled(ObjectId object) {
        recovery.settled(object);
    }

    /** There may be something to recover. */
    void lookForRecovery() {
        handle(new RecoveryEvent.DoRecovery());
    }

    /** How it came to where it is, the newest changes of state, oldest first. */
    public List<PgPeering.Transition> transitions() {
        return peering.transitions();
    }

    /** The answer to {@code pg query}. Source: PrimaryLogPG::do_command. */
    public Json query() {
        Json json = peering.query(stats(), recovery.progress());
        if (serving) {
            json.put("scrubber", scrubs.dump());
        }
        return json.put("agent_state", Json.object());
    }

    // Peering

    /** The next map. After the last of several comes {@link #mapsAreIn}. */
    void advance(OsdMap map) {
        handle(new PeeringEvent.AdvMap(OsdMapView.of(map, id.pg())));
        recovery.mapAdvanced();
    }

    /** The next map, in which a part of what this group has belongs to new ones. */
    List<PlacementGroup> split(OsdMap map, Iterable<ShardPgId> children) {
        PeeringMap before = map();
        TreeMap<Integer, PeeringMap> maps = new TreeMap<>();
        children.forEach(child -> maps.put(child.pg().seed(), OsdMapView.of(map, child.pg())));
        List<PlacementGroup> born = new ArrayList<>();
        PeeringEvent event = new PeeringEvent.AdvMap(OsdMapView.of(map, id.pg()));
        handle(
                event,
                transaction -> peering.split(before, maps, transaction)
                        .forEach(child -> born.add(
                                new PlacementGroup(child.members().info().pg(), host, child))));
        born.forEach(child -> child.startedAt(child.map()));
        return born;
    }

    /** The next map, in which other groups are a part of this one. They are gone when this returns. */
    void merge(OsdMap map, List<PlacementGroup> sources, boolean allThere, PgMergeMeta meta) {
        Transaction merged = new Transaction();
        sources.forEach(PlacementGroup::end);
        peering.merge(sources.stream().map(s -> s.peering).toList(), allThere, meta, merged);
        PeeringEvent event = new PeeringEvent.AdvMap(OsdMapView.of(map, id.pg()));
        handle(event, transaction -> transaction.addAll(merged.ops()));
    }

    void mapsAreIn() {
        handle(new PeeringEvent.ActMap());
        ops.mapAdvanced();
        watches.mapAdvanced();
        scrubs.mapAdvanced();
        recovery.proceed(); // what a flag or a full disk held up may go on
    }

    /** A peer's message; its epoch is not above ours. */
    void received(PgShard from, PeerMessage message) {
        handle(PeeringEvent.received(from, message, reservations.isTooFullFor(message)));
    }

    void handle(PeeringEvent event) {
        handle(event, transaction -> {});
    }

    /** @param more adds to what the event makes durable */
    private void handle(PeeringEvent event, Consumer<Transaction> more) {
        String before = peering.state().cephName();
        Effects effects = peering.handle(event);
        if (!before.equals(peering.state().cephName())) {
            LOG.debug(
                    "{} epoch {} {} -> {}",
                    this,
                    host.map().epoch(),
                    before,
                    peering.state().cephName());
        }
        dismissed |= effects.notices().contains(Effects.Notice.REMOVE);
        if (effects.notices().contains(Effects.Notice.INTERVAL_CHANGED)) {
            intervalChanged();
        }
        Transaction transaction = effects.transaction();
        more.accept(transaction);
        List<PeeringEvent> then = effects.whenDurable();
        if (!transaction.isEmpty() || !then.isEmpty()) {
            host.store().submit(transaction, () -> {
                if (!removed) {
                    then.forEach(this::handle);
                }
            });
        }
        for (Effects.Send send : effects.now()) {
            host.sendToOsd(send.to().osd(), PeerMessages.toWire(id, self(), send.to(), send.message()));
        }
        effects.monitor().forEach(this::ask);
        if (effects.notices().contains(Effects.Notice.ACTIVE)) {
            activate();
        } else if (serving && effects.notices().contains(Effects.Notice.READABLE)) {
            ops.activated();
        }
        if (effects.notices().contains(Effects.Notice.CLEAN)
                && members.info().stats().invalid().stats()) {
            recount.start();
        }
        effects.reservations().forEach(reservations::carryOut);
        if (!effects.notices().isEmpty()) {
            host.stateChanged(this);
        }
        ops.stateChanged();
        recovery.proceed();
        scrubs.proceed();
    }

    /** The task, unless the interval has ended by then. */
    Runnable inThisInterval(Runnable task) {
        int interval = interval();
        return () -> {
            if (isStillIn(interval)) {
                task.run();
            }
        };
    }

    boolean isStillIn(int interval) {
        return !removed && interval() == interval;
    }

    private void ask(Effects.MonitorRequest request) {
        switch (request) {
            case Effects.MonitorRequest.UpThru r -> host.wantUpThru(r.epoch());
            case Effects.MonitorRequest.PgTemp r -> host.wantActing(this, r.acting());
            case Effects.MonitorRequest.PgCreated r ->
                host.sendToMonitor(new OsdPgCreated(host.map().epoch(), id.pg()));
        }
    }

    private void intervalChanged() {
        serving = false;
        writes.stop();
        durableWaiters.clear();
        recovery.reset();
        scrubs.reset();
        recount.stop();
        watches.reset();
        ops.reset(isPrimary());
        host.actingSettled(this);
    }

    private void activate() {
        counters = PgCounters.of(members.info().stats());
        List<PgShard> replicas = new ArrayList<>(members.participants());
        replicas.remove(self());
        writes.start(host.map().epoch(), interval(), replicas, members.info().lastUpdate());
        waitingForSubops = "waiting for subops from "
                + replicas.stream().map(r -> Integer.toString(r.osd())).collect(Collectors.joining(","));
        serving = true;
        checkReadableLater();
        renewLeaseLater();
        if (isActive()) {
            ops.activated();
        }
    }

    private void checkReadableLater() {
        Duration wait = peering.waitForFormer();
        if (!wait.isZero()) {
            host.reactor().schedule(wait, inThisInterval(() -> {
                handle(new PeeringEvent.CheckReadable());
                checkReadableLater();
            }));
        }
    }

    private void renewLeaseLater() {
        Duration soon = host.readLease(id.pg().pool()).dividedBy(2);
        host.reactor().schedule(soon, inThisInterval(() -> {
            handle(new PeeringEvent.RenewLease());
            renewLeaseLater();
        }));
    }

    /** Nothing is done any more. */
    private void end() {
        removed = true;
        intervalChanged();
        reservations.removed();
        ops.reset(false);
    }

    /** Whether its primary has told it to leave this OSD. */
    boolean isDismissed() {
        return dismissed;
    }

    /** The group leaves this OSD; what is stored of it is to be removed. */
    void remove() {
        end();
    }

    // Clients' operations

    EVersion lastUpdate() {
        return members.info().lastUpdate();
    }

    long lastUserVersion() {
        return members.info().lastUserVersion();
    }

    EVersion nextVersion() {
        return members.nextVersion();
    }

    /** How a write was answered, if it was done before and is still remembered. */
    @Nullable
    DoneBefore doneBefore(ReqId request) {
        PgLog.Answer answer = members.log().answerTo(request);
        return answer == null
                ? null
                : new DoneBefore(answer.version(), answer.userVersion(), answer.returnCode(), answer.opReturns());
    }

    boolean isDurable(EVersion version) {
        return version.compareTo(writes.lastDurable()) <= 0;
    }

    /** Runs {@code task} once a version that is on its way is durable everywhere; never, where the interval ends before. */
    void whenDurable(EVersion version, Runnable task) {
        durableWaiters.add(new Waiter(version, task));
    }

    /** Whether a request has to wait until its object has been recovered; then {@code again} is run. */
    boolean waitsForRecovery(ObjectId object, ClientOp op, Runnable again) {
        return recovery.mustWait(object, op, again);
    }

    /** Whether all copies of the object were found to be damaged. */
    boolean isBadEverywhere(ObjectId object) {
        return recovery.isBadEverywhere(object);
    }

    /** What a write that is on its way waits for, in Ceph's words. */
    String waitingForSubops() {
        return waitingForSubops;
    }

    boolean isMissing(ObjectId object) {
        return members.isMissing(object);
    }

    /** Whether the object is missing and nobody who is up has it. */
    boolean isUnfound(ObjectId object) {
        PgMissing.Item item = members.missingItem(object);
        return item != null && members.sourcesOf(object, item.need()).isEmpty();
    }

    /** An operation has read, or is about to change, an object. */
    void count(ObjectId object, StatDelta delta) {
        counters.add(delta);
        recount.changed(object, delta);
        scrubs.changed(object, delta);
        if (delta.objects != 0) {
            host.stateChanged(this);
        }
    }

    /** Objects are about to change to something whose size nobody knows. */
    void miscount() {
        counters.guess();
    }

    /** So much there is, in truth. */
    void counted(StatDelta all) {
        counters.set(all);
        Transaction transaction = new Transaction();
        members.counted(statistics(), transaction);
        host.store().submit(transaction, () -> {});
        host.stateChanged(this);
    }

    private PgStats statistics() {
        return counters.into(members.info().stats());
    }

    /** Makes a client's write durable here and on the replicas. */
    void write(List<Transaction.Op> changes, PgLogEntry entry, Runnable durable) {
        EVersion trimTo = members.trimTarget(writes.minLastCompleteOndisk());
        LastReport report = LastReport.of(members.info().stats());
        ReplicatedChange change = new ReplicatedChange(List.of(entry), changes, counters.encode(), report);
        long tid = writes.begin(
                host.map().epoch(), change, trimTo, peer -> members.takesWritesTo(peer, entry.object()), () -> {
                    durable.run();
                    wakeDurable();
                });
        Transaction transaction = new Transaction().addAll(changes);
        members.appendAsPrimary(change.entries(), trimTo, statistics(), transaction);
        EVersion complete = members.info().lastComplete();
        host.store().submit(transaction, () -> writes.localCommit(tid, complete));
        if (entry.isDelete() && members.isAnyRecoveredLater()) {
            host.reactor().execute(inThisInterval(recovery::proceed)); // nobody may miss anything now
        }
    }

    private void wakeDurable() {
        while (!durableWaiters.isEmpty() && isDurable(durableWaiters.peek().version)) {
            durableWaiters.remove().task.run();
        }
    }

    /** Whether who sent something in that epoch knew the present members. */
    boolean isOfThisInterval(int epoch) {
        return Integer.compareUnsigned(epoch, interval()) >= 0;
    }

    /** A primary's write, done here too and answered once it is durable. */
    void replicate(OsdRepOp message) {
        if (!isOfThisInterval(message.epoch()) || isPrimary()) {
            return; // of an interval that is over: its primary will find out
        }
        ReplicatedChange change = ReplicatedWrites.read(message);
        Transaction transaction = new Transaction().addAll(change.changes());
        counters = PgCounters.decode(change.statistics());
        PgStats stats = change.report().into(statistics());
        members.appendAsReplica(change.entries(), message.trimTo(), stats, transaction);
        EVersion complete = members.info().lastComplete();
        long started = host.clock().nanoTime();
        host.store().submit(transaction, inThisInterval(() -> {
            host.replicated(message.transaction().size(), host.clock().nanoTime() - started);
            host.sendToOsd(
                    message.from().osd(),
                    ReplicatedWrites.reply(message, host.map().epoch(), self(), complete));
        }));
        scrubs.updated();
    }

    void replicated(OsdRepOpReply reply) {
        if (isOfThisInterval(reply.minEpoch())) {
            writes.acknowledged(reply);
        }
    }

    // Scrub

    /** Tells the others what the group's info is. */
    void shareInfo() {
        for (Effects.Send send : members.infoForOthers()) {
            host.sendToOsd(send.to().osd(), PeerMessages.toWire(id, self(), send.to(), send.message()));
        }
    }

    // Recovery

    /** An object is missing somewhere, which the logs do not say. */
    void recoverSoon(ObjectId object) {
        recovery.prioritize(object);
    }

    @Override
    public String toString() {
        return "pg " + id;
    }
}
