package io.spirula.osd.pg;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.SimpleOsdMap;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageRegistry;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Features;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.op.OpLimits;
import io.spirula.osd.queue.MeteredStore;
import io.spirula.osd.queue.OpQueue;
import io.spirula.osd.queue.QueueSettings;
import io.spirula.osd.queue.StoreLoad;
import io.spirula.osd.recovery.RecoveryResources;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Three OSDs' placement groups over memory stores, with a network that carries encoded messages one by one, and one map. */
final class ThreeOsds {
    OsdMap map;
    private final TreeMap<Integer, OsdMap> maps = new TreeMap<>();
    final List<Host> hosts = new ArrayList<>();
    final ArrayDeque<Runnable> events = new ArrayDeque<>();
    final ArrayDeque<Runnable> syncs = new ArrayDeque<>();

    private final long enoughForAStore;

    ThreeOsds() {
        this(StoreLoad.ENOUGH);
    }

    /** @param enoughForAStore how many bytes of work a store is given at a time */
    ThreeOsds(long enoughForAStore) {
        this.enoughForAStore = enoughForAStore;
        OsdMap plain = SimpleOsdMap.withPool(SimpleOsdMap.of(Uuid.ZERO, Instant.EPOCH, 3, "osd"), 0, 0);
        List<Osd> rows = new ArrayList<>();
        for (Osd row : plain.osds()) {
            rows.add(row.withState(OsdState.EXISTS | OsdState.UP)
                    .withWeight(Osd.IN)
                    .withInfo(row.info().withUpFrom(1).withUpThru(10)));
        }
        map = plain.toBuilder().epoch(2).osds(rows).build();
        maps.put(2, map);
        for (int i = 0; i < 3; i++) {
            hosts.add(new Host(i, new MemoryStore.Disk()));
        }
    }

    /** Everything that is on its way arrives, and everything submitted becomes durable. */
    void settle() {
        while (!events.isEmpty() || !syncs.isEmpty()) {
            deliver();
            while (!syncs.isEmpty()) {
                syncs.remove().run();
            }
        }
    }

    /** What they have said in the cluster log. */
    final List<String> clusterLog = new ArrayList<>();

    /** What all are set up with. */
    final Config config = Config.of(new EntityName(EntityType.OSD, "0"), CephConf.EMPTY);
    /** The next epoch has these OSDs up or down, and all hear of it. */
    void setUp(boolean up, List<Integer> which) {
        List<Osd> rows = new ArrayList<>(map.osds());
        for (int osd : which) {
            rows.set(osd, rows.get(osd).withState(OsdState.EXISTS | (up ? OsdState.UP : 0)));
        }
        next(map.toBuilder().osds(rows));
    }

    /** The next epoch is this, and all hear of it. */
    void next(OsdMap.Builder changed) {
        map = changed.epoch(map.epoch() + 1).build();
        maps.put(map.epoch(), map);
        for (Host host : hosts) {
            host.groups.advance(map);
            host.groups.mapsAreIn();
            host.groups.wakeWaiting();
        }
        settle();
    }

    /** Who is to act, as groups have asked the monitors. */
    private final TreeMap<PgId, List<Integer>> wantedActing = new TreeMap<>();

    /** The monitors do what they were asked for; false where they were not. */
    boolean grantActing() {
        TreeMap<PgId, List<Integer>> temp = new TreeMap<>(map.pgTemp());
        wantedActing.forEach((pg, acting) -> {
            if (acting.isEmpty()) {
                temp.remove(pg);
            } else {
                temp.put(pg, acting);
            }
        });
        boolean asked = !wantedActing.isEmpty();
        wantedActing.clear();
        if (asked) {
            next(map.toBuilder().pgTemp(temp));
        }
        return asked;
    }

    BackoffPolicy backoffPolicy = BackoffPolicy.DEFAULT;
    private long lastBackoff;

    /** The time by all clocks. */
    Instant now = Instant.EPOCH;

    /** The time by which leases run out. */
    Duration uptime = Duration.ZERO;

    private record Due(Duration at, Runnable task) {}

    private final List<Due> timers = new ArrayList<>();

    /** Time passes, and what was to happen meanwhile happens. */
    void pass(Duration span) {
        uptime = uptime.plus(span);
        List<Due> due = timers.stream().filter(t -> t.at.compareTo(uptime) <= 0).toList();
        timers.removeAll(due);
        due.forEach(t -> t.task.run());
        settle();
    }

    /** Who reads from the disks. */
    Executor reads = Runnable::run;

    /** How full all stores are. */
    Fullness fullness = Fullness.NONE;

    /** Whose writes were dropped because of that. */
    final List<Connection> turnedAway = new ArrayList<>();

    /** Sees what they say to each other. */
    Consumer<Message> watched = message -> {};

    /** Messages arrive, but no disk moves. */
    void deliver() {
        while (!events.isEmpty()) {
            events.remove().run();
        }
    }

    Host primary(ShardPgId pg) {
        return hosts.get(map.pgToUpActing(pg.pg()).actingPrimary());
    }

    /** A client whose map is this old, or new, asks the primary for this. */
    void ask(Client client, int epoch, ShardPgId pg, ObjectId object, long tid, int attempt, ObjectOp op) {
        OsdOp request = new OsdOp(
                tid, pg, epoch, 0, ReqId.NONE, 0, Instant.EPOCH, object, List.of(op), SnapContext.EMPTY, attempt, 0);
        primary(pg).groups.handle(client, request);
    }

    /** An operation on an object from its beginning on, with data or without. */
    static ObjectOp op(OsdOpCode code, Bytes data) {
        return new ObjectOp(code, new ObjectOpArgs.Extent(0, data.size(), 0, 0), data);
    }

    /** All stop at once and start again from what was durable. */
    void restart() {
        events.clear();
        syncs.clear();
        hosts.replaceAll(old -> new Host(old.number, old.disk));
        hosts.forEach(h -> h.groups.load());
        settle();
    }

    /** One OSD, as far as its groups see it. */
    final class Host implements PgHost, Reactor {
        private final int number;
        private final MemoryStore.Disk disk;
        private final ObjectStore store;
        final MemoryStore memory;
        private final RecoveryResources recovery = new RecoveryResources(config, this, false);
        private final StoreLoad load = new StoreLoad(enoughForAStore);
        private final OpQueue queue = new OpQueue(this, load, Live.of(config, QueueSettings::of));
        final PlacementGroups groups = new PlacementGroups(this);
        final OsdScrubs scrubs = new OsdScrubs(config);
        final ScrubScheduler scrubScheduler = new ScrubScheduler(this, groups, () -> 0);

        Host(int number, MemoryStore.Disk disk) {
            this.number = number;
            this.disk = disk;
            memory = new MemoryStore(disk, syncs::add, task -> reads.execute(task));
            store = new MeteredStore(memory, load);
        }

        @Override
        public int whoami() {
            return number;
        }

        @Override
        public Reactor reactor() {
            return this;
        }

        @Override
        public Config config() {
            return config;
        }

        @Override
        public ClusterLog clusterLog() {
            return (level, text) -> clusterLog.add("[" + level + "] " + text);
        }

        @Override
        public ObjectStore store() {
            return store;
        }

        @Override
        public Duration readLease(long pool) {
            return Duration.ofSeconds(16);
        }

        @Override
        public OsdMap map() {
            return map;
        }

        @Override
        public @Nullable OsdMap map(int epoch) {
            return maps.get(epoch);
        }

        @Override
        public BackoffPolicy backoffPolicy() {
            return backoffPolicy;
        }

        @Override
        public long nextBackoffId() {
            return ++lastBackoff;
        }

        @Override
        public OsdScrubs scrubs() {
            return scrubs;
        }

        @Override
        public Fullness fullness() {
            return fullness;
        }

        @Override
        public void turnedAway(Connection client) {
            turnedAway.add(client);
        }

        @Override
        public OpLimits limits() {
            return OpLimits.of(config);
        }

        @Override
        public ObjectClasses classes() {
            return ObjectClasses.NONE;
        }

        @Override
        public OpQueue queue() {
            return queue;
        }

        @Override
        public RecoveryResources recovery() {
            return recovery;
        }

        @Override
        public void sendToOsd(int osd, Message message) {
            if (!map.isUp(osd)) {
                return;
            }
            watched.accept(message);
            var wire = message.type().encode(message);
            events.add(() -> {
                if (!hosts.get(osd).groups.dispatch(number, MessageRegistry.decode(wire))) {
                    throw new IllegalStateException("nobody takes " + message.type());
                }
            });
        }

        @Override
        public void sendToMonitor(Message message) {}

        @Override
        public void shareMap(Connection client) {
            ((Client) client).mapsShared++;
        }

        @Override
        public void sendToClient(Connection client, Message message) {
            ((Client) client).answers.add(message);
        }

        @Override
        public OsdCaps capsOf(Connection client) {
            return OsdCaps.ALL;
        }

        @Override
        public void answered(ClientOp op, OsdOpReply reply) {}

        @Override
        public void replicated(long bytes, long nanos) {}

        @Override
        public void stateChanged(PlacementGroup pg) {}

        @Override
        public void wantUpThru(int epoch) {}

        @Override
        public void wantActing(PlacementGroup pg, List<Integer> acting) {
            wantedActing.put(pg.id().pg(), acting);
        }

        @Override
        public void actingSettled(PlacementGroup pg) {}

        @Override
        public long nextNotifyId() {
            return 1;
        }

        @Override
        public void execute(Runnable task) {
            events.add(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            Due due = new Due(uptime.plus(delay), task);
            timers.add(due);
            return () -> timers.remove(due);
        }

        @Override
        public Clock clock() {
            return new Clock() {
                @Override
                public Instant now() {
                    return now;
                }

                @Override
                public long nanoTime() {
                    return uptime.toNanos();
                }
            };
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }

    /** A client's connection, which keeps what it is answered and counts what is held of what it sent. */
    static final class Client implements Connection {
        final List<Message> answers = new ArrayList<>();
        int held;
        int mapsShared;
        boolean closed;
        long features = Features.PACIFIC;

        @Override
        public int hold() {
            held++;
            return 1;
        }

        @Override
        public void release(int heldBytes) {
            held -= heldBytes;
        }

        @Override
        public void send(Message message) {
            answers.add(message);
        }

        @Override
        public EntityType peerType() {
            return EntityType.CLIENT;
        }

        @Override
        public EntityId peerId() {
            return new EntityId(EntityType.CLIENT, 4100);
        }

        @Override
        public EntityAddrs peerAddrs() {
            return EntityAddrs.NONE;
        }

        @Override
        public EntityAddr socketAddr() {
            return EntityAddr.NONE;
        }

        @Override
        public @Nullable AuthenticatedPeer authenticated() {
            return null;
        }

        @Override
        public long peerFeatures() {
            return features;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void sendKeepalive() {}

        @Override
        public long lastKeepaliveAckNanos() {
            return 0;
        }

        @Override
        public @Nullable Object attachment() {
            return null;
        }

        @Override
        public void attach(@Nullable Object state) {}
    }
}
