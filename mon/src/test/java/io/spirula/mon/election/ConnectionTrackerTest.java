package io.spirula.mon.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.format.JsonFormatter;
import io.spirula.mon.election.ConnectionReport.Link;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConnectionTrackerTest {
    private static final double HALF_LIFE = 43_200;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static String resource(String name) throws IOException {
        try (InputStream in = ConnectionTrackerTest.class.getResourceAsStream(name)) {
            return new String(
                            java.util.Objects.requireNonNull(in, name).readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8)
                    .strip();
        }
    }

    private static ConnectionTracker empty(int rank) {
        return ConnectionTracker.empty(rank, HALF_LIFE);
    }

    private static String json(ConnectionTracker tracker) {
        JsonFormatter f = JsonFormatter.compact();
        f.openObject("");
        tracker.dump(f, 10);
        return f.close().toString();
    }

    private static Link link(ConnectionTracker tracker, int reporter, int peer) {
        return java.util.Objects.requireNonNull(
                java.util.Objects.requireNonNull(tracker.reports().get(reporter))
                        .links()
                        .get(peer));
    }

    /** A report made by hand. */
    private static ConnectionReport report(int rank, int epoch, long version, Map<Integer, Boolean> links) {
        TreeMap<Integer, Link> all = new TreeMap<>();
        links.forEach((peer, alive) -> all.put(peer, new Link(alive, 1)));
        return new ConnectionReport(rank, epoch, version, all);
    }

    private static ConnectionTracker knowing(int rank, ConnectionReport... reports) {
        TreeMap<Integer, ConnectionReport> all = new TreeMap<>();
        for (ConnectionReport r : reports) {
            all.put(r.rank(), r);
        }
        return new ConnectionTracker(rank, 2, 0, HALF_LIFE, all);
    }

    /** Of three stock monitors of which one was stopped for nine seconds: what one of the others sent, and what it answered then. */
    @Test
    void whatAStockMonitorKnowsIsWrittenAgainByteForByteAndDumpedAsStockDoes() throws IOException {
        Bytes recorded = Bytes.ofHex(resource("/election/scores.hex"));
        ConnectionTracker tracker = ConnectionTracker.CODEC.fromBytes(recorded);
        assertThat(ConnectionTracker.CODEC.toBytes(tracker).hex()).isEqualTo(recorded.hex());
        assertThat(json(tracker)).isEqualTo(resource("/election/scores.json"));
    }

    @Test
    void aLinkThatWasNeverDeadIsPerfect() {
        ConnectionTracker t = empty(0).alive(1, Duration.ZERO).alive(1, SECOND).alive(1, Duration.ofDays(9));
        assertThat(link(t, 0, 1)).isEqualTo(new Link(true, 1));
        assertThat(t.version()).isEqualTo(3);
        assertThat(t.reports().get(0)).extracting(ConnectionReport::version).isEqualTo(3L);
    }

    @Test
    void aDeadLinkLosesAndGetsBackByItsHalfLife() {
        ConnectionTracker t = empty(0).alive(1, Duration.ZERO);
        for (int i = 0; i < 9; i++) {
            t = t.dead(1, SECOND);
        }
        assertThat(link(t, 0, 1).alive()).isFalse();
        assertThat(link(t, 0, 1).score()).isCloseTo(1 - 2 * 9 / (2 * HALF_LIFE), within(1e-7));
        double worst = link(t, 0, 1).score();
        t = t.alive(1, SECOND);
        assertThat(link(t, 0, 1).alive()).isTrue();
        assertThat(link(t, 0, 1).score()).isGreaterThan(worst).isLessThan(1);
        assertThat(link(t.dead(1, Duration.ofDays(3)), 0, 1).score()).isZero();
    }

    @Test
    void aNewEpochBeginsItsVersionsAnewAndAnOldOneChangesNothing() {
        ConnectionTracker t = empty(0).alive(1, SECOND).inEpoch(5).alive(1, SECOND);
        assertThat(t.epoch()).isEqualTo(5);
        assertThat(t.version()).isEqualTo(1);
        assertThat(t.inEpoch(4)).isEqualTo(t);
        assertThat(t.reports().get(0)).isEqualTo(new ConnectionReport(0, 5, 1, new TreeMap<>(Map.of(1, Link.NEW))));
    }

    @Test
    void theNewestReportOfEachMonitorIsKeptAndNobodyIsBelievedAboutUs() {
        ConnectionReport old = report(2, 4, 9, Map.of(0, true));
        ConnectionReport newer = report(2, 6, 1, Map.of(0, false));
        ConnectionTracker ours = knowing(0, report(0, 2, 0, Map.of(1, true)), newer);
        ConnectionTracker told =
                ours.learning(knowing(1, report(0, 99, 0, Map.of(1, false)), report(1, 2, 3, Map.of(0, true)), old), 3);
        assertThat(told.reports().get(0)).isEqualTo(ours.reports().get(0));
        assertThat(told.reports().get(1)).isEqualTo(report(1, 2, 3, Map.of(0, true)));
        assertThat(told.reports().get(2)).isEqualTo(newer);
        assertThat(ours.learning(knowing(1, report(3, 9, 9, Map.of())), 3)).isEqualTo(ours);
        assertThat(ours.learning(knowing(1, report(-1, 9, 9, Map.of())), 3)).isEqualTo(ours);
    }

    @Test
    void aMonitorIsAsGoodAsItsLinksAreToOthers() {
        ConnectionTracker t = knowing(
                0,
                report(0, 2, 0, Map.of(1, true, 2, false)),
                report(1, 2, 0, Map.of(0, true, 2, true)),
                report(2, 2, 0, Map.of(0, false, 1, true)));
        assertThat(t.scoreOf(0)).isEqualTo(new ConnectionTracker.Score(1, 1));
        assertThat(t.scoreOf(1)).isEqualTo(new ConnectionTracker.Score(2, 2));
        assertThat(t.scoreOf(2)).isEqualTo(new ConnectionTracker.Score(1, 1));
    }

    @Test
    void lastWordsOfMonitorsThatAreGoneCountNoMore() {
        // 3 and 4 have stopped together, when 1 was just starting again: each still speaks for the other, and nobody
        // for them.
        ConnectionTracker t = knowing(
                0,
                report(0, 2, 0, Map.of(1, true, 2, true, 3, false, 4, false)),
                report(1, 2, 0, Map.of(0, true, 2, true, 3, false, 4, false)),
                report(2, 2, 0, Map.of(0, true, 1, true, 3, false, 4, false)),
                report(3, 2, 0, Map.of(0, true, 1, false, 2, true, 4, true)),
                report(4, 2, 0, Map.of(0, true, 1, false, 2, true, 3, true)));
        assertThat(t.scoreOf(0)).isEqualTo(t.scoreOf(1)).isEqualTo(new ConnectionTracker.Score(2, 2));
        assertThat(t.scoreOf(4)).isEqualTo(new ConnectionTracker.Score(0, 0));
    }

    @Test
    void ranksMoveWithTheMonitorsTheyAreOf() {
        // a, b, c become a, c: rank 1 is gone, 2 is 1.
        ConnectionTracker before = knowing(
                2,
                report(0, 2, 5, Map.of(1, true, 2, false)),
                report(1, 2, 6, Map.of(0, true, 2, true)),
                report(2, 2, 0, Map.of(0, false, 1, true)));
        ConnectionTracker after = before.renumbered(r -> r == 1 ? -1 : r == 2 ? 1 : r, 1);
        assertThat(after.rank()).isEqualTo(1);
        assertThat(after.reports())
                .containsExactly(
                        Map.entry(0, report(0, 2, 5, Map.of(1, false))),
                        Map.entry(1, report(1, 2, 1, Map.of(0, false))));
        assertThat(after.fits(1, 2)).isTrue();
        assertThat(before.fits(2, 2)).isFalse();
        // d comes, with links of its own from now on.
        assertThat(after.alive(2, SECOND).scoreOf(2)).isEqualTo(new ConnectionTracker.Score(1, 1));
    }

    @Test
    void whoHasNoRankReportsNothing() {
        assertThat(empty(-1).alive(0, SECOND).dead(1, SECOND).inEpoch(3)).isEqualTo(empty(-1));
        assertThat(empty(1).alive(1, SECOND)).isEqualTo(empty(1));
    }

    @Test
    void aResetForgetsEveryReportAsStockDoes() {
        ConnectionTracker t = empty(0).inEpoch(20).alive(1, SECOND).forgetting(0);
        assertThat(json(t))
                .isEqualTo(
                        "{\"rank\":0,\"epoch\":20,\"version\":1,\"half_life\":43200,\"persist_interval\":10,\"reports\":{}}");
        assertThat(t.alive(1, SECOND).reports().get(0))
                .isEqualTo(new ConnectionReport(0, 0, 2, new TreeMap<>(Map.of(1, Link.NEW))));
    }

    @Test
    void aLinkIsApartWhenBothEndsSaySo() {
        ConnectionReport ours = report(0, 2, 0, Map.of(1, false, 2, false));
        ConnectionTracker t = knowing(0, ours, report(1, 2, 0, Map.of(0, false)), report(2, 2, 0, Map.of(0, true)));
        assertThat(t.isApart(1)).isTrue();
        assertThat(t.isApart(2)).isFalse();
        assertThat(t.isApart(3)).isFalse();
    }

    @Test
    void damagedScoresAreRefused() {
        for (double score : new double[] {-0.1, 1.1, Double.NaN}) {
            ConnectionTracker bad = new ConnectionTracker(
                    1,
                    2,
                    3,
                    HALF_LIFE,
                    new TreeMap<>(Map.of(1, ConnectionReport.none(1).with(0, new Link(true, score)))));
            Bytes encoded = ConnectionTracker.CODEC.toBytes(bad);
            assertThatThrownBy(() -> ConnectionTracker.CODEC.fromBytes(encoded)).isInstanceOf(MalformedInput.class);
        }
        Bytes unscored = new Encoder()
                .struct(
                        1,
                        1,
                        o -> o.u32(1).u32(1).u32(0).bool(true).u32(0).u32(2).u64(3))
                .toBytes();
        assertThatThrownBy(() -> ConnectionReport.CODEC.fromBytes(unscored)).isInstanceOf(MalformedInput.class);
    }
}
