package io.spirula.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.SimpleOsdMap;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.types.Uuid;
import io.spirula.osd.store.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MapFeedTest {
    private static final Uuid FSID = Uuid.random(new Random(1));

    private final List<String> asked = new ArrayList<>();
    private final OsdMap first =
            SimpleOsdMap.of(FSID, Instant.EPOCH, 3).toBuilder().epoch(1).build();
    private int kept = 120;
    private MapFeed feed;

    @BeforeEach
    void aNewOsd() {
        MemoryStore store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
        MetaStore.initialize(store, FSID, 0, FSID, () -> {});
        feed = new MapFeed(MetaStore.open(store), store, OsdMap.empty(FSID), () -> kept, new MapFeed.Follower() {
            @Override
            public void advance(OsdMap map, boolean newest) {}

            @Override
            public void request(int fromEpoch) {
                asked.add("from " + fromEpoch);
            }

            @Override
            public void requestWhole(int epoch) {
                asked.add("whole " + epoch);
            }
        });
        feed.handle(new OsdMapMessage(FSID, Map.of(), Map.of(1, first.encoded()), 1, 1, Map.of()));
    }

    private static OsdMapMessage increments(Map<Integer, Bytes> increments) {
        return new OsdMapMessage(FSID, increments, Map.of(), 1, 3, Map.of());
    }

    @Test
    void incrementsThatLeadWhereTheySayAreFollowed() {
        OsdMapIncremental second = OsdMapIncremental.after(first).build().sealed(first);
        OsdMap two = first.apply(second);
        OsdMapIncremental third = OsdMapIncremental.after(two).build().sealed(two);
        feed.handle(increments(Map.of(2, second.encoded(), 3, third.encoded())));
        assertThat(feed.current().epoch()).isEqualTo(3);
        assertThat(asked).isEmpty();
    }

    @Test
    void oneThatLeadsElsewhereIsAskedForWhole() {
        OsdMapIncremental second = OsdMapIncremental.after(first).build().sealed(first);
        OsdMap two = first.apply(second);
        OsdMapIncremental third = OsdMapIncremental.after(two).fullCrc(77).build();
        feed.handle(increments(Map.of(2, second.encoded(), 3, third.encoded())));
        assertThat(feed.current().epoch()).isEqualTo(2);
        assertThat(asked).containsExactly("whole 3");
        OsdMap three = two.apply(third);
        feed.handle(new OsdMapMessage(FSID, Map.of(), Map.of(3, three.encoded()), 1, 3, Map.of()));
        assertThat(feed.current().epoch()).isEqualTo(3);
        assertThat(feed.current().crc()).isEqualTo(three.crc());
    }

    private OsdMap follow(OsdMap from, int to, int oldest) {
        OsdMap last = from;
        while (last.epoch() < to) {
            OsdMapIncremental next = OsdMapIncremental.after(last).build().sealed(last);
            last = last.apply(next);
            feed.handle(new OsdMapMessage(
                    FSID, Map.of(last.epoch(), next.encoded()), Map.of(), oldest, last.epoch(), Map.of()));
        }
        return last;
    }

    @Test
    void mapsThatTheMonitorsStillHaveAreKeptWhateverAnotherHasAndOthersAreForgotten() {
        OsdMap last = follow(first, 600, 1);
        assertThat(feed.map(1)).isNotNull();
        last = follow(last, 601, 90);
        assertThat(feed.map(89)).isNull();
        assertThat(feed.map(90)).isNotNull();
        last = follow(last, 603, 1); // from an OSD that knows less
        assertThat(feed.map(90)).isNotNull();
        follow(last, 640, 639);
        assertThat(feed.map(519)).isNull();
        assertThat(feed.map(520)).as("so many are kept").isNotNull();
        kept = 1;
        follow(feed.current(), 641, 639);
        assertThat(feed.map(540)).isNull();
        assertThat(feed.map(541)).as("a hundred are always kept").isNotNull();
        OsdMapMessage told = feed.since(631);
        assertThat(told).isNotNull();
        assertThat(told.oldest()).isEqualTo(639);
        assertThat(told.incrementals()).hasSize(10);
    }

    /** Seed 503457 of the simulator: a member had left and come back in the maps that were left out, so that its group never began anew. */
    @Test
    void mapsThatTheMonitorsStillHaveAreNotLeftOut() {
        OsdMap nine =
                SimpleOsdMap.of(FSID, Instant.EPOCH, 3).toBuilder().epoch(9).build();
        feed.handle(new OsdMapMessage(FSID, Map.of(), Map.of(9, nine.encoded()), 2, 9, Map.of()));
        assertThat(feed.current().epoch()).isEqualTo(1);
        assertThat(asked).containsExactly("from 2");
        feed.handle(new OsdMapMessage(FSID, Map.of(), Map.of(9, nine.encoded()), 3, 9, Map.of()));
        assertThat(feed.current().epoch()).isEqualTo(9);
    }

    @Test
    void theMonitorsOfAnotherClusterAreNotObeyed() {
        feed.requireSameCluster(FSID);
        Uuid other = Uuid.random(new Random(2));
        assertThatThrownBy(() -> feed.requireSameCluster(other))
                .isInstanceOf(OsdException.class)
                .hasMessageContaining("belongs to cluster " + FSID)
                .hasMessageContaining(other.toString());
    }
}
