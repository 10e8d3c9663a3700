package io.spirula.mon.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdXInfo;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DownOsdsTest {
    private static final OsdMap MAP = Racks.of(2, 5, 2);

    private static List<Integer> due(OsdMap map, long seconds, FailureSettings settings) {
        DownOsds down = new DownOsds();
        down.follow(map, 0);
        return down.due(map, Racks.at(seconds), settings).stream()
                .map(DownOsds.Verdict::osd)
                .toList();
    }

    @Test
    void whatIsDownGoesOutAfterTheInterval() {
        OsdMap map = Racks.down(MAP, 3);
        assertThat(due(map, 599, Racks.settings())).isEmpty();
        assertThat(due(map, 600, Racks.settings())).containsExactly(3);
        assertThat(due(map, 30, Racks.settings("mon osd down out interval = 30")))
                .containsExactly(3);
        assertThat(due(map, 100_000, Racks.settings("mon osd down out interval = 0")))
                .isEmpty();
    }

    @Test
    void whatWasUpMeanwhileIsTimedAnew() {
        DownOsds down = new DownOsds();
        down.follow(Racks.down(MAP, 3), 0);
        down.follow(MAP, 500_000_000_000L);
        down.follow(Racks.down(MAP, 3), 550_000_000_000L);
        assertThat(down.due(Racks.down(MAP, 3), Racks.at(700), Racks.settings()))
                .isEmpty();
        assertThat(down.due(Racks.down(MAP, 3), Racks.at(1150), Racks.settings()))
                .hasSize(1);
    }

    @Test
    void whatWasLaggyBeforeStaysInForLonger() {
        OsdMap map = Racks.with(Racks.down(MAP, 3), 3, o -> o.withXInfo(OsdXInfo.NONE.withLaggy(1, 100)));
        FailureSettings settings = Racks.settings("mon osd laggy halflife = 1000000000");
        assertThat(due(map, 690, settings)).isEmpty();
        assertThat(due(map, 700, settings)).containsExactly(3);
        assertThat(due(map, 600, Racks.settings("mon osd adjust down out interval = false")))
                .containsExactly(3);
    }

    @Test
    void nooutKeepsInWhatItIsSetOn() {
        OsdMap map = Racks.down(MAP, 3);
        assertThat(due(map.toBuilder().flags(OsdMapFlag.NOOUT.mask()).build(), 900, Racks.settings()))
                .isEmpty();
        assertThat(due(Racks.with(map, 3, o -> o.withState(o.state() | OsdState.NOOUT)), 900, Racks.settings()))
                .isEmpty();
        Integer host = map.crushMap().itemId("h1");
        TreeMap<Integer, Integer> flags = new TreeMap<>(java.util.Map.of(host, OsdState.NOOUT));
        assertThat(due(map.toBuilder().crushNodeFlags(flags).build(), 900, Racks.settings()))
                .isEmpty();
    }

    @Test
    void noMoreGoOutThanTheRatioAllows() {
        OsdMap map = Racks.down(MAP, 0, 2, 4, 6, 8, 10, 12, 14);
        // Of 20 three quarters must be in when one is looked at: with 15 left the sixth still goes.
        assertThat(due(map, 600, Racks.settings())).containsExactly(0, 2, 4, 6, 8, 10);
        assertThat(due(map, 600, Racks.settings("mon osd min in ratio = 1"))).containsExactly(0);
    }

    @Test
    void aRackThatIsDownAsAWholeStaysInAndIsTimedAnew() {
        OsdMap rack = Racks.down(MAP, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        FailureSettings settings = Racks.settings("mon osd min in ratio = 0");
        assertThat(due(rack, 900, settings)).isEmpty();
        assertThat(due(rack, 900, Racks.settings("mon osd min in ratio = 0", "mon osd down out subtree limit = root")))
                .hasSize(10);
        assertThat(due(
                        Racks.down(MAP, 4, 5),
                        900,
                        Racks.settings("mon osd min in ratio = 0", "mon osd down out subtree limit = host")))
                .isEmpty();
        DownOsds down = new DownOsds();
        down.follow(rack, 0);
        assertThat(down.due(rack, Racks.at(599), settings)).isEmpty();
        OsdMap nearly = Racks.with(rack, 0, o -> o.withState(o.state() | OsdState.UP));
        down.follow(nearly, 600_000_000_000L);
        assertThat(down.due(nearly, Racks.at(1198), settings)).isEmpty();
        assertThat(down.due(nearly, Racks.at(1199), settings)).hasSize(9);
    }

    @Test
    void whatIsDestroyedHasAnIntervalOfItsOwn() {
        OsdMap map = Racks.with(Racks.down(MAP, 3), 3, o -> o.withState(o.state() | OsdState.DESTROYED));
        assertThat(due(map, 50, Racks.settings("mon osd destroyed out interval = 50")))
                .containsExactly(3);
        assertThat(due(map, 90_000, Racks.settings("mon osd destroyed out interval = 0")))
                .isEmpty();
    }

    @Test
    void whatIsOutAlreadyIsLeftAlone() {
        assertThat(due(Racks.with(Racks.down(MAP, 3), 3, o -> o.withWeight(Osd.OUT)), 900, Racks.settings()))
                .isEmpty();
    }
}
