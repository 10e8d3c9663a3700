package io.spirula.it.sim.check;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.PgLineage;
import io.spirula.common.maps.PgPool;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A write that is acknowledged is durable on min_size of the acting OSDs at that moment, and every later primary of its object has it in its log before it serves anybody; and none gives it up. */
final class AcknowledgedWrites {
    /** What was acknowledged in a pool since its groups last merged, which ends their logs. */
    private static final class OfPool {
        private int groups;
        /** Hashes of the objects written, by version. */
        private final TreeMap<EVersion, Set<Integer>> hashes = new TreeMap<>();

        boolean has(PgLogEntry entry) {
            return hashes.getOrDefault(entry.version(), Set.of())
                    .contains(entry.object().hash());
        }
    }

    private final SimCluster cluster;
    private final Map<Long, OfPool> pools = new HashMap<>();

    AcknowledgedWrites(SimCluster cluster) {
        this.cluster = cluster;
    }

    /** A primary is about to answer. */
    void answered(PlacementGroup pg, OsdOpReply reply) {
        EVersion version = reply.replayVersion();
        List<PgLogEntry> newer =
                pg.members().log().after(new EVersion(version.epoch(), Math.max(0, version.version() - 1)));
        if (reply.result() < 0
                || version.equals(EVersion.ZERO)
                || newer.isEmpty()
                || !newer.getFirst().version().equals(version)) {
            return; // nothing was written, or so long ago that the log does not have it any more
        }
        PgLogEntry written = newer.getFirst();
        boolean isNew = pools.computeIfAbsent(reply.pg().pool(), id -> new OfPool())
                .hashes
                .computeIfAbsent(version, v -> new HashSet<>())
                .add(written.object().hash());
        if (!isNew) {
            return;
        }
        int copies = 0;
        for (int osd : pg.map().acting()) {
            if (osd >= 0
                    && osd < cluster.osds().size()
                    && isDurable(cluster.osds().get(osd), pg, written)) {
                copies++;
            }
        }
        if (copies < pg.map().minSize()) {
            throw new SimulationFailure(pg + " acknowledges " + version + ", which is durable on " + copies + " of "
                    + pg.map().acting());
        }
        hasReachedNewer(pg, version);
    }

    /** Where others serve the group by now, which the primary that acknowledges does not know: they have what it acknowledges. */
    private void hasReachedNewer(PlacementGroup pg, EVersion version) {
        for (SimOsd osd : cluster.osds()) {
            PlacementGroup newer = osd.isUp() ? osd.daemon().groups().byId().get(pg.id()) : null;
            if (newer != null
                    && newer.interval() > pg.interval()
                    && newer.isPrimary()
                    && newer.isActive()
                    && newer.map().pgNum() == pg.map().pgNum()
                    && lacks(newer.members().log(), version)) {
                throw new SimulationFailure(pg + " acknowledges " + version + ", which osd." + osd.id()
                        + " does not have, the primary since " + newer.interval());
            }
        }
    }

    private static boolean lacks(PgLog log, EVersion version) {
        return version.compareTo(log.tail()) > 0
                && log.entries().stream().noneMatch(entry -> entry.version().equals(version));
    }

    private boolean isDurable(SimOsd osd, PlacementGroup pg, PgLogEntry entry) {
        return isInLog(osd, pg.id(), entry.version()) || isInPart(osd, pg, entry);
    }

    /** Whether it is, or was, and has been trimmed since: a request that is sent again may be answered so late. */
    private static boolean isInLog(SimOsd osd, ShardPgId pg, EVersion version) {
        CollectionId collection = CollectionId.of(pg);
        Bytes tail = osd.contents().omapValue(collection, PgMeta.objectOf(pg), PgLog.TAIL_KEY);
        return osd.contents().omapValue(collection, PgMeta.objectOf(pg), PgLog.key(version)) != null
                || tail != null && version.compareTo(EVersion.CODEC.fromBytes(tail)) <= 0;
    }

    /** Where the group has split on that OSD and not yet on its primary, the part that has got the object has its entry. */
    private boolean isInPart(SimOsd osd, PlacementGroup pg, PgLogEntry entry) {
        PgId whole = pg.id().pg();
        PgPool pool = cluster.osdMap().pool(whole.pool());
        for (int groups = pg.map().pgNum() + 1; pool != null && groups <= pool.pgNum(); groups++) {
            PgId part = new PgId(whole.pool(), PgLineage.parent(entry.object().hash(), groups));
            if (isInLog(osd, ShardPgId.replica(part), entry.version())) {
                return true;
            }
        }
        return false;
    }

    /** A primary's log has grown after {@code since}: nothing that was acknowledged is given up. */
    void grown(PlacementGroup pg, EVersion since) {
        OfPool written = pools.get(pg.id().pg().pool());
        for (PgLogEntry lost : pg.members().log().after(since)) {
            if (written != null && lost.isLost()) {
                pg.members().log().after(lost.revertingTo()).stream()
                        .filter(entry -> isOlder(entry, lost) && written.has(entry))
                        .findFirst()
                        .ifPresent(entry -> {
                            throw new SimulationFailure(pg + " gives up " + entry.version() + " of " + lost.object()
                                    + ", which was acknowledged, and goes back to " + lost.revertingTo());
                        });
            }
        }
    }

    private static boolean isOlder(PgLogEntry entry, PgLogEntry lost) {
        return !entry.isError()
                && entry.object().equals(lost.object())
                && entry.version().compareTo(lost.version()) < 0;
    }

    /** A primary begins to serve, under this map of its. */
    void activated(PlacementGroup pg, PgPool pool) {
        PgId id = pg.id().pg();
        OfPool written = pools.computeIfAbsent(id.pool(), p -> new OfPool());
        if (pool.pgNum() < written.groups) {
            written.hashes.clear();
        }
        written.groups = pool.pgNum();
        PgLog log = pg.members().log();
        Set<EVersion> known = new HashSet<>();
        for (PgLogEntry entry : log.entries()) {
            known.add(entry.version());
        }
        written.hashes.tailMap(log.tail(), false).forEach((version, hashes) -> {
            if (!known.contains(version) && hashes.stream().anyMatch(hash -> pool.pgOf(hash) == id.seed())) {
                throw new SimulationFailure(pg + " serves with a log from " + log.tail() + " to " + log.head()
                        + " that does not have " + version + ", which was acknowledged");
            }
        });
    }
}
