package io.spirula.mon.balancer;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.maps.UpmapItem;
import io.spirula.common.types.PgId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds upmaps that spread one pool's groups more evenly over its OSDs: from the OSD with most too many groups one moves to where most are lacking, and then the same again, until nobody is further off than allowed or the number
 * of changes is used up. An earlier upmap is taken back rather than a new one added where that helps. Every change makes the sum of the squared deviations smaller, so the search ends; equal inputs give equal changes.
 */
public final class UpmapOptimizer {
    private final OsdMap map;
    private final long poolId;
    private final PgPool pool;
    private final int maxDeviation;
    private final FailureDomains domains;
    private final NavigableMap<Integer, Double> targets = new TreeMap<>();
    private final Map<PgId, List<Integer>> up = new HashMap<>();
    private final Map<Integer, TreeSet<PgId>> groups = new HashMap<>();
    private final TreeMap<PgId, List<UpmapItem>> items = new TreeMap<>();
    private final TreeMap<PgId, List<UpmapItem>> changes = new TreeMap<>();

    private UpmapOptimizer(OsdMap map, long poolId, PgPool pool, int maxDeviation) {
        this.map = map;
        this.poolId = poolId;
        this.pool = pool;
        this.maxDeviation = Math.max(1, maxDeviation);
        domains = new FailureDomains(map, pool);
    }

    /**
     * The changes, by group: its upmap items from now on, none where they go.
     *
     * @param maxDeviation by how many groups an OSD may be off what its weight asks for
     * @param maxChanges how many groups may change
     */
    public static NavigableMap<PgId, List<UpmapItem>> optimize(
            OsdMap map, long poolId, int maxDeviation, int maxChanges) {
        PgPool pool = map.pool(poolId);
        if (pool == null || maxChanges <= 0) {
            return Collections.emptyNavigableMap();
        }
        UpmapOptimizer optimizer = new UpmapOptimizer(map, poolId, pool, maxDeviation);
        optimizer.load();
        while (optimizer.changes.size() < maxChanges && optimizer.improve()) {}
        return Collections.unmodifiableNavigableMap(optimizer.changes);
    }

    private void load() {
        NavigableMap<Integer, Double> shares = OsdShares.of(map, pool);
        double sum = shares.values().stream().mapToDouble(s -> s).sum();
        List<UpActing> mapping = map.poolToUpActing(poolId);
        for (int seed = 0; seed < mapping.size(); seed++) {
            PgId pg = new PgId(poolId, seed);
            List<Integer> members = mapping.get(seed).up();
            up.put(pg, members);
            members.forEach(
                    osd -> groups.computeIfAbsent(osd, o -> new TreeSet<>()).add(pg));
        }
        double copies = (double) pool.size() * pool.pgNum();
        shares.forEach((osd, share) -> targets.put(osd, copies * share / sum));
        map.pgUpmapItems().forEach((pg, list) -> {
            if (pg.pool() == poolId) {
                items.put(pg, list);
            }
        });
    }

    private double deviation(int osd) {
        Double target = targets.get(osd);
        SortedSet<PgId> has = groups.get(osd);
        return (has == null ? 0 : has.size()) - (target == null ? 0 : target);
    }

    /** Makes one change for the better; false where there is none. */
    private boolean improve() {
        List<Integer> order = new ArrayList<>(targets.keySet());
        Map<Integer, Double> deviations = new HashMap<>();
        order.forEach(osd -> deviations.put(osd, deviation(osd)));
        order.sort(Comparator.comparingDouble((Integer osd) -> deviations.getOrDefault(osd, 0.0))
                .thenComparingInt(osd -> osd));
        List<Integer> lacking = order.stream()
                .filter(osd -> deviations.getOrDefault(osd, 0.0) < 0 && map.isUp(osd))
                .toList();
        List<Integer> over = order.reversed().stream()
                .filter(osd -> deviations.getOrDefault(osd, 0.0) > maxDeviation)
                .toList();
        boolean someoneLacks = lacking.stream().anyMatch(osd -> deviations.getOrDefault(osd, 0.0) < -maxDeviation);
        if (over.isEmpty() && someoneLacks) {
            over = order.reversed().stream()
                    .filter(osd -> deviations.getOrDefault(osd, 0.0) > 0)
                    .toList();
        }
        for (int from : over) {
            if (takeBackTo(from) || move(from, lacking)) {
                return true;
            }
        }
        return someoneLacks && takeBackFrom(lacking);
    }

    private static boolean helps(double from, double to) {
        return from - to > 1 + 1e-9;
    }

    /** Takes back an upmap that brought a group to an OSD that has too many. */
    private boolean takeBackTo(int osd) {
        for (PgId pg : List.copyOf(groups.getOrDefault(osd, new TreeSet<>()))) {
            UpmapItem item = find(pg, i -> i.to() == osd);
            if (item != null && mayReturn(pg, item) && helps(deviation(osd), deviation(item.from()))) {
                change(pg, without(pg, item), osd, item.from());
                return true;
            }
        }
        return false;
    }

    /** Takes back an upmap that took a group from an OSD that has too few. */
    private boolean takeBackFrom(List<Integer> lacking) {
        for (int osd : lacking) {
            if (deviation(osd) >= -maxDeviation) {
                return false;
            }
            for (PgId pg : List.copyOf(items.keySet())) {
                UpmapItem item = find(pg, i -> i.from() == osd);
                if (item != null && mayReturn(pg, item) && helps(deviation(item.to()), deviation(osd))) {
                    change(pg, without(pg, item), item.to(), osd);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean mayReturn(PgId pg, UpmapItem item) {
        List<Integer> members = up.getOrDefault(pg, List.of());
        return map.isUp(item.from())
                && map.isIn(item.from())
                && members.contains(item.to())
                && domains.mayReplace(members, item.to(), item.from());
    }

    private boolean move(int from, List<Integer> lacking) {
        for (PgId pg : List.copyOf(groups.getOrDefault(from, new TreeSet<>()))) {
            List<UpmapItem> known = items.getOrDefault(pg, List.of());
            List<Integer> members = up.getOrDefault(pg, List.of());
            // What an operator has mapped as a whole stays, and so does what is not complete.
            if (map.pgUpmap().containsKey(pg)
                    || known.size() >= pool.size()
                    || members.size() != pool.size()
                    || find(pg, i -> i.from() == from || i.to() == from) != null) {
                continue;
            }
            for (int to : lacking) {
                if (!helps(deviation(from), deviation(to))) {
                    break; // those that follow lack less
                }
                if (find(pg, i -> i.from() == to || i.to() == to) == null && domains.mayReplace(members, from, to)) {
                    List<UpmapItem> longer = new ArrayList<>(known);
                    longer.add(new UpmapItem(from, to));
                    change(pg, longer, from, to);
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable UpmapItem find(PgId pg, java.util.function.Predicate<UpmapItem> which) {
        for (UpmapItem item : items.getOrDefault(pg, List.of())) {
            if (which.test(item)) {
                return item;
            }
        }
        return null;
    }

    private List<UpmapItem> without(PgId pg, UpmapItem item) {
        return items.getOrDefault(pg, List.of()).stream()
                .filter(i -> !i.equals(item))
                .toList();
    }

    private void change(PgId pg, List<UpmapItem> newItems, int from, int to) {
        changes.put(pg, List.copyOf(newItems));
        if (newItems.isEmpty()) {
            items.remove(pg);
        } else {
            items.put(pg, List.copyOf(newItems));
        }
        List<Integer> members = new ArrayList<>(up.getOrDefault(pg, List.of()));
        Collections.replaceAll(members, from, to);
        up.put(pg, members);
        groups.computeIfAbsent(from, o -> new TreeSet<>()).remove(pg);
        groups.computeIfAbsent(to, o -> new TreeSet<>()).add(pg);
    }
}
