package io.spirula.it.sim.check;

import io.spirula.common.message.OsdOpReply;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimOsd;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.CollectionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A write that is acknowledged is durable on min_size of the acting OSDs at that moment, and every later primary has it in its log before it serves anybody. */
final class AcknowledgedWrites {
    private final SimCluster cluster;
    private final Map<PgId, TreeSet<EVersion>> acknowledged = new HashMap<>();

    AcknowledgedWrites(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** A primary is about to answer. */
    void answered(PlacementGroup pg, OsdOpReply reply) {
        EVersion version = reply.replayVersion();
        if (reply.result() < 0 || version.equals(EVersion.ZERO)) {
            return;
        }
        boolean isNew =
                acknowledged.computeIfAbsent(reply.pg(), id -> new TreeSet<>()).add(version);
        if (!isNew) {
            return;
        }
        int copies = 0;
        for (int osd : pg.map().acting()) {
            if (osd >= 0
                    && osd < cluster.osds().size()
                    && isDurable(cluster.osds().get(osd), pg.id(), version)) {
                copies++;
            }
        }
        if (copies < pg.map().minSize()) {
            throw new SimulationFailure(pg + " acknowledges " + version + ", which is durable on " + copies + " of "
                    + pg.map().acting());
        }
    }

    private static boolean isDurable(SimOsd osd, ShardPgId pg, EVersion version) {
        return osd.contents().omapValue(CollectionId.of(pg), PgMeta.objectOf(pg), PgLog.key(version)) != null;
    }

    /** A primary begins to serve. */
    void activated(PlacementGroup pg) {
        PgLog log = pg.members().log();
        TreeSet<EVersion> expected = acknowledged.get(pg.id().pg());
        if (expected == null || expected.isEmpty()) {
            return;
        }
        if (log.head().compareTo(expected.last()) < 0) {
            throw new SimulationFailure(
                    pg + " serves with its log at " + log.head() + ", and " + expected.last() + " was acknowledged");
        }
        Set<EVersion> known = new HashSet<>();
        for (PgLogEntry entry : log.entries()) {
            known.add(entry.version());
        }
        for (EVersion version : expected.tailSet(log.tail(), false)) {
            if (!known.contains(version)) {
                throw new SimulationFailure(pg + " serves without " + version + " in its log, which was acknowledged");
            }
        }
    }
}
