package io.spirula.osd.daemon;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.msgr.Connection;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.op.OpLimits;
import io.spirula.osd.pg.BackoffPolicy;
import io.spirula.osd.pg.ClientOp;
import io.spirula.osd.pg.Fullness;
import io.spirula.osd.pg.PgHost;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pglog.LogBudget;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.queue.OpQueue;
import io.spirula.osd.recovery.RecoveryResources;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The OSD as its placement groups see it: what they may ask of the daemon's parts. */
final class GroupHost implements PgHost {
    /** What the daemon is told. */
    interface Owner {
        boolean isActive();

        /** How many placement groups are here. */
        int groups();

        void answered(ClientOp op, OsdOpReply reply);

        void replicated(long bytes, long nanos);

        void stateChanged(PlacementGroup pg);

        /** There is something new to ask of the monitors. */
        void ask();
    }

    /** The parts of the daemon that groups have to do with. */
    record Parts(
            OsdSettings settings,
            Live<OsdTuning> tuning,
            Reactor reactor,
            ObjectStore store,
            OpQueue queue,
            ObjectClasses classes,
            MonClient monitors,
            ClusterLog clusterLog,
            MapFeed maps,
            MonitorRequests requests,
            ClusterConnections peers,
            Room room) {}

    private final Parts osd;
    private final Owner owner;
    private final Live<BackoffPolicy> backoffPolicy;
    private final Live<LogBudget> logBudget;
    private final Live<OpLimits> opLimits;
    private final RecoveryResources recovery;
    private final OsdScrubs scrubs;
    private long notifyIds;
    private long backoffIds;

    GroupHost(Parts osd, Owner owner) {
        this.osd = osd;
        this.owner = owner;
        backoffPolicy = Live.of(config(), BackoffPolicy::of);
        logBudget = Live.of(config(), LogBudget::of);
        opLimits = Live.of(config(), OpLimits::of);
        recovery = new RecoveryResources(config(), osd.reactor, osd.settings.isRotating());
        scrubs = new OsdScrubs(config());
    }

    @Override
    public int whoami() {
        return osd.settings.whoami();
    }

    @Override
    public Reactor reactor() {
        return osd.reactor;
    }

    @Override
    public Config config() {
        return osd.settings.config();
    }

    @Override
    public ClusterLog clusterLog() {
        return osd.clusterLog;
    }

    @Override
    public ObjectStore store() {
        return osd.store;
    }

    @Override
    public OpQueue queue() {
        return osd.queue;
    }

    @Override
    public Duration readLease(long pool) {
        PgPool there = map().pool(pool);
        Object set = there == null ? null : there.options().value("read_lease_interval");
        OsdTuning tuning = osd.tuning.get();
        return set instanceof Double seconds && seconds > 0
                ? Duration.ofNanos((long) (seconds * 1e9))
                : Duration.ofNanos((long) (tuning.heartbeat().grace().toNanos() * tuning.readLeaseRatio()));
    }

    @Override
    public OsdMap map() {
        return osd.maps.current();
    }

    @Override
    public @Nullable OsdMap map(int epoch) {
        return osd.maps.map(epoch);
    }

    @Override
    public BackoffPolicy backoffPolicy() {
        return backoffPolicy.get();
    }

    @Override
    public long nextBackoffId() {
        return ++backoffIds;
    }

    @Override
    public OsdScrubs scrubs() {
        return scrubs;
    }

    @Override
    public Fullness fullness() {
        return osd.room.fullness();
    }

    @Override
    public void turnedAway(Connection client) {
        osd.room.turnedAway(client);
    }

    @Override
    public OpLimits limits() {
        return opLimits.get();
    }

    @Override
    public Supplier<PgLog.Limits> logLimits() {
        return () -> logBudget.get().forEach(owner.groups());
    }

    @Override
    public Duration removalPause() {
        return osd.tuning.get().removalPause();
    }

    @Override
    public ObjectClasses classes() {
        return osd.classes;
    }

    @Override
    public RecoveryResources recovery() {
        return recovery;
    }

    @Override
    public void sendToOsd(int peer, Message message) {
        osd.peers.send(peer, message);
    }

    @Override
    public void sendToMonitor(Message message) {
        osd.monitors.send(message);
    }

    @Override
    public void shareMap(Connection client) {
        if (!client.isClosed()) {
            shareMap(client, 0);
        }
    }

    /** Tells a client what it does not know of the map yet. */
    void shareMap(Connection client, int knownEpoch) {
        ClientSession session = ClientSession.of(client);
        session.knownEpoch = Math.max(session.knownEpoch, knownEpoch);
        if (session.knownEpoch < map().epoch()) {
            OsdMapMessage news = osd.maps.since(session.knownEpoch);
            session.knownEpoch = map().epoch();
            if (news != null) {
                client.send(news);
            }
        }
    }

    @Override
    public void sendToClient(Connection client, Message message) {
        client.send(message);
    }

    @Override
    public OsdCaps capsOf(Connection client) {
        return ClientSession.of(client).caps();
    }

    @Override
    public void answered(ClientOp op, OsdOpReply reply) {
        owner.answered(op, reply);
    }

    @Override
    public void replicated(long bytes, long nanos) {
        owner.replicated(bytes, nanos);
    }

    @Override
    public void stateChanged(PlacementGroup pg) {
        owner.stateChanged(pg);
    }

    @Override
    public void wantUpThru(int epoch) {
        if (osd.requests.upThru(epoch)) {
            owner.ask();
        }
    }

    @Override
    public void wantActing(PlacementGroup pg, List<Integer> acting) {
        osd.requests.acting(pg, acting);
        if (owner.isActive()) {
            osd.requests.askActing(pg, acting);
        }
    }

    @Override
    public void actingSettled(PlacementGroup pg) {
        osd.requests.settled(pg);
    }

    @Override
    public long nextNotifyId() {
        return (long) map().epoch() << 32 | ++notifyIds & 0xffffffffL;
    }
}
