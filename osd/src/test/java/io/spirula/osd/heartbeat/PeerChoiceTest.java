package io.spirula.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerChoiceTest {
    static HeartbeatSettings settings(String... lines) {
        CephConf conf = CephConf.parse("[global]\n" + String.join("\n", lines) + "\n", "test");
        return HeartbeatSettings.of(Config.of(new EntityName(EntityType.OSD, "0"), conf));
    }

    @Test
    void aSmallClusterWatchesItselfAsAWhole() {
        assertThat(PeerChoice.of(Hosts.of(3, 2, Set.of()), 4, List.of(), settings()))
                .containsExactly(0, 1, 2, 3, 5);
        assertThat(PeerChoice.of(Hosts.of(1, 1, Set.of()), 0, List.of(), settings()))
                .isEmpty();
    }

    @Test
    void membersOfCommonGroupsAreWatchedHoweverManyTheyAre() {
        List<Integer> members = IntStream.range(20, 60).boxed().toList();
        assertThat(PeerChoice.of(Hosts.of(20, 4, Set.of(33)), 0, members, settings()))
                .containsAll(members.stream().filter(o -> o != 33).toList())
                .doesNotContain(33, 0);
    }

    @Test
    void peersAreInEnoughOtherHosts() {
        OsdMap map = Hosts.of(4, 10, Set.of());
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            int self = osd;
            Set<Integer> hosts = PeerChoice.of(map, osd, List.of(), settings("osd heartbeat min peers = 2")).stream()
                    .map(peer -> peer / 10)
                    .filter(host -> host != self / 10)
                    .collect(Collectors.toSet());
            assertThat(hosts).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void everybodyIsWatchedByHisNeighborsAndByAboutAsManyAsHeWatches() {
        OsdMap map = Hosts.of(25, 40, Set.of());
        int[] watchers = new int[map.maxOsd()];
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            var peers = PeerChoice.of(map, osd, List.of(), settings());
            assertThat(peers).hasSizeBetween(10, 12).contains((osd + 1) % 1000, (osd + 999) % 1000);
            peers.forEach(peer -> watchers[peer]++);
        }
        assertThat(IntStream.of(watchers).min().orElseThrow()).isGreaterThanOrEqualTo(2);
        assertThat(IntStream.of(watchers).max().orElseThrow()).isLessThanOrEqualTo(30);
    }

    @Test
    void thoseWhoAreDownAreLeftOut() {
        assertThat(PeerChoice.of(Hosts.of(3, 2, Set.of(0, 1, 5)), 4, List.of(0, 5), settings()))
                .containsExactly(2, 3);
    }
}
