package io.spirula.mon.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonPing;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;
import io.spirula.mon.ManualReactor;
import io.spirula.mon.election.ConnectionReport.Link;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.MemoryKeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Monitors that ping each other on one virtual clock, over links that a test cuts in one direction or both. */
class PeerPingsTest {
    private static final ConnectivitySettings SETTINGS =
            new ConnectivitySettings(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofHours(12), 10, 0.0005);
    private static final double X = 1 / (2 * 43_200.0);

    private record Way(String from, String to) {}

    private final class Mon implements Elector.Network {
        private final String name;
        private final KeyValueStore store = new MemoryKeyValueStore();
        private Connectivity connectivity;
        private final PeerPings pings;
        private final List<Runnable> missed = new ArrayList<>();
        private boolean asleep;

        private Mon(String name) {
            this.name = name;
            connectivity = connectivity();
            pings = new PeerPings(mine(), this, connectivity, () -> map, () -> SETTINGS);
        }

        /** The reactor as long as this monitor's process is awake; what it misses it does when it wakes up. */
        private Reactor mine() {
            return new Reactor() {
                @Override
                public void execute(Runnable task) {
                    reactor.execute(task);
                }

                @Override
                public Timer schedule(Duration after, Runnable task) {
                    return reactor.schedule(after, () -> awake(task));
                }

                @Override
                public Clock clock() {
                    return reactor.clock();
                }

                @Override
                public boolean isCurrent() {
                    return true;
                }
            };
        }

        private void awake(Runnable task) {
            if (asleep) {
                missed.add(task);
            } else {
                task.run();
            }
        }

        private void wakeUp() {
            asleep = false;
            missed.forEach(Runnable::run);
            missed.clear();
        }

        private Connectivity connectivity() {
            return new Connectivity(
                    name,
                    () -> map,
                    store,
                    (transaction, done) -> {
                        store.apply(transaction);
                        done.run();
                    },
                    () -> SETTINGS);
        }

        @Override
        public void send(int rank, Message message) {
            Mon to = rank < 0 ? null : all.get(map.ranks().get(rank));
            sent++;
            reactor.schedule(delay, () -> {
                if (to != null && !cuts.contains(new Way(name, to.name))) {
                    to.awake(() -> to.pings.receive(
                            map.rank(name), (MonPing) message, reply -> to.send(map.rank(name), reply)));
                }
            });
        }

        @Override
        public void tryNow(int rank) {}

        @Override
        public boolean isConnected(int rank) {
            return true;
        }

        private Link link(String to) {
            ConnectionTracker t = connectivity.tracker();
            ConnectionReport own = Objects.requireNonNull(t.reports().get(t.rank()));
            return Objects.requireNonNull(own.links().get(map.rank(to)));
        }
    }

    private final ManualReactor reactor = new ManualReactor();
    private final Set<Way> cuts = new HashSet<>();
    private final TreeMap<String, Mon> all = new TreeMap<>();
    private MonMap map = map("a", "b", "c");
    private Duration delay = Duration.ofMillis(1);
    private int sent;

    private static MonMap map(String... names) {
        List<MonInfo> monitors = new ArrayList<>();
        for (String name : names) {
            monitors.add(MonInfo.of(
                    name, EntityAddrs.of(EntityAddr.msgr2("10.0.0." + (1 + name.charAt(0) - 'a'), 3300, 0))));
        }
        return MonMap.of(Uuid.parse("00000000-0000-0000-0000-000000000001"), 1, Instant.EPOCH, monitors);
    }

    private Mon mon(String name) {
        return all.computeIfAbsent(name, Mon::new);
    }

    /** Three monitors; each has heard of the others. */
    private void three() {
        for (String name : Arrays.asList("a", "b", "c")) {
            mon(name);
        }
        mon("a").pings.heard(1);
        mon("a").pings.heard(2);
        mon("b").pings.heard(2);
        pass(Duration.ofSeconds(5));
    }

    private void pass(Duration span) {
        for (long ms = 0; ms < span.toMillis(); ms += 100) {
            reactor.pass(Duration.ofMillis(100));
        }
    }

    private void cut(String from, String to) {
        cuts.add(new Way(from, to));
    }

    @Test
    void linksThatAnswerArePerfectAndEverybodyKnowsIt() {
        three();
        for (Mon m : all.values()) {
            ConnectionTracker t = m.connectivity.tracker();
            for (int rank = 0; rank < 3; rank++) {
                assertThat(t.scoreOf(rank)).isEqualTo(new ConnectionTracker.Score(2, 2));
            }
        }
    }

    @Test
    void aPingASecondGoesOverEachLinkAndItsAnswerComesBack() {
        three();
        sent = 0;
        pass(Duration.ofSeconds(10));
        assertThat(sent).isEqualTo(6 * 2 * 10);
    }

    @Test
    void aLinkThatGoesOneWayOnlyIsDeadAtBothEnds() {
        three();
        cut("a", "c");
        pass(Duration.ofSeconds(4));
        assertThat(mon("a").link("c").alive()).isFalse();
        assertThat(mon("c").link("a").alive()).isFalse();
        assertThat(mon("b").connectivity.tracker().scoreOf(1)).isEqualTo(new ConnectionTracker.Score(2, 2));
        assertThat(mon("b").connectivity.tracker().scoreOf(0).alive()).isEqualTo(1);
        assertThat(mon("a").connectivity.tracker().isApart(2)).isTrue();
    }

    @Test
    void whatALinkLosesIsTheTimeItWasDead() {
        three();
        cut("a", "c");
        cut("c", "a");
        pass(Duration.ofSeconds(60));
        double lost = 1 - mon("a").link("c").score();
        assertThat(lost).isBetween(2 * 57 * X, 2 * 61 * X);
        // Nobody floods a link that is dead: a ping in ten seconds at each end.
        sent = 0;
        pass(Duration.ofSeconds(60));
        assertThat(sent - 4 * 2 * 60).isLessThanOrEqualTo(2 * 7);
    }

    @Test
    void aLinkThatIsMendedIsAliveAgainAsSoonAsAnythingIsHeard() {
        three();
        cut("a", "c");
        cut("c", "a");
        pass(Duration.ofSeconds(20));
        cuts.clear();
        mon("a").pings.heard(2);
        pass(Duration.ofMillis(200));
        assertThat(mon("a").link("c").alive()).isTrue();
        assertThat(mon("c").link("a").alive()).isTrue();
        double mended = mon("a").link("c").score();
        pass(Duration.ofSeconds(30));
        assertThat(mon("a").link("c").score()).isBetween(mended, 1.0);
    }

    @Test
    void aLinkThatIsMendedIsFoundThoughNobodySaysAnything() {
        three();
        cut("a", "c");
        cut("c", "a");
        pass(Duration.ofSeconds(20));
        cuts.clear();
        pass(Duration.ofSeconds(11));
        assertThat(mon("a").link("c").alive()).isTrue();
    }

    @Test
    void anAnswerThatTakesTooLongIsNone() {
        three();
        delay = Duration.ofMillis(1500);
        pass(Duration.ofSeconds(30));
        assertThat(mon("a").link("b").alive()).isFalse();
        delay = Duration.ofMillis(1);
        pass(Duration.ofSeconds(5));
        assertThat(mon("a").link("b").alive()).isTrue();
    }

    @Test
    void aMonitorThatStoodStillDoesNotBlameTheOthers() {
        three();
        mon("a").asleep = true;
        pass(Duration.ofMinutes(1));
        assertThat(mon("b").link("a").alive()).isFalse();
        mon("a").wakeUp();
        pass(Duration.ofSeconds(5));
        assertThat(mon("a").link("b")).isEqualTo(Link.NEW);
        assertThat(mon("b").link("a").alive()).isTrue();
    }

    @Test
    void norDoesOneThatStandsStillForAMomentAgainAndAgain() {
        three();
        for (int i = 0; i < 20; i++) {
            mon("a").asleep = true;
            pass(Duration.ofMillis(1900));
            mon("a").wakeUp();
            pass(Duration.ofMillis(200));
        }
        assertThat(mon("a").link("b")).isEqualTo(Link.NEW);
    }

    @Test
    void scoresSurviveARestart() {
        three();
        cut("a", "c");
        pass(Duration.ofSeconds(60));
        Mon a = mon("a");
        ConnectionTracker before = a.connectivity.tracker();
        a.pings.stop();
        a.connectivity = a.connectivity();
        ConnectionTracker after = a.connectivity.tracker();
        assertThat(before.version() - after.version()).isBetween(0L, 9L);
        assertThat(a.link("c").score()).isLessThan(1);
        assertThat(after.version() % 10).isZero();
    }

    @Test
    void aMonitorThatStartsTriesTheLinksItHadThoughNobodySpeaksToIt() {
        three();
        pass(Duration.ofSeconds(20));
        Mon before = mon("a");
        before.pings.stop();
        all.remove("a");
        Mon a = mon("a");
        a.store.apply(before.connectivity.storedIn(new StoreTransaction()));
        a.connectivity = a.connectivity();
        for (String other : List.of("b", "c")) {
            cut("a", other);
            cut(other, "a");
        }
        PeerPings pings = new PeerPings(reactor, a, a.connectivity, () -> map, () -> SETTINGS);
        pings.start();
        // Its own start may take a while.
        pass(Duration.ofSeconds(9));
        assertThat(a.link("b")).isEqualTo(Link.NEW);
        pass(Duration.ofSeconds(5));
        assertThat(a.link("b").alive()).isFalse();
        assertThat(a.link("c").alive()).isFalse();
        assertThat(a.link("c").score()).isGreaterThan(1 - 2 * 5 * X);
    }

    @Test
    void scoresOfAnotherMapOrDamagedOnesAreForgotten() {
        three();
        pass(Duration.ofSeconds(60));
        Mon c = mon("c");
        map = map("c", "a");
        assertThat(c.connectivity().tracker())
                .isEqualTo(c.connectivity().tracker().forgetting(0));
        c.store.apply(new StoreTransaction()
                .put(Elector.PREFIX, Connectivity.SCORES, io.spirula.common.encoding.Bytes.of("damaged")));
        assertThat(c.connectivity().tracker().reports()).isEmpty();
    }

    @Test
    void whenAMonitorLeavesTheOthersGoOnUnderTheirNewRanks() {
        three();
        cut("a", "c");
        cut("c", "a");
        pass(Duration.ofSeconds(60));
        double before = mon("c").link("a").score();
        map = map("a", "c");
        mon("b").pings.stop();
        all.remove("b");
        assertThat(mon("c").connectivity.tracker().rank()).isEqualTo(1);
        assertThat(mon("c").link("a")).isEqualTo(new Link(false, before));
        cuts.clear();
        pass(Duration.ofSeconds(15));
        assertThat(mon("c").connectivity.tracker().reports()).containsOnlyKeys(0, 1);
        assertThat(mon("c").link("a").alive()).isTrue();
        assertThat(mon("a").connectivity.tracker().scoreOf(1).alive()).isEqualTo(1);
    }
}
