package io.spirula.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.OsdStat;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Instant WALL = Instant.ofEpochSecond(1_800_000_000);

    private final OsdMap map = Hosts.of(4, 1, Set.of());
    private final Heartbeats heartbeats = new Heartbeats(PeerChoiceTest::settings);

    HeartbeatsTest() {
        heartbeats.watch(new TreeSet<>(List.of(1, 2, 3)), map);
    }

    private void answer(int osd, long sent, long at) {
        heartbeats.answered(osd, Side.BACK, sent * SECOND, at * SECOND, WALL);
        heartbeats.answered(osd, Side.FRONT, sent * SECOND, at * SECOND, WALL);
    }

    private List<FailureNotice> check(long at) {
        return heartbeats.check(at * SECOND);
    }

    @Test
    void whoDoesNotAnswerInTimeIsReportedOnce() {
        heartbeats.sent(0);
        answer(1, 0, 1);
        answer(2, 0, 1);
        assertThat(check(20)).isEmpty();
        assertThat(check(21)).containsExactly(new FailureNotice.Failed(3, Hosts.addrs(3, 1), 0));
        assertThat(check(30)).isEmpty();
        assertThat(heartbeats.standing()).hasSize(1); // for a monitor that has not heard it
    }

    @Test
    void whoAnswersOnOneNetworkOnlyIsReported() {
        heartbeats.sent(0);
        for (int osd = 1; osd <= 3; osd++) {
            answer(osd, 0, 1);
        }
        heartbeats.sent(6 * SECOND);
        answer(1, 6, 7);
        heartbeats.answered(2, Side.BACK, 6 * SECOND, 7 * SECOND, WALL);
        heartbeats.answered(3, Side.FRONT, 6 * SECOND, 7 * SECOND, WALL);
        assertThat(check(26)).isEmpty();
        assertThat(check(27))
                .containsExactly(
                        new FailureNotice.Failed(2, Hosts.addrs(2, 1), SECOND),
                        new FailureNotice.Failed(3, Hosts.addrs(3, 1), SECOND));
    }

    @Test
    void whoIsSlowButAnswersWithinTheGraceIsNotReported() {
        for (int beat = 0; beat < 60; beat += 6) {
            heartbeats.sent(beat * SECOND);
            for (int osd = 1; osd <= 3; osd++) {
                if (beat >= 18) {
                    answer(osd, beat - 18, beat);
                }
            }
            assertThat(check(beat)).isEmpty();
        }
    }

    @Test
    void aReportIsTakenBackOnceThePeerAnswersAgain() {
        heartbeats.sent(0);
        answer(1, 0, 1);
        answer(2, 0, 1);
        answer(3, 0, 1);
        heartbeats.sent(6 * SECOND);
        answer(2, 6, 7);
        answer(3, 6, 7);
        assertThat(check(27)).hasSize(1);
        heartbeats.sent(28 * SECOND);
        assertThat(check(28)).isEmpty();
        answer(1, 28, 29);
        assertThat(check(29)).containsExactly(new FailureNotice.StillAlive(1, Hosts.addrs(1, 1), SECOND));
        assertThat(heartbeats.standing()).isEmpty();
    }

    @Test
    void anOldAnswerThatANewerOneHasOvertakenChangesNothing() {
        heartbeats.sent(0);
        heartbeats.sent(6 * SECOND);
        answer(1, 6, 7);
        answer(1, 0, 30); // late, and of no interest
        heartbeats.answered(2, Side.BACK, 999, 7 * SECOND, WALL); // never sent
        assertThat(check(21)).extracting(FailureNotice::osd).containsExactly(2, 3);
    }

    @Test
    void reportsEndWithWhomTheyAreAbout() {
        heartbeats.sent(0);
        assertThat(check(21)).hasSize(3);
        OsdMap oneDown = Hosts.of(4, 1, Set.of(2));
        heartbeats.watch(new TreeSet<>(List.of(1, 2, 3)), oneDown);
        assertThat(heartbeats.watched()).containsExactly(1, 3);
        assertThat(heartbeats.standing()).extracting(FailureNotice::osd).containsExactly(1, 3);
        heartbeats.watch(new TreeSet<>(List.of(3)), oneDown);
        assertThat(check(22)).containsExactly(new FailureNotice.StillAlive(1, Hosts.addrs(1, 1), 0));
    }

    @Test
    void afterADoubtOthersMustAnswerAgain() {
        heartbeats.sent(0);
        answer(1, 0, 1);
        answer(2, 0, 1);
        answer(3, 0, 1);
        assertThat(heartbeats.mostAreHealthy(2 * SECOND)).isTrue();
        heartbeats.forgetAnswers(map);
        assertThat(heartbeats.mostAreHealthy(2 * SECOND)).isFalse();
        heartbeats.sent(3 * SECOND);
        answer(1, 3, 4);
        assertThat(heartbeats.mostAreHealthy(4 * SECOND)).isTrue(); // one of three is more than 0.33
    }

    @Test
    void thereIsNoEndOfUnansweredHeartbeatsToRemember() {
        for (int beat = 0; beat < 10_000; beat++) {
            heartbeats.sent(beat * SECOND);
        }
        assertThat(check(10_000)).hasSize(3);
        answer(1, 9_999, 10_000);
        answer(2, 9_985, 10_000);
        assertThat(check(10_001)).extracting(FailureNotice::osd).containsExactly(1, 2);
    }

    @Test
    void pingTimesAreAveragedByMinutes() {
        int millis = 0;
        for (int beat = 0; beat <= 6 * 60; beat += 6) {
            millis = 10 + beat / 60 * 10; // ten more each minute
            long sent = beat * SECOND;
            heartbeats.sent(sent);
            heartbeats.answered(1, Side.BACK, sent, sent + millis * 1_000_000L, WALL.plusSeconds(beat));
            heartbeats.answered(1, Side.FRONT, sent, sent + 1_000_000L, WALL.plusSeconds(beat));
        }
        OsdStat.PingTimes times = heartbeats.pingTimes().get(1);
        assertThat(times).isNotNull();
        assertThat(times.lastUpdate()).isEqualTo((int) WALL.getEpochSecond() + 360);
        OsdStat.Network back = times.back();
        assertThat(back.last()).isEqualTo(millis * 1000);
        assertThat(back.average().get(0)).isBetween(59_000, 65_000);
        assertThat(back.average().get(1))
                .isBetween(40_000, 50_000)
                .isLessThan(back.average().get(0));
        assertThat(back.minimum().get(1)).isLessThan(back.maximum().get(1));
        assertThat(back.average().get(2)).isZero(); // a quarter of an hour is not over yet
        assertThat(times.front().maximum().get(1)).isEqualTo(1000);
        assertThat(heartbeats.pingTimes()).doesNotContainKey(2);
    }
}
