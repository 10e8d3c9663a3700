package io.spirula.mon.mgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.SimpleOsdMap;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PgMapTest {
    private static final long CLEAN = PgState.ACTIVE | PgState.CLEAN;

    private final PgMap groups = new PgMap();
    private OsdMap map = at(50, 0, 1);

    private static OsdMap at(int epoch, Integer... up) {
        OsdMap plain = SimpleOsdMap.withPool(SimpleOsdMap.of(Uuid.ZERO, Instant.EPOCH, 2, "osd"), 1, 1);
        List<Osd> rows = new ArrayList<>(plain.osds());
        for (int osd = 0; osd < rows.size(); osd++) {
            rows.set(osd, rows.get(osd).withState(OsdState.EXISTS | (List.of(up).contains(osd) ? OsdState.UP : 0)));
        }
        return plain.toBuilder().epoch(epoch).osds(rows).build();
    }

    @BeforeEach
    void follow() {
        groups.follow(map, Instant.EPOCH);
    }

    private void report(int osd, int epoch, long state, int... seeds) {
        long pool = map.pools().firstKey();
        TreeMap<PgId, PgStats> stats = new TreeMap<>();
        for (int seed : seeds) {
            stats.put(
                    new PgId(pool, seed),
                    PgStats.EMPTY.toBuilder()
                            .reportedSequence(epoch)
                            .reportedEpoch(epoch)
                            .lastEpochClean(7)
                            .state(state)
                            .build());
        }
        groups.apply(osd, new PgStatsReport(0, Uuid.ZERO, OsdStat.ZERO, stats, epoch, Map.of()), map);
    }

    @Test
    void nobodyNeedsOlderMapsThanThoseInWhichAllWereClean() {
        report(0, 50, CLEAN, 0, 1, 2);
        assertThat(groups.minLastEpochClean()).isZero(); // the fourth group is unheard of
        report(1, 48, CLEAN, 3);
        assertThat(groups.minLastEpochClean()).isEqualTo(48);
        report(1, 50, CLEAN, 3);
        assertThat(groups.minLastEpochClean()).isEqualTo(50);
        report(1, 50, PgState.ACTIVE, 3);
        assertThat(groups.minLastEpochClean()).isEqualTo(7);
    }

    @Test
    void anOsdThatIsUpNeedsTheMapsAfterItsOwn() {
        report(0, 50, CLEAN, 0, 1, 2, 3);
        report(1, 30, CLEAN);
        assertThat(groups.minLastEpochClean()).isEqualTo(30);
        map = at(51, 0);
        follow();
        assertThat(groups.epochs()).containsOnlyKeys(0);
        assertThat(groups.minLastEpochClean()).isEqualTo(50);
    }
}
