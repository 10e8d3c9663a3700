package io.spirula.mon.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.maps.UpmapItem;
import io.spirula.common.types.PgId;
import io.spirula.mon.failure.Racks;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UpmapOptimizerTest {
    private static final int OSDS_PER_HOST = 4;
    private static final OsdMap MAP = withPool(Racks.of(2, 3, OSDS_PER_HOST), 256);

    private static OsdMap withPool(OsdMap map, int groups) {
        PgPool pool = PgPool.builder()
                .pgNum(groups)
                .pgpNum(groups)
                .pgNumTarget(groups)
                .pgpNumTarget(groups)
                .size(3)
                .type(PgPool.REPLICATED)
                .build();
        return map.toBuilder().pools(new TreeMap<>(Map.of(1L, pool))).build();
    }

    private static OsdMap apply(OsdMap map, Map<PgId, List<UpmapItem>> changes) {
        TreeMap<PgId, List<UpmapItem>> items = new TreeMap<>(map.pgUpmapItems());
        changes.forEach((pg, list) -> {
            if (list.isEmpty()) {
                items.remove(pg);
            } else {
                items.put(pg, list);
            }
        });
        return map.toBuilder().pgUpmapItems(items).build();
    }

    private static int[] counts(OsdMap map) {
        int[] counts = new int[map.maxOsd()];
        for (UpActing mapping : map.poolToUpActing(1)) {
            mapping.up().forEach(osd -> counts[osd]++);
        }
        return counts;
    }

    private static double furthest(OsdMap map) {
        double target = 256.0 * 3 / map.numInOsds();
        return IntStream.of(counts(map))
                .mapToDouble(c -> Math.abs(c - target))
                .max()
                .orElseThrow();
    }

    @Test
    void groupsAreSpreadUntilNobodyIsFurtherOffThanAllowed() {
        assertThat(furthest(MAP)).isGreaterThan(5);
        NavigableMap<PgId, List<UpmapItem>> changes = UpmapOptimizer.optimize(MAP, 1, 1, 10_000);
        assertThat(furthest(apply(MAP, changes))).isLessThanOrEqualTo(1);
        assertThat(changes).hasSizeLessThan(100);
        assertThat(UpmapOptimizer.optimize(apply(MAP, changes), 1, 1, 10_000)).isEmpty();
    }

    @Test
    void copiesStayOnHostsOfTheirOwn() {
        OsdMap even = apply(MAP, UpmapOptimizer.optimize(MAP, 1, 1, 10_000));
        for (UpActing mapping : even.poolToUpActing(1)) {
            assertThat(mapping.up().stream().map(osd -> osd / OSDS_PER_HOST))
                    .doesNotHaveDuplicates()
                    .hasSize(3);
        }
    }

    @Test
    void onlySoManyGroupsChangeAtOnceAndEachTimeItGetsBetter() {
        OsdMap map = MAP;
        double before = furthest(map);
        int rounds = 0;
        while (true) {
            NavigableMap<PgId, List<UpmapItem>> changes = UpmapOptimizer.optimize(map, 1, 2, 10);
            if (changes.isEmpty()) {
                break;
            }
            assertThat(changes).hasSizeLessThanOrEqualTo(10);
            map = apply(map, changes);
            assertThat(furthest(map)).isLessThanOrEqualTo(before);
            before = furthest(map);
            assertThat(++rounds).isLessThan(50);
        }
        assertThat(before).isLessThanOrEqualTo(2);
    }

    @Test
    void equalMapsGiveEqualChanges() {
        assertThat(UpmapOptimizer.optimize(MAP, 1, 1, 20)).isEqualTo(UpmapOptimizer.optimize(MAP, 1, 1, 20));
    }

    @Test
    void whatIsWithinTheLimitIsLeftAlone() {
        assertThat(UpmapOptimizer.optimize(MAP, 1, 1000, 10)).isEmpty();
        assertThat(UpmapOptimizer.optimize(MAP, 1, 1, 0)).isEmpty();
        assertThat(UpmapOptimizer.optimize(MAP, 9, 1, 10)).isEmpty();
    }

    @Test
    void anUpmapThatMadeItWorseIsTakenBack() {
        OsdMap even = apply(MAP, UpmapOptimizer.optimize(MAP, 1, 1, 10_000));
        // Ten groups more from one OSD to another.
        TreeMap<PgId, List<UpmapItem>> bad = new TreeMap<>();
        List<UpActing> mapping = even.poolToUpActing(1);
        FailureDomains domains = new FailureDomains(even, java.util.Objects.requireNonNull(even.pool(1)));
        for (int seed = 0; seed < 256 && bad.size() < 10; seed++) {
            PgId pg = new PgId(1, seed);
            List<Integer> up = mapping.get(seed).up();
            if (up.contains(0) && !even.pgUpmapItems().containsKey(pg) && domains.mayReplace(up, 0, 23)) {
                bad.put(pg, List.of(new UpmapItem(0, 23)));
            }
        }
        assertThat(bad).hasSize(10);
        NavigableMap<PgId, List<UpmapItem>> repair = UpmapOptimizer.optimize(apply(even, bad), 1, 1, 100);
        assertThat(repair.values().stream().filter(List::isEmpty).count()).isGreaterThan(5);
        assertThat(bad.keySet())
                .containsAll(repair.entrySet().stream()
                        .filter(e -> e.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    @Test
    void whatIsOutOrDownGetsNothing() {
        OsdMap out = Racks.with(MAP, 3, o -> o.withWeight(0));
        OsdMap even = apply(out, UpmapOptimizer.optimize(out, 1, 1, 10_000));
        assertThat(counts(even)[3]).isZero();
        OsdMap down = Racks.down(MAP, 3);
        UpmapOptimizer.optimize(down, 1, 1, 10_000)
                .values()
                .forEach(items -> assertThat(items).noneMatch(i -> i.to() == 3));
    }

    @Test
    void anOsdWithHalfTheWeightGetsHalfTheGroups() {
        OsdMap half = Racks.with(MAP, 5, o -> o.withWeight(0x8000));
        OsdMap even = apply(half, UpmapOptimizer.optimize(half, 1, 1, 10_000));
        assertThat(counts(even)[5]).isBetween(15, 18); // 768 copies over 23.5 OSDs
    }
}
