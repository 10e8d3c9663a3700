package io.spirula.it.sim.check;

import io.spirula.common.maps.PgPool;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ShardPgId;
import io.spirula.it.sim.MonitorInvariants;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimOsd;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.pg.PlacementGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What must hold of a whole cluster after every event, and of every answer at the moment of its sending. Looks only at the host where something has happened. */
public final class Invariants {
    /** How far a group was on an OSD when it was last looked at. */
    private record Progress(int interval, boolean serving, boolean following, EVersion lastUpdate) {
        static Progress of(PlacementGroup pg) {
            return new Progress(
                    pg.interval(),
                    pg.isActive() && pg.isPrimary(),
                    pg.state() instanceof PeeringState.ReplicaActive,
                    pg.members().info().lastUpdate());
        }
    }

    /** One life of an OSD's process. */
    private static final class Life {
        private final SimOsd osd;
        private long incarnation = -1;
        private int epoch;
        private final Map<ShardPgId, Progress> groups = new TreeMap<>();

        Life(SimOsd osd) {
            this.osd = osd;
        }
    }

    private final SimCluster cluster;
    private final AcknowledgedWrites acknowledged;
    private final Primaries primaries = new Primaries();
    private final GroupLogs logs;
    private final MonitorInvariants monitors;
    private final Map<SimHost, Life> lives = new HashMap<>();

    /** Looks on from now on. */
    public static Invariants watch(SimCluster cluster) {
        Invariants invariants = new Invariants(cluster);
        cluster.simulation().afterEvent(invariants::check);
        cluster.network().observe(invariants::sent);
        return invariants;
    }

    private Invariants(SimCluster cluster) {
        this.cluster = cluster;
        acknowledged = new AcknowledgedWrites(cluster);
        logs = new GroupLogs(cluster);
        monitors = new MonitorInvariants(cluster.monitors());
        for (SimOsd osd : cluster.osds()) {
            lives.put(osd.host(), new Life(osd));
        }
    }

    private void sent(SimHost from, Message message) {
        Life life = lives.get(from);
        if (life != null && message instanceof LogMessage log) {
            log.entries().forEach(this::logged);
        }
        if (life != null && message instanceof OsdOpReply reply) {
            SimOsd osd = life.osd;
            PlacementGroup pg = osd.daemon().groups().byId().get(ShardPgId.replica(reply.pg()));
            if (pg != null && pg.isPrimary()) {
                try {
                    boolean ofWrite = (reply.flags() & OsdOp.FLAG_WRITE) != 0;
                    primaries.answers(
                            pg, osd.id(), ofWrite, !reply.replayVersion().equals(EVersion.ZERO));
                    acknowledged.answered(pg, reply);
                } catch (SimulationFailure e) {
                    cluster.simulation().fail(e);
                }
            }
        }
    }

    /** Whatever a disk has lost, a group that trusts its statistics has what they say: they go with the writes. */
    private void logged(LogEntry entry) {
        if (entry.text().contains(" : stat mismatch")) {
            cluster.simulation().fail(new SimulationFailure(entry.name() + " says: " + entry.text()));
        }
    }

    private void check(SimHost host) {
        Life life = lives.get(host);
        if (life == null) {
            if (cluster.monitors().stream().anyMatch(m -> m.host() == host)) {
                monitors.check();
            }
        } else if (life.osd.isUp()) {
            check(life);
        }
    }

    private void check(Life life) {
        SimOsd osd = life.osd;
        if (life.incarnation != osd.host().incarnation()) {
            life.incarnation = osd.host().incarnation();
            life.groups.clear();
            life.epoch = 0;
        }
        int epoch = osd.daemon().map().epoch();
        if (epoch < life.epoch) {
            throw new SimulationFailure("osd." + osd.id() + " goes back from map " + life.epoch + " to " + epoch);
        }
        life.epoch = epoch;
        for (PlacementGroup pg : osd.daemon().groups().all()) {
            Progress now = Progress.of(pg);
            Progress before = life.groups.get(pg.id());
            if (now.equals(before)) {
                continue;
            }
            life.groups.put(pg.id(), now);
            if (now.serving) {
                serves(pg, osd, before);
                logs.trimmed(pg);
            } else if (now.following) {
                boolean goesOn = before != null && before.following && before.interval == now.interval;
                logs.replicaHas(pg, goesOn && before != null ? before.lastUpdate : EVersion.ZERO);
            }
        }
    }

    private void serves(PlacementGroup pg, SimOsd osd, @Nullable Progress before) {
        primaries.serves(pg, osd.id());
        if (before == null || !before.serving || before.interval != pg.interval()) {
            PgPool pool = osd.daemon().map().pool(pg.id().pg().pool());
            if (pool != null) {
                acknowledged.activated(pg, pool);
            }
        } else if (pg.members().info().lastUpdate().compareTo(before.lastUpdate) < 0) {
            throw new SimulationFailure(pg + " goes back from " + before.lastUpdate + " while it serves");
        } else {
            acknowledged.grown(pg, before.lastUpdate);
        }
    }
}
