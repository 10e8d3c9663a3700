package io.spirula.osd.pg;

import io.spirula.common.maps.PgLineage;
import io.spirula.common.message.OsdPgReadyToMerge;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.PeeringMap;
import io.spirula.osd.peering.PeeringState;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a primary tells the monitors of groups that are to merge: that both have come to rest, with their versions, or that one of them lacks members, so that it will take long. Once for each state of things, and again when asked
 * for, because a monitor may have lost it. Ceph: OSDService::set_ready_to_merge_source, set_not_ready_to_merge_source and so on.
 */
public final class MergeReadiness {
    private final PlacementGroups groups;
    private final Consumer<OsdPgReadyToMerge> monitors;
    private final Map<PgId, OsdPgReadyToMerge> told = new TreeMap<>();

    public MergeReadiness(PlacementGroups groups, Consumer<OsdPgReadyToMerge> monitors) {
        this.groups = groups;
        this.monitors = monitors;
    }

    /** A group's state has changed. */
    public void look(PlacementGroup pg) {
        if (!pg.map().isPendingMerge() || !pg.isPrimary()) {
            return;
        }
        PgId source = sourceOf(pg);
        OsdPgReadyToMerge news = news(source, pg);
        if (news != null && !news.equals(told.put(source, news))) {
            monitors.accept(news);
        }
    }

    /** What was told may not have been heard. */
    public void tellAgain() {
        told.clear();
        groups.all().forEach(this::look);
    }

    /** Only the last group of a pool merges at any time. */
    private static PgId sourceOf(PlacementGroup pg) {
        return new PgId(pg.id().pg().pool(), pg.map().pgNumPending());
    }

    private @Nullable OsdPgReadyToMerge news(PgId source, PlacementGroup pg) {
        if (pg.state() instanceof PeeringState.Active && lacksMembers(pg.map())) {
            return new OsdPgReadyToMerge(pg.interval(), source, EVersion.ZERO, EVersion.ZERO, 0, 0, false);
        }
        int shard = pg.id().shard();
        PlacementGroup from = groups.byId().get(new ShardPgId(source, shard));
        PgId targetId = new PgId(source.pool(), PgLineage.parent(source.seed(), source.seed()));
        PlacementGroup to = groups.byId().get(new ShardPgId(targetId, shard));
        if (from == null || to == null || !isReady(from) || !isReady(to)) {
            return null;
        }
        PgInfo target = to.members().info();
        return new OsdPgReadyToMerge(
                Math.max(from.interval(), to.interval()),
                source,
                from.members().info().lastUpdate(),
                target.lastUpdate(),
                target.history().lastEpochStarted(),
                target.history().lastEpochClean(),
                true);
    }

    private static boolean isReady(PlacementGroup pg) {
        return pg.isPrimary()
                && pg.map().isPendingMerge()
                && pg.state() instanceof PeeringState.Clean
                && !lacksMembers(pg.map());
    }

    private static boolean lacksMembers(PeeringMap map) {
        return map.acting().stream().filter(osd -> osd != PeeringMap.NONE).count() < map.size();
    }
}
