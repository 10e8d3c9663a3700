package io.spirula.mon.service;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.UpActing;
import io.spirula.common.types.PgId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The placement groups that no OSD has reported as made yet, with when they were asked for and who must make each. Immutable. Ceph: creating_pgs_t. */
public record CreatingPgs(SortedMap<PgId, Creating> pgs) {
    public static final CreatingPgs NONE = new CreatingPgs(new TreeMap<>());
    public static final Codec<CreatingPgs> CODEC = Codec.of(CreatingPgs::encode, CreatingPgs::decode);

    /**
     * One placement group to be made.
     *
     * @param createdEpoch the epoch its pool, or its part of the pool, is there from
     * @param primary the OSD that makes it, -1 for none
     * @param sinceEpoch since which epoch that OSD is the one
     */
    public record Creating(int createdEpoch, Instant stamp, int primary, int sinceEpoch) {}

    public CreatingPgs {
        pgs = Collections.unmodifiableSortedMap(pgs);
    }

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                body -> body.map(
                        pgs,
                        (pg, o) -> o.put(PgId.CODEC, pg),
                        (c, o) -> o.u32(c.createdEpoch).time(c.stamp)));
    }

    private static CreatingPgs decode(Decoder in) {
        return in.struct(
                1,
                (body, v) -> new CreatingPgs(
                        new TreeMap<>(body.map(d -> d.get(PgId.CODEC), d -> new Creating(d.i32(), d.time(), -1, 0)))));
    }

    boolean isEmpty() {
        return pgs.isEmpty();
    }

    CreatingPgs with(long pool, int from, int to, int epoch, Instant stamp) {
        TreeMap<PgId, Creating> more = new TreeMap<>(pgs);
        for (int seed = from; seed < to; seed++) {
            more.put(new PgId(pool, seed), new Creating(epoch, stamp, -1, 0));
        }
        return new CreatingPgs(more);
    }

    CreatingPgs withoutPool(long pool) {
        TreeMap<PgId, Creating> less = new TreeMap<>(pgs);
        return less.keySet().removeIf(pg -> pg.pool() == pool) ? new CreatingPgs(less) : this;
    }

    CreatingPgs without(Set<PgId> some) {
        if (some.isEmpty()) {
            return this;
        }
        TreeMap<PgId, Creating> less = new TreeMap<>(pgs);
        less.keySet().removeAll(some);
        return new CreatingPgs(less);
    }

    /** How many there are of each pool. */
    Map<Long, Integer> countByPool() {
        TreeMap<Long, Integer> counts = new TreeMap<>();
        pgs.keySet().forEach(pg -> counts.merge(pg.pool(), 1, Integer::sum));
        return counts;
    }

    /** What each OSD is to make. */
    Map<Integer, SortedMap<PgId, Creating>> byPrimary() {
        Map<Integer, SortedMap<PgId, Creating>> groups = new TreeMap<>();
        pgs.forEach((pg, c) ->
                groups.computeIfAbsent(c.primary, p -> new TreeMap<>()).put(pg, c));
        return groups;
    }

    /** The same with who must make each under this map, remembering from {@code before} since when. */
    CreatingPgs mapped(OsdMap map, CreatingPgs before) {
        if (isEmpty()) {
            return this;
        }
        TreeMap<PgId, Creating> mapped = new TreeMap<>();
        for (Map.Entry<PgId, Creating> e : pgs.entrySet()) {
            Creating c = e.getValue();
            if (map.pool(e.getKey().pool()) == null) {
                continue;
            }
            UpActing upActing = map.pgToUpActing(e.getKey());
            Creating known = before.pgs.get(e.getKey());
            int primary = upActing.actingPrimary();
            int since = known != null && known.primary == primary ? known.sinceEpoch : map.epoch();
            mapped.put(e.getKey(), new Creating(c.createdEpoch, c.stamp, primary, since));
        }
        return new CreatingPgs(mapped);
    }
}
