package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** Maps of a cluster of three OSDs with one pool, number 1, whose placement groups all have the primary that the test wants. */
final class TestMaps {
    private TestMaps() {}

    static EntityAddrs addrs(int osd) {
        return EntityAddrs.of(EntityAddr.msgr2("10.0.0." + (osd + 1), 6800, 1));
    }

    /** As osdmaptool --createsimple made it: its OSDs are not up. */
    private static OsdMap simple() {
        try (InputStream in = Objects.requireNonNull(TestMaps.class.getResourceAsStream("/simple.osdmap"))) {
            return OsdMap.CODEC.fromBytes(Bytes.wrap(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OsdMap allDown(int epoch) {
        return simple().toBuilder().epoch(epoch).build();
    }

    static OsdMap withPrimary(int epoch, int primary) {
        List<Osd> rows = new ArrayList<>();
        for (int osd = 0; osd < 3; osd++) {
            rows.add(Osd.NONE
                    .withState(OsdState.EXISTS | OsdState.UP)
                    .withWeight(Osd.IN)
                    .withUpAddrs(addrs(osd), addrs(osd), addrs(osd)));
        }
        OsdMap simple = simple();
        return simple.toBuilder()
                .epoch(epoch)
                .osds(rows)
                .pgTemp(actingWith(simple, primary))
                .build();
    }

    private static NavigableMap<PgId, List<Integer>> actingWith(OsdMap map, int primary) {
        NavigableMap<PgId, List<Integer>> acting = new TreeMap<>();
        for (int seed = 0; seed < pool(map).pgNum(); seed++) {
            acting.put(new PgId(1, seed), List.of(primary, (primary + 1) % 3, (primary + 2) % 3));
        }
        return acting;
    }

    static OsdMapIncremental.Builder primaryMoves(OsdMap map, int to) {
        return OsdMapIncremental.after(map).newPgTemp(actingWith(map, to));
    }

    static PgPool pool(OsdMap map) {
        return Objects.requireNonNull(map.pool(1));
    }

    static ShardPgId pgOf(OsdMap map, String object) {
        return ShardPgId.replica(new PgId(1, pool(map).pgOf(pool(map).hashKey(Bytes.of(object), Bytes.EMPTY))));
    }

    static OsdMapMessage full(OsdMap map) {
        return new OsdMapMessage(
                map.fsid(), Map.of(), Map.of(map.epoch(), OsdMap.CODEC.toBytes(map)), 1, map.epoch(), Map.of());
    }

    static OsdMapMessage incremental(OsdMapIncremental increment, OsdMap result) {
        return new OsdMapMessage(
                result.fsid(),
                Map.of(result.epoch(), OsdMapIncremental.CODEC.toBytes(increment)),
                Map.of(),
                1,
                result.epoch(),
                Map.of());
    }
}
