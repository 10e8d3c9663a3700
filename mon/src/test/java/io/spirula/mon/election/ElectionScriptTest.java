package io.spirula.mon.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.mon.ManualReactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Elections as scripts: who hears what, and what everybody does because of it. A message is delivered when the script says so, or never. */
class ElectionScriptTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofSeconds(5);

    private record Mail(int to, String text, ElectionEvent event) {}

    private final ManualReactor reactor = new ManualReactor();
    private final List<String> script = new ArrayList<>();
    private final List<Mail> mail = new ArrayList<>();
    private final List<ElectionLogic> monitors = new ArrayList<>();
    private final TreeMap<Integer, Set<Integer>> quorums = new TreeMap<>();
    private final TreeMap<Integer, Integer> leaders = new TreeMap<>();
    private Set<Integer> disallowed = Set.of();
    private Optional<Electorate.Links> links = Optional.empty();

    @BeforeEach
    void threeNewMonitors() {
        for (int rank = 0; rank < 3; rank++) {
            monitors.add(new ElectionLogic(0, reactor.clock(), TIMEOUT, LEASE));
        }
    }

    private void on(int rank, ElectionEvent event) {
        Electorate us = new Electorate(
                rank,
                3,
                disallowed,
                quorums.getOrDefault(rank, Set.of()),
                leaders.getOrDefault(rank, -1),
                seenBy(rank));
        for (ElectionEffect effect : monitors.get(rank).on(event, us)) {
            switch (effect) {
                case ElectionEffect.PersistEpoch e -> {
                    script.add(rank + " writes epoch " + e.epoch());
                    on(rank, e.then());
                }
                case ElectionEffect.Join e -> {
                    quorums.remove(rank);
                    leaders.remove(rank);
                }
                case ElectionEffect.SendPropose e -> {
                    for (int to = 0; to < 3; to++) {
                        if (to != rank) {
                            send(rank, to, "propose " + e.epoch(), new ElectionEvent.Propose(rank, e.epoch()));
                        }
                    }
                }
                case ElectionEffect.Remind e ->
                    send(rank, e.to(), "propose " + e.epoch(), new ElectionEvent.Propose(rank, e.epoch()));
                case ElectionEffect.SendAck e ->
                    send(rank, e.to(), "ack " + e.epoch(), new ElectionEvent.Ack(rank, e.epoch()));
                case ElectionEffect.SendVictory e ->
                    e.quorum().stream()
                            .filter(to -> to != rank)
                            .forEach(to -> send(
                                    rank,
                                    to,
                                    "victory " + e.epoch(),
                                    new ElectionEvent.Victory(rank, e.epoch(), e.quorum())));
                case ElectionEffect.Win e -> {
                    quorums.put(rank, e.quorum());
                    leaders.put(rank, rank);
                    script.add(rank + " leads " + e.quorum() + " in epoch " + e.epoch());
                }
                case ElectionEffect.Lose e -> {
                    quorums.put(rank, e.quorum());
                    leaders.put(rank, e.leader());
                    script.add(rank + " follows " + e.leader() + " in epoch " + e.epoch());
                }
                case ElectionEffect.Arm e ->
                    script.add(rank + " waits " + e.after().toMillis() + " ms");
                case ElectionEffect.Disarm e -> {}
                case ElectionEffect.Bootstrap e -> script.add(rank + " gives up");
            }
        }
    }

    private void send(int from, int to, String text, ElectionEvent event) {
        mail.add(new Mail(to, from + " -> " + to + " " + text, event));
    }

    /** Delivers the oldest message from one monitor to another. */
    private void deliver(int from, int to) {
        Mail next = mail.stream()
                .filter(m -> m.to == to && m.text.startsWith(from + " "))
                .findFirst()
                .orElseThrow();
        mail.remove(next);
        script.add(next.text);
        on(to, next.event);
    }

    private void deliverAll() {
        while (!mail.isEmpty()) {
            Mail next = mail.removeFirst();
            script.add(next.text);
            on(next.to, next.event);
        }
    }

    @Test
    void withEverybodyThereTheLowestRankLeadsAtOnce() {
        on(0, new ElectionEvent.Start());
        deliverAll();
        assertThat(script).containsExactly("""
                0 writes epoch 1
                0 waits 5000 ms
                0 -> 1 propose 1
                1 writes epoch 1
                1 waits 6000 ms
                0 -> 2 propose 1
                2 writes epoch 1
                2 waits 6000 ms
                1 -> 0 ack 1
                2 -> 0 ack 1
                0 writes epoch 2
                0 leads [0, 1, 2] in epoch 2
                0 -> 1 victory 2
                1 writes epoch 2
                1 follows 0 in epoch 2
                0 -> 2 victory 2
                2 writes epoch 2
                2 follows 0 in epoch 2""".split("\n"));
    }

    @Test
    void anEpochHasOneLeaderThoughTwoCandidatesCannotHearEachOther() {
        // 1 may not lead, so it has no wish of its own.
        disallowed = Set.of(1);
        on(2, new ElectionEvent.Start());
        deliver(2, 1);
        on(0, new ElectionEvent.Start());
        script.clear();
        deliver(0, 1);
        // 1 would rather follow 0, but its vote of epoch 1 is 2's: so 0 asks again in the next election.
        deliver(1, 0);
        deliver(0, 1);
        assertThat(script).containsExactly("""
                0 -> 1 propose 1
                1 -> 0 ack 2
                0 writes epoch 3
                0 writes epoch 3
                0 waits 5000 ms
                0 -> 1 propose 3
                1 writes epoch 3
                1 waits 6000 ms""".split("\n"));
    }

    @Test
    void whoIsToldToAskAgainCountsNoVoteForThat() {
        disallowed = Set.of(1);
        on(2, new ElectionEvent.Start());
        deliver(2, 1);
        on(0, new ElectionEvent.Start());
        deliver(0, 1);
        // Meanwhile 0 has got to the next election by itself.
        on(0, new ElectionEvent.Start());
        deliver(1, 0);
        reactor.pass(Duration.ofMillis(1));
        on(0, new ElectionEvent.Refused(2));
        assertThat(quorums).doesNotContainKey(0);
    }

    @Test
    void aLostMonitorIsWaitedForUntilNoLeaseOfItsCanHold() {
        on(0, new ElectionEvent.Start());
        deliver(0, 1);
        reactor.pass(Duration.ofSeconds(2));
        deliver(1, 0);
        reactor.pass(Duration.ofSeconds(3));
        on(0, new ElectionEvent.TimedOut());
        reactor.pass(Duration.ofSeconds(2));
        on(0, new ElectionEvent.TimedOut());
        assertThat(script).containsExactly("""
                0 writes epoch 1
                0 waits 5000 ms
                0 -> 1 propose 1
                1 writes epoch 1
                1 waits 6000 ms
                1 -> 0 ack 1
                0 waits 2000 ms
                0 writes epoch 2
                0 leads [0, 1] in epoch 2""".split("\n"));
    }

    @Test
    void aMonitorWithoutAProcessIsNotWaitedFor() {
        on(0, new ElectionEvent.Start());
        deliver(0, 1);
        on(0, new ElectionEvent.Refused(2));
        reactor.pass(Duration.ofMillis(1));
        deliver(1, 0);
        assertThat(quorums).doesNotContainKey(0);
        // What was refused before 1 came over might have started since and followed another leader with it.
        reactor.pass(Duration.ofMillis(1));
        on(0, new ElectionEvent.Refused(2));
        assertThat(quorums.get(0)).isEqualTo(new TreeSet<>(List.of(0, 1)));
    }

    @Test
    void whoMayNotLeadFollows() {
        disallowed = Set.of(0);
        on(0, new ElectionEvent.Start());
        deliverAll();
        assertThat(script).contains("1 leads [0, 1, 2] in epoch 2", "0 follows 1 in epoch 2", "2 follows 1 in epoch 2");
    }

    @Test
    void whoMayNotLeadDoesNotThoughNobodyElseIsThere() {
        disallowed = Set.of(0, 1);
        on(0, new ElectionEvent.Start());
        deliver(0, 1);
        reactor.pass(Duration.ofMillis(1));
        on(0, new ElectionEvent.Refused(2));
        reactor.pass(TIMEOUT);
        on(0, new ElectionEvent.TimedOut());
        on(1, new ElectionEvent.TimedOut());
        assertThat(script).containsExactly("""
                0 writes epoch 1
                0 waits 5000 ms
                0 -> 1 propose 1
                1 writes epoch 1
                1 waits 6000 ms
                0 gives up
                1 gives up""".split("\n"));
    }

    @Test
    void aMinorityGivesUp() {
        on(0, new ElectionEvent.Start());
        reactor.pass(TIMEOUT);
        on(0, new ElectionEvent.TimedOut());
        assertThat(script).last().isEqualTo("0 gives up");
    }

    @Test
    void whoComesBackIsLetIn() {
        on(0, new ElectionEvent.Start());
        deliver(0, 1);
        deliver(1, 0);
        reactor.pass(Duration.ofMillis(1));
        on(0, new ElectionEvent.Refused(2));
        mail.removeIf(m -> m.to == 2);
        deliverAll();
        script.clear();
        on(2, new ElectionEvent.Start());
        deliverAll();
        assertThat(script).endsWith("2 writes epoch 4", "2 follows 0 in epoch 4");
    }

    // ---- by connectivity

    /** The links that all know of: pairs of ranks that have none. */
    private void linksBut(int... dead) {
        TreeMap<Integer, ConnectionReport> reports = new TreeMap<>();
        for (int rank = 0; rank < 3; rank++) {
            ConnectionReport report = ConnectionReport.none(rank);
            for (int peer = 0; peer < 3; peer++) {
                boolean alive = true;
                for (int i = 0; i < dead.length; i += 2) {
                    alive &= (rank != dead[i] || peer != dead[i + 1]) && (peer != dead[i] || rank != dead[i + 1]);
                }
                if (peer != rank) {
                    report = report.with(peer, new ConnectionReport.Link(alive, 1));
                }
            }
            reports.put(rank, report);
        }
        links = Optional.of(new Electorate.Links(new ConnectionTracker(0, 1, 0, 43_200, reports), 0.0005));
    }

    private Optional<Electorate.Links> seenBy(int rank) {
        return links.map(l -> new Electorate.Links(
                new ConnectionTracker(rank, 1, 0, 43_200, l.tracker().reports()), l.margin()));
    }

    private void score(int reporter, int peer, double score) {
        ConnectionTracker t = links.orElseThrow().tracker();
        TreeMap<Integer, ConnectionReport> reports = new TreeMap<>(t.reports());
        reports.computeIfPresent(reporter, (r, report) -> report.with(peer, new ConnectionReport.Link(true, score)));
        links = Optional.of(new Electorate.Links(new ConnectionTracker(0, 1, 0, 43_200, reports), 0.0005));
    }

    @Test
    void amongEquallyWellConnectedMonitorsTheLowestRankLeads() {
        linksBut();
        on(2, new ElectionEvent.Start());
        deliverAll();
        assertThat(script).contains("1 follows 0 in epoch 2", "2 follows 0 in epoch 2");
    }

    @Test
    void aMonitorThatLacksALinkDoesNotLead() {
        linksBut(0, 2);
        on(0, new ElectionEvent.Start());
        mail.removeIf(m -> m.text.startsWith("0 -> 2"));
        deliver(0, 1);
        while (!mail.isEmpty()) {
            mail.removeIf(m -> m.text.startsWith("0 -> 2") || m.text.startsWith("2 -> 0"));
            Mail next = mail.removeFirst();
            script.add(next.text);
            on(next.to, next.event);
        }
        assertThat(script).containsExactly("""
                0 writes epoch 1
                0 waits 5000 ms
                0 -> 1 propose 1
                1 writes epoch 1
                1 writes epoch 1
                1 waits 5000 ms
                1 -> 0 propose 1
                0 waits 6000 ms
                1 -> 2 propose 1
                2 writes epoch 1
                2 waits 6000 ms
                0 -> 1 ack 1
                2 -> 1 ack 1
                1 writes epoch 2
                1 leads [0, 1, 2] in epoch 2
                1 -> 0 victory 2
                0 writes epoch 2
                0 follows 1 in epoch 2
                1 -> 2 victory 2
                2 writes epoch 2
                2 follows 1 in epoch 2""".split("\n"));
    }

    @Test
    void aMonitorThatWasAwayForLongDoesNotLeadThoughItsRankIsTheLowest() {
        linksBut();
        score(1, 0, 0.9);
        on(0, new ElectionEvent.Start());
        deliverAll();
        assertThat(script).contains("1 leads [0, 1, 2] in epoch 2", "0 follows 1 in epoch 2", "2 follows 1 in epoch 2");
    }

    @Test
    void linksToAMajorityCountForMoreThanThePast() {
        // 1 has links to 2 and 3 that were dead for most of a day, 0 has a perfect one to 2.
        ConnectionReport of0 = ConnectionReport.none(0).with(2, new ConnectionReport.Link(true, 1));
        ConnectionReport of1 = ConnectionReport.none(1).with(2, new ConnectionReport.Link(true, 0.1));
        ConnectionReport of2 = ConnectionReport.none(2)
                .with(0, new ConnectionReport.Link(true, 1))
                .with(1, new ConnectionReport.Link(true, 0.1));
        ConnectionReport of3 = ConnectionReport.none(3).with(1, new ConnectionReport.Link(true, 0.1));
        of1 = of1.with(3, new ConnectionReport.Link(true, 0.1));
        ConnectionTracker tracker =
                new ConnectionTracker(2, 1, 0, 43_200, new TreeMap<>(Map.of(0, of0, 1, of1, 2, of2, 3, of3)));
        Electorate us =
                new Electorate(2, 5, Set.of(), Set.of(), -1, Optional.of(new Electorate.Links(tracker, 0.0005)));
        assertThat(us.prefers(1, 0)).isTrue();
        assertThat(us.prefers(0, 1)).isFalse();
        assertThat(us.prefers(1, 2)).isFalse();
    }

    /** 1 leads all; then its link to 2 breaks, and 2 asks for another election again and again. */
    private void quorumWithoutTwo() {
        disallowed = Set.of(0);
        linksBut();
        on(1, new ElectionEvent.Start());
        deliver(1, 0);
        deliver(0, 1);
        reactor.pass(Duration.ofMillis(1));
        on(1, new ElectionEvent.Refused(2));
        mail.removeIf(m -> m.to == 2);
        deliverAll();
        assertThat(quorums).containsOnlyKeys(0, 1);
        script.clear();
        disallowed = Set.of();
    }

    @Test
    void whomTheLeaderCannotReachDoesNotDisturbTheQuorum() {
        quorumWithoutTwo();
        // Nobody is connected better than the leader.
        linksBut(1, 2, 0, 2);
        on(2, new ElectionEvent.Start());
        deliverAll();
        assertThat(script).containsExactly("""
                2 writes epoch 1
                2 waits 5000 ms
                2 -> 0 propose 1
                2 -> 1 propose 1""".split("\n"));
    }

    @Test
    void anOutsiderIsHeardWhenAnotherWouldLeadMore() {
        quorumWithoutTwo();
        linksBut(1, 2);
        on(2, new ElectionEvent.Start());
        deliver(2, 0);
        assertThat(script).endsWith("2 -> 0 propose 1", "0 writes epoch 3", "0 waits 5000 ms");
    }

    @Test
    void anOutsiderIsLetInByTheLeaderThoughTheOthersPassItOver() {
        quorumWithoutTwo();
        linksBut();
        on(2, new ElectionEvent.Start());
        deliver(2, 0);
        assertThat(script).endsWith("2 -> 0 propose 1");
        deliverAll();
        assertThat(quorums.get(0))
                .isEqualTo(quorums.get(1))
                .isEqualTo(quorums.get(2))
                .hasSize(3);
    }

    @Test
    void whatWasPassedOverCountsOnceTheLeaderHasCalledForThatElection() {
        quorumWithoutTwo();
        linksBut();
        // By a little: too little for the others to leave their leader for.
        score(0, 1, 0.9999);
        score(2, 0, 0.5);
        mail.clear();
        on(2, new ElectionEvent.Propose(1, 3));
        deliver(2, 0);
        assertThat(script).last().isEqualTo("2 -> 0 propose 3");
        deliverAll();
        assertThat(script).contains("0 follows 2 in epoch 6", "1 follows 2 in epoch 6");
    }
}
