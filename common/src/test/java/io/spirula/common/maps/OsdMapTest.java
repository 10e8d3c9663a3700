package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OsdMapTest {
    private static final Uuid FSID = Uuid.parse("5ef4e36c-5583-4fb8-a40b-d933d902eb1a");
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
    private static final EntityAddr CLIENT = EntityAddr.msgr2("10.1.2.3", 6800, 77);

    @Test
    void anOsdThatBootsIsUpAndOneThatIsMarkedDownIsNot() {
        OsdMap map = SimpleOsdMap.of(FSID, NOW, 3);
        EntityAddrs addrs = EntityAddrs.of(CLIENT);
        OsdMap up = map.apply(OsdMapIncremental.after(map)
                .putUp(1, addrs, addrs, addrs, addrs)
                .putWeight(1, Osd.IN)
                .build());
        assertThat(up.isUp(1)).isTrue();
        assertThat(up.isIn(1)).isTrue();
        assertThat(up.osd(1).info().upFrom()).isEqualTo(up.epoch());
        assertThat(up.numUpOsds()).isEqualTo(1);
        OsdMap down = up.apply(OsdMapIncremental.after(up)
                .modified(NOW)
                .xorState(1, OsdState.UP)
                .build());
        assertThat(down.isDown(1)).isTrue();
        assertThat(down.osd(1).info().downAt()).isEqualTo(down.epoch());
        assertThat(down.osd(1).xinfo().downStamp()).isEqualTo(NOW);
        assertThat(up.isUp(1)).isTrue();
    }

    @Test
    void aDestroyedOsdLeavesNothingBehind() {
        OsdMap map = Corpus.map(99);
        OsdMap without = map.apply(OsdMapIncremental.after(map)
                .xorState(0, OsdState.EXISTS | OsdState.UP)
                .build());
        assertThat(without.exists(0)).isFalse();
        assertThat(without.osd(0).uuid()).isEqualTo(Uuid.ZERO);
        assertThat(without.osd(0).client()).isEqualTo(EntityAddrs.NONE);
        assertThat(without.osd(1)).isSameAs(map.osd(1));
    }

    @Test
    void aTemporaryActingSetCanBeTakenBack() {
        OsdMap map = Corpus.map(75);
        PgId pg = new PgId(2, 3);
        UpActing before = map.pgToUpActing(pg);
        OsdMap with = map.apply(OsdMapIncremental.after(map)
                .putPgTemp(pg, List.of(5, 1))
                .putPrimaryTemp(pg, 1)
                .build());
        assertThat(with.pgToUpActing(pg)).isEqualTo(new UpActing(before.up(), before.upPrimary(), List.of(5, 1), 1));
        OsdMap without = with.apply(OsdMapIncremental.after(with)
                .putPgTemp(pg, List.of())
                .putPrimaryTemp(pg, -1)
                .build());
        assertThat(without.pgToUpActing(pg)).isEqualTo(before);
    }

    @Test
    void blockingCoversAnInstanceItsHostOrANetwork() {
        OsdMap map = Corpus.map(50);
        EntityAddr other = EntityAddr.msgr2("10.1.2.4", 6800, 77);
        OsdMap one = map.apply(OsdMapIncremental.after(map)
                .block(CLIENT.withKind(EntityAddr.Kind.ANY), NOW)
                .build());
        assertThat(one.isBlocklisted(CLIENT)).isTrue();
        assertThat(one.isBlocklisted(CLIENT.withNonce(78))).isFalse();
        OsdMap host = map.apply(OsdMapIncremental.after(map)
                .block(CLIENT.withKind(EntityAddr.Kind.ANY).withPort(0).withNonce(0), NOW)
                .build());
        assertThat(host.isBlocklisted(CLIENT.withNonce(78))).isTrue();
        assertThat(host.isBlocklisted(other)).isFalse();
        EntityAddr network = new EntityAddr(EntityAddr.Kind.CIDR, 24, "10.1.2.0", 0);
        OsdMap range = map.apply(OsdMapIncremental.after(map)
                .newRangeBlocklist(new TreeMap<>(Map.of(network, NOW)))
                .build());
        assertThat(range.isBlocklisted(other)).isTrue();
        assertThat(range.isBlocklisted(EntityAddr.msgr2("10.1.3.4", 6800, 77))).isFalse();
        assertThat(OsdMap.CODEC.fromBytes(range.encoded())).isEqualTo(range);
    }

    @Test
    void anAppliedIncrementalSharesWhatItDoesNotTouch() {
        OsdMap map = Corpus.map(99);
        OsdMap next = map.apply(OsdMapIncremental.after(map).putUpThru(2, 99).build());
        assertThat(next.pools()).isSameAs(map.pools());
        assertThat(next.pgTemp()).isSameAs(map.pgTemp());
        assertThat(next.crushMap()).isSameAs(map.crushMap());
    }

    @Test
    void snapshotsAreQueuedUntilTheyArePurged() {
        OsdMap map = Corpus.map(50);
        OsdMap removed = map.apply(OsdMapIncremental.after(map)
                .putRemovedSnaps(2, IntervalSet.of(3, 4))
                .build());
        OsdMap half = removed.apply(OsdMapIncremental.after(removed)
                .putPurgedSnaps(2, IntervalSet.of(4, 2))
                .build());
        assertThat(half.removedSnapsQueue().get(2L)).hasToString("[3~1,6~1]");
        OsdMap all = half.apply(OsdMapIncremental.after(half)
                .putPurgedSnaps(2, IntervalSet.of(3, 1).plus(IntervalSet.of(6, 1)))
                .build());
        assertThat(all.removedSnapsQueue()).doesNotContainKey(2L);
    }
}
