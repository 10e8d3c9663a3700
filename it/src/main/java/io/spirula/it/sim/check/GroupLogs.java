package io.spirula.it.sim.check;

import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.types.EVersion;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimOsd;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pglog.PgLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of an interval's members, that what a replica has in its log its primary has too, and that no primary forgets entries that a member still lacks. */
final class GroupLogs {
    private final SimCluster cluster;

    GroupLogs(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** An active replica's log has grown after {@code since}, or has become its own. */
    void replicaHas(PlacementGroup replica, EVersion since) {
        int osd = replica.map().actingPrimary();
        PlacementGroup primary = osd < 0 ? null : member(replica, cluster.osds().get(osd));
        if (primary == null || !(primary.state() instanceof PeeringState.Active)) {
            return;
        }
        PgLog log = primary.members().log();
        EVersion from = since.compareTo(log.tail()) > 0 ? since : log.tail();
        List<PgLogEntry> known = log.after(from);
        int next = 0;
        for (PgLogEntry entry : replica.members().log().after(from)) {
            while (next < known.size() && known.get(next).version().compareTo(entry.version()) < 0) {
                next++;
            }
            if (next == known.size() || !isSame(entry, known.get(next))) {
                throw new SimulationFailure(replica + " has an entry at " + entry.version() + " about " + entry.object()
                        + " which its primary, osd." + osd + ", does not have");
            }
        }
    }

    private static boolean isSame(PgLogEntry a, PgLogEntry b) {
        return a.version().equals(b.version())
                && a.object().equals(b.object())
                && a.reqId().equals(b.reqId());
    }

    /** A primary's log has been trimmed. */
    void trimmed(PlacementGroup primary) {
        EVersion tail = primary.members().log().tail();
        for (int osd : primary.map().acting()) {
            PlacementGroup replica = osd < 0 || osd >= cluster.osds().size()
                    ? null
                    : member(primary, cluster.osds().get(osd));
            if (replica != null
                    && replica.state() instanceof PeeringState.ReplicaActive
                    && replica.members().log().head().compareTo(tail) < 0) {
                throw new SimulationFailure(primary + " has trimmed its log to " + tail + ", and osd." + osd
                        + " has come to " + replica.members().log().head());
            }
        }
    }

    /** The same group in the same interval on another OSD; null where that is elsewhere. */
    private static @Nullable PlacementGroup member(PlacementGroup pg, SimOsd osd) {
        PlacementGroup other = osd.isUp() ? osd.daemon().groups().byId().get(pg.id()) : null;
        return other != null && other.interval() == pg.interval() ? other : null;
    }
}
