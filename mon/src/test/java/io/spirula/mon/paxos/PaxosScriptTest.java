package io.spirula.mon.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.ManualReactor;
import io.spirula.mon.store.MemoryKeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Paxos as scripts: three members, messages that are delivered when the script says so or never, and crashes that forget what was not written. */
class PaxosScriptTest {
    private static final PaxosSettings SETTINGS =
            new PaxosSettings(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private record Mail(int from, int to, PaxosMessage message, Stamps stamps) {}

    private final ManualReactor reactor = new ManualReactor();
    private final List<String> script = new ArrayList<>();
    private final List<Mail> mail = new ArrayList<>();
    private final List<MemoryKeyValueStore> stores = new ArrayList<>();
    private final List<Paxos> members = new ArrayList<>();
    private int epoch;

    @BeforeEach
    void threeMembers() {
        for (int rank = 0; rank < 3; rank++) {
            stores.add(new MemoryKeyValueStore());
            members.add(new Paxos(stores.get(rank), reactor.clock(), SETTINGS));
        }
    }

    private void on(int rank, PaxosEvent event) {
        for (PaxosEffect effect : members.get(rank).on(event)) {
            switch (effect) {
                case PaxosEffect.Persist p -> {
                    stores.get(rank).apply(p.transaction());
                    on(rank, p.then());
                }
                case PaxosEffect.Send s -> mail.add(new Mail(rank, s.rank(), s.message(), s.stamps()));
                case PaxosEffect.Committed c -> script.add(rank + " has " + c.version() + " = " + read(rank));
                case PaxosEffect.MayWrite w -> script.add(rank + " may propose");
                case PaxosEffect.Bootstrap b -> script.add(rank + " leaves: " + b.why());
                case PaxosEffect.MayRead r -> {}
                case PaxosEffect.Arm a -> {}
                case PaxosEffect.Disarm d -> {}
            }
        }
    }

    private String read(int rank) {
        Bytes value = stores.get(rank).get("service", "value");
        return value == null ? "nothing" : value.utf8();
    }

    private void elect(int leader, Integer... quorum) {
        epoch += 2;
        mail.clear();
        for (int member : quorum) {
            on(member, new PaxosEvent.Restart());
            if (member != leader) {
                on(member, new PaxosEvent.PeonInit(epoch, leader));
            }
        }
        on(leader, new PaxosEvent.LeaderInit(epoch, leader, new TreeSet<>(List.of(quorum)), 3));
    }

    private void deliver(int from, int to) {
        Mail next = mail.stream()
                .filter(m -> m.from == from && m.to == to)
                .findFirst()
                .orElseThrow();
        mail.remove(next);
        String name = next.message.getClass().getSimpleName();
        script.add(from + " -> " + to + " " + name.toLowerCase(java.util.Locale.ROOT));
        on(to, new PaxosEvent.Received(from, next.message, next.stamps));
    }

    private void deliverAll() {
        while (!mail.isEmpty()) {
            deliver(mail.getFirst().from, mail.getFirst().to);
        }
    }

    private void propose(int leader, String value) {
        on(
                leader,
                new PaxosEvent.Propose(StoreTransaction.CODEC.toBytes(
                        new StoreTransaction().put("service", "value", Bytes.of(value)))));
    }

    /** The process is gone; what was written stays. */
    private void crash(int rank) {
        members.set(rank, new Paxos(stores.get(rank), reactor.clock(), SETTINGS));
        mail.removeIf(m -> m.to == rank);
    }

    @Test
    void aValueIsCommittedOnceAllHaveAccepted() {
        elect(0, 0, 1, 2);
        deliverAll();
        script.clear();
        propose(0, "x");
        deliverAll();
        assertThat(script).containsExactly("""
                0 -> 1 begin
                0 -> 2 begin
                1 -> 0 accept
                2 -> 0 accept
                0 has 1 = x
                0 may propose
                0 -> 1 commit
                1 has 1 = x
                0 -> 2 commit
                2 has 1 = x
                0 -> 1 lease
                0 -> 2 lease
                1 -> 0 leaseack
                2 -> 0 leaseack""".split("\n"));
        assertThat(members).allMatch(Paxos::isReadable);
    }

    @Test
    void aLeaderThatDiesBetweenBeginAndCommitLeavesItsValueToTheNext() {
        elect(0, 0, 1, 2);
        deliverAll();
        propose(0, "x");
        deliver(0, 2);
        crash(0);
        script.clear();
        elect(1, 1, 2);
        deliverAll();
        assertThat(script).containsExactly("""
                1 -> 2 collect
                2 -> 1 last
                1 -> 2 begin
                2 -> 1 accept
                1 has 1 = x
                1 may propose
                1 -> 2 commit
                2 has 1 = x
                1 -> 2 lease
                2 -> 1 leaseack""".split("\n"));
    }

    @Test
    void aValueThatNobodyElseAcceptedGivesWayToWhatOthersCommitted() {
        elect(0, 0, 1, 2);
        deliverAll();
        propose(0, "lonely");
        crash(0);
        elect(1, 1, 2);
        deliverAll();
        propose(1, "agreed");
        deliverAll();
        script.clear();
        elect(0, 0, 1, 2);
        deliverAll();
        assertThat(script.subList(0, 5))
                .containsExactly("0 -> 1 collect", "0 -> 2 collect", "1 -> 0 last", "0 has 1 = agreed", "2 -> 0 last");
        assertThat(read(0)).isEqualTo("agreed");
    }

    @Test
    void ofTwoUncommittedValuesTheOneOfTheHigherNumberIsProposedAgain() {
        elect(0, 0, 1, 2);
        deliverAll();
        propose(0, "older");
        crash(0);
        elect(1, 1, 2);
        deliverAll();
        propose(1, "newer");
        deliver(1, 2);
        crash(1);
        elect(0, 0, 2);
        deliverAll();
        assertThat(read(0)).isEqualTo("newer");
        assertThat(read(2)).isEqualTo("newer");
    }

    @Test
    void aLeaderWithALowNumberCollectsAgainWithAHigherOne() {
        elect(2, 1, 2);
        deliverAll();
        elect(1, 1, 2);
        deliverAll();
        script.clear();
        elect(0, 0, 1, 2);
        deliverAll();
        assertThat(script.subList(0, 4))
                .containsExactly("0 -> 1 collect", "0 -> 2 collect", "1 -> 0 last", "2 -> 0 last");
        assertThat(script).filteredOn("0 -> 1 collect"::equals).hasSize(2);
        assertThat(members.get(0).isWriteable()).isTrue();
    }

    @Test
    void aPeonThatLagsIsGivenWhatItLacks() {
        elect(0, 0, 1);
        deliverAll();
        for (String value : List.of("x", "y", "z")) {
            propose(0, value);
            deliverAll();
        }
        script.clear();
        elect(0, 0, 1, 2);
        deliverAll();
        assertThat(script).contains("0 -> 2 commit", "2 has 3 = z");
    }

    @Test
    void aLeaderThatLagsTakesWhatItLacks() {
        elect(1, 1, 2);
        deliverAll();
        propose(1, "x");
        deliverAll();
        script.clear();
        elect(0, 0, 1, 2);
        deliverAll();
        assertThat(script).contains("0 has 1 = x").doesNotContain("0 -> 1 commit");
    }

    @Test
    void whoAcceptedAValueReadsNothingUntilItKnowsWhatBecameOfIt() {
        elect(0, 0, 1, 2);
        deliverAll();
        propose(0, "x");
        deliverAll();
        propose(0, "y");
        deliver(0, 1);
        assertThat(members.get(1).isReadable()).isFalse();
        assertThat(members.get(2).isReadable()).isTrue();
        deliverAll();
        assertThat(members).allMatch(Paxos::isReadable);
    }

    @Test
    void aLeaseEndsWithItsTimeAndSoDoesTheLeadersOwn() {
        elect(0, 0, 1, 2);
        deliverAll();
        propose(0, "x");
        deliverAll();
        reactor.pass(Duration.ofSeconds(5));
        assertThat(members).noneMatch(Paxos::isReadable);
        on(0, new PaxosEvent.TimedOut(PaxosEvent.Timeout.RENEW));
        deliverAll();
        on(0, new PaxosEvent.TimedOut(PaxosEvent.Timeout.RENEW));
        deliverAll();
        assertThat(members).allMatch(Paxos::isReadable);
    }

    @Test
    void silenceEndsAQuorumOnEitherSide() {
        elect(0, 0, 1, 2);
        deliverAll();
        script.clear();
        reactor.pass(Duration.ofSeconds(11));
        on(0, new PaxosEvent.TimedOut(PaxosEvent.Timeout.RENEW));
        on(1, new PaxosEvent.TimedOut(PaxosEvent.Timeout.LEASE));
        assertThat(script)
                .containsExactly(
                        "0 leaves: rank 1 has not acknowledged a lease in time",
                        "1 leaves: the leader has not renewed the lease in time");
    }
}
