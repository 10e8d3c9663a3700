package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgLineage;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One map's step for all groups of an OSD, where some pools may have more or fewer groups than before: each group is led on, split, or merged into another, in one transaction each, so that whatever a crash leaves takes the
 * same step again or has taken it. Ceph: OSD::advance_pg, split_pgs and the merge waiters.
 */
final class PoolResizing {
    /** Groups that end in {@code target}, which had {@code before} groups in its pool. */
    private record Merge(ShardPgId target, int before, List<PlacementGroup> sources) {}

    private final GroupOrigins origins;
    private final OsdMap map;
    private final SortedMap<ShardPgId, PlacementGroup> groups;
    private final GroupRemovals removals;
    private final TreeMap<ShardPgId, Merge> merges = new TreeMap<>();
    private final List<PlacementGroup> born = new ArrayList<>();

    PoolResizing(
            OsdMap map, SortedMap<ShardPgId, PlacementGroup> groups, GroupOrigins origins, GroupRemovals removals) {
        this.removals = removals;
        this.origins = origins;
        this.map = map;
        this.groups = groups;
    }

    /** A group whose pool is there: it follows now, or, where it is a part of a merge, with {@link #merge}. */
    void lead(PlacementGroup pg) {
        ShardPgId id = pg.id();
        int seed = id.pg().seed();
        int before = pg.map().pgNum();
        int after = pool(id).pgNum();
        if (PgLineage.splits(seed, before, after)) {
            List<ShardPgId> children = PgLineage.children(seed, before, after).stream()
                    .map(child -> sibling(id, child))
                    .toList();
            children.forEach(removals::finishNow);
            born.addAll(pg.split(map, children));
        } else if (PgLineage.isMergeSource(seed, before, after)) {
            into(sibling(id, PgLineage.parent(seed, after)), before).sources.add(pg);
        } else if (PgLineage.isMergeTarget(seed, before, after)) {
            into(id, before);
        } else {
            pg.advance(map);
        }
    }

    private PgPool pool(ShardPgId id) {
        return Objects.requireNonNull(map.pool(id.pg().pool()));
    }

    private static ShardPgId sibling(ShardPgId id, int seed) {
        return new ShardPgId(new PgId(id.pg().pool(), seed), id.shard());
    }

    private Merge into(ShardPgId target, int before) {
        return merges.computeIfAbsent(target, t -> new Merge(t, before, new ArrayList<>()));
    }

    /** Does what is left to do when all groups have been led; gives those that have ended. */
    List<ShardPgId> merge() {
        List<ShardPgId> ended = new ArrayList<>();
        for (Map.Entry<ShardPgId, Merge> e : merges.entrySet()) {
            ShardPgId id = e.getKey();
            Merge merge = e.getValue();
            PlacementGroup target = groups.get(id);
            if (target == null) {
                removals.finishNow(id);
                target = origins.placeholder(id, merge.sources.getFirst());
                born.add(target);
            }
            PgPool pool = pool(id);
            int expected = PgLineage.children(id.pg().seed(), pool.pgNum(), merge.before)
                    .size();
            target.merge(map, merge.sources, merge.sources.size() == expected, pool.lastPgMergeMeta());
            merge.sources.forEach(source -> ended.add(source.id()));
        }
        return ended;
    }

    /** Groups that are new with this map. */
    List<PlacementGroup> born() {
        return born;
    }
}
