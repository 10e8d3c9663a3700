package io.spirula.osd.pg;

import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgMergeMeta;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.peering.Effects;
import io.spirula.osd.peering.PeerMessage;
import io.spirula.osd.peering.PeeringEvent;
import io.spirula.osd.peering.PeeringMap;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.store.CollectionId;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One placement group on this OSD: its parts, which of them is told what, and in which order, and whether it serves clients. Ceph: PG.
 */
public final class PlacementGroup {
    private final ShardPgId id;
    private final PgHost host;
    private final CollectionId collection;
    private final PgPeering peering;
    private final PgMembers members;
    private final PeeringDriver driver;
    private final GroupStatistics statistics;
    private final GroupWrites writes;
    private final Watches watches;
    private final ClientOps ops;
    private final RecoveryDriver recovery;
    private final ScrubDriver scrubs;
    private boolean serving;

    private PlacementGroup(ShardPgId id, PgHost host, PgPeering peering) {
        this.id = id;
        this.host = host;
        this.peering = peering;
        collection = CollectionId.of(id);
        members = peering.members();
        driver = new PeeringDriver(this, host, peering, new Consequences());
        statistics = new GroupStatistics(this, host);
        writes = new GroupWrites(this, host, statistics);
        watches = new Watches(this, host);
        ops = new ClientOps(this, host);
        recovery = new RecoveryDriver(this, host);
        scrubs = new ScrubDriver(this, host);
    }

    /** A group whose peering has been made, or loaded, at a map. */
    static PlacementGroup begin(ShardPgId id, PgHost host, PgPeering peering, PeeringMap map) {
        PlacementGroup pg = new PlacementGroup(id, host, peering);
        pg.handle(new PeeringEvent.Initialize(map));
        return pg;
    }

    public ShardPgId id() {
        return id;
    }

    public CollectionId collection() {
        return collection;
    }

    public PgShard self() {
        return members.self();
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

    GroupWrites writes() {
        return writes;
    }

    GroupStatistics statistics() {
        return statistics;
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
        driver.advance(map);
        recovery.mapAdvanced();
    }

    /** The next map, in which a part of what this group has belongs to new ones. */
    List<PlacementGroup> split(OsdMap map, Iterable<ShardPgId> children) {
        return driver.split(map, children).stream()
                .map(child -> begin(child.members().info().pg(), host, child, child.map()))
                .toList();
    }

    /** The next map, in which other groups are a part of this one. They are gone when this returns. */
    void merge(OsdMap map, List<PlacementGroup> sources, boolean allThere, PgMergeMeta meta) {
        sources.forEach(PlacementGroup::remove);
        driver.merge(map, sources.stream().map(s -> s.peering).toList(), allThere, meta);
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
        driver.received(from, message);
    }

    void handle(PeeringEvent event) {
        driver.handle(event);
    }

    /** Tells the others what the group's info is. */
    void shareInfo() {
        driver.shareInfo();
    }

    private final class Consequences implements PeeringDriver.Owner {
        @Override
        public void intervalChanged() {
            PlacementGroup.this.intervalChanged();
        }

        @Override
        public void noticed(Set<Effects.Notice> notices) {
            if (notices.contains(Effects.Notice.ACTIVE)) {
                activate();
            } else if (serving && notices.contains(Effects.Notice.READABLE)) {
                ops.activated();
            }
            if (notices.contains(Effects.Notice.CLEAN)) {
                statistics.clean();
            }
        }

        @Override
        public void done(Set<Effects.Notice> notices) {
            if (!notices.isEmpty()) {
                host.stateChanged(PlacementGroup.this);
            }
            ops.stateChanged();
            recovery.proceed();
            scrubs.proceed();
        }
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

    /** Whether who sent something in that epoch knew the present members. */
    boolean isOfThisInterval(int epoch) {
        return Integer.compareUnsigned(epoch, interval()) >= 0;
    }

    boolean isStillIn(int interval) {
        return !driver.hasEnded() && interval() == interval;
    }

    private void intervalChanged() {
        serving = false;
        writes.reset();
        recovery.reset();
        scrubs.reset();
        statistics.reset();
        watches.reset();
        ops.reset(isPrimary());
        host.actingSettled(this);
    }

    private void activate() {
        statistics.activated();
        writes.activated();
        serving = true;
        driver.keepLease();
        if (isActive()) {
            ops.activated();
        }
    }

    /** Whether its primary has told it to leave this OSD. */
    boolean isDismissed() {
        return driver.isDismissed();
    }

    /** The group leaves this OSD, and nothing is done for it any more; what is stored of it is to be removed, or is another's. */
    void remove() {
        driver.end();
        intervalChanged();
        driver.giveUpPlaces();
        ops.reset(false);
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

    /** Whether the object is missing and nobody who is up has it. */
    boolean isUnfound(ObjectId object) {
        PgMissing.Item item = members.missingItem(object);
        return item != null && members.sourcesOf(object, item.need()).isEmpty();
    }

    @Override
    public String toString() {
        return "pg " + id;
    }
}
