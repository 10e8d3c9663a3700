package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.maps.Osd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Five OSDs of which one fails, is cut off or is slow: who is taken for down, when, and how it comes back. In virtual time, with the real daemons. */
class FailureDetectionTest {
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** A heartbeat's interval until the first that is not answered, a second until it is looked at, and the message's way. */
    private static final Duration SLACK = Duration.ofSeconds(9);

    private static final Duration OUT_INTERVAL = Duration.ofSeconds(60);

    private final Simulation simulation = new Simulation(11);
    private SimCluster cluster = new SimCluster(simulation, 5, options());

    private static TreeMap<String, String> options() {
        TreeMap<String, String> options = new TreeMap<>();
        options.put("mon osd down out interval", Long.toString(OUT_INTERVAL.toSeconds()));
        options.put("mon osd adjust down out interval", "false");
        return options;
    }

    @BeforeEach
    void boot() {
        assertThat(simulation.runUntil(cluster::isClean, Duration.ofMinutes(2))).isTrue();
        simulation.runFor(Duration.ofSeconds(30)); // everybody has been heard by everybody
    }

    private boolean isUp(int osd) {
        return cluster.osdMap().isUp(osd);
    }

    private Duration untilDown(int osd, Duration most) {
        long before = simulation.nowNanos();
        assertThat(simulation.runUntil(() -> !isUp(osd), most))
                .as("osd.%d is down within %s", osd, most)
                .isTrue();
        return Duration.ofNanos(simulation.nowNanos() - before);
    }

    private void untilUpAndIn(int osd) {
        assertThat(simulation.runUntil(
                        () -> isUp(osd) && cluster.osdMap().isIn(osd) && cluster.isClean(), Duration.ofMinutes(3)))
                .as("osd.%d comes back: %s", osd, cluster.state())
                .isTrue();
    }

    @Test
    void anOsdWhoseProcessIsKilledIsDownAtOnceAndOutAfterItsInterval() {
        cluster.osds().get(2).crash();
        assertThat(untilDown(2, GRACE)).isLessThan(Duration.ofSeconds(2));
        assertThat(cluster.osdMap().osd(2).xinfo().deadEpoch()).isPositive();
        assertThat(cluster.osdMap().isIn(2)).isTrue();
        simulation.runFor(OUT_INTERVAL.minusSeconds(2));
        assertThat(cluster.osdMap().isIn(2)).isTrue();
        simulation.runFor(Duration.ofSeconds(9));
        assertThat(cluster.osdMap().isIn(2)).isFalse();
        cluster.osds().get(2).restart();
        untilUpAndIn(2);
        assertThat(cluster.osdMap().osd(2).weight()).isEqualTo(Osd.IN);
        assertThat(cluster.osdMap().osd(2).xinfo().laggyProbability()).isZero();
    }

    @Test
    void anOsdThatIsCutOffIsDownAfterTheGraceAndOutAfterItsInterval() {
        cluster.isolate(cluster.osds().get(1), true);
        assertThat(untilDown(1, GRACE.plus(SLACK))).isGreaterThan(GRACE.minusSeconds(7));
        simulation.runFor(OUT_INTERVAL.plusSeconds(7));
        assertThat(cluster.osdMap().isIn(1)).isFalse();
        cluster.network().heal();
        untilUpAndIn(1);
        assertThat(cluster.osdMap().osd(1).xinfo().laggyProbability())
                .as("it was not dead, so its reports are believed less")
                .isPositive();
    }

    @Test
    void anOsdThatReachesNobodyButTheMonitorStaysDownUntilItDoes() {
        cluster.isolate(cluster.osds().get(3), false);
        untilDown(3, GRACE.plus(SLACK));
        int epoch = cluster.osdMap().epoch();
        simulation.runFor(OUT_INTERVAL.minusSeconds(15));
        assertThat(isUp(3)).isFalse();
        assertThat(cluster.osdMap().epoch() - epoch).as("epochs that it costs").isLessThan(4);
        for (int osd : new int[] {0, 1, 2, 4}) {
            assertThat(isUp(osd))
                    .as("osd.%d, of which the lonely one complains", osd)
                    .isTrue();
        }
        cluster.network().heal();
        untilUpAndIn(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 12, 18})
    void anOsdThatStandsStillForLessThanTheGraceStaysUp(int seconds) {
        for (int round = 0; round < 5; round++) {
            cluster.osds().get(round).host().stall(Duration.ofSeconds(seconds));
            long deadline = simulation.nowNanos() + Duration.ofSeconds(40).toNanos();
            simulation.runUntil(
                    () -> cluster.osdMap().numUpOsds() < 5 || simulation.nowNanos() > deadline, Duration.ofMinutes(1));
            assertThat(cluster.osdMap().numUpOsds()).as("round %d", round).isEqualTo(5);
        }
    }

    @Test
    void anOsdThatStandsStillForLongerGoesDownAndComesBackByItself() {
        cluster.osds().get(4).host().stall(Duration.ofSeconds(45));
        untilDown(4, GRACE.plus(SLACK));
        untilUpAndIn(4);
    }

    @Test
    void aSlowNetworkTakesNobodyDown() {
        cluster.network().setDelays(Duration.ofMillis(500), Duration.ofSeconds(4));
        long deadline = simulation.nowNanos() + Duration.ofMinutes(5).toNanos();
        simulation.runUntil(
                () -> cluster.osdMap().numUpOsds() < 5 || simulation.nowNanos() > deadline, Duration.ofMinutes(6));
        assertThat(cluster.osdMap().numUpOsds()).isEqualTo(5);
    }

    @Test
    void anOsdThatIsOftenSlowIsWaitedForLonger() {
        SimHost slow = cluster.osds().get(0).host();
        List<Duration> waited = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            slow.stall(Duration.ofSeconds(60));
            waited.add(untilDown(0, Duration.ofSeconds(55)));
            untilUpAndIn(0);
        }
        assertThat(waited.getLast()).isGreaterThan(waited.getFirst().plusSeconds(8));
    }

    @Test
    void anOsdThatFlapsTooOftenGivesUp() {
        Simulation other = new Simulation(12);
        TreeMap<String, String> options = options();
        options.put("mon osd adjust heartbeat grace", "false");
        cluster = new SimCluster(other, 5, options);
        assertThat(other.runUntil(cluster::isClean, Duration.ofMinutes(2))).isTrue();
        SimHost flapping = cluster.osds().get(0).host();
        for (int i = 0; i < 5; i++) {
            other.runFor(Duration.ofSeconds(10));
            flapping.stall(Duration.ofSeconds(40));
            assertThat(other.runUntil(() -> !isUp(0), Duration.ofMinutes(1))).isTrue();
            assertThat(other.runUntil(() -> isUp(0), Duration.ofMinutes(2))).isTrue();
        }
        other.runFor(Duration.ofSeconds(10));
        flapping.stall(Duration.ofSeconds(40));
        assertThatThrownBy(() -> other.runFor(Duration.ofMinutes(3)))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("osd_max_markdown_count 5");
    }
}
