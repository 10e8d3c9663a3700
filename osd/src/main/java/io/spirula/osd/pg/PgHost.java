package io.spirula.osd.pg;

import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.msgr.Connection;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.op.OpLimits;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.queue.OpQueue;
import io.spirula.osd.recovery.RecoveryResources;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a placement group asks of the OSD that it lives on. All on the one reactor. */
public interface PgHost {
    int whoami();

    Reactor reactor();

    default Clock clock() {
        return reactor().clock();
    }

    /** For settings that may change while the OSD runs: a part makes its own of them with {@link io.spirula.common.config.Live}. */
    Config config();

    /** Where people are told what they should know. */
    ClusterLog clusterLog();

    ObjectStore store();

    /** Where work waits that the store has no room for yet. */
    OpQueue queue();

    /** The newest map that this OSD has and its placement groups follow. */
    OsdMap map();

    /** An older map; null where it is not kept any more. */
    @Nullable
    OsdMap map(int epoch);

    OpLimits limits();

    /** How much the groups' logs remember, at any time. */
    default Supplier<PgLog.Limits> logLimits() {
        return () -> PgLog.Limits.DEFAULT;
    }

    /** For how long the removal of a group's objects rests after some of them. */
    default Duration removalPause() {
        return Duration.ZERO;
    }

    ObjectClasses classes();

    /** How long a primary may serve without hearing from its replicas. Ceph: pg_pool_t::get_readable_interval. */
    Duration readLease(long pool);

    /** Sends over the cluster's network to an OSD that is up in the current map; nothing where it is not. */
    void sendToOsd(int osd, Message message);

    void sendToMonitor(Message message);

    /** Sends to a client, newer maps first where it does not know of them. */
    void sendToClient(Connection client, Message message);

    /** Tells a client what it does not know of the newest map yet. */
    void shareMap(Connection client);

    /** What this client may do here. */
    OsdCaps capsOf(Connection client);

    /** For what clients are told to hold back. */
    BackoffPolicy backoffPolicy();

    /** A number by which a client knows what it was told to hold back. */
    long nextBackoffId();

    /** This OSD's places for scrubs. */
    OsdScrubs scrubs();

    /** How full this OSD's store is. */
    Fullness fullness();

    /** A client's write was dropped because the store is as good as full. The map may never say so, and then nothing else makes the client send it again. */
    void turnedAway(Connection client);

    /** What this OSD's groups share in recovery. */
    RecoveryResources recovery();

    /** A request is answered. */
    void answered(ClientOp op, OsdOpReply reply);

    /** A primary's write of so many bytes is durable here. */
    void replicated(long bytes, long nanos);

    /** The group's state or statistics have changed in a way that should be reported soon. */
    void stateChanged(PlacementGroup pg);

    /** Asks for up_thru to reach {@code epoch}. */
    void wantUpThru(int epoch);

    /** Asks the monitors for another acting set; an empty one to withdraw. */
    void wantActing(PlacementGroup pg, java.util.List<Integer> acting);

    /** The group has other members now: nothing is wanted any more. */
    void actingSettled(PlacementGroup pg);

    /** A number for a notification that no other has. */
    long nextNotifyId();
}
