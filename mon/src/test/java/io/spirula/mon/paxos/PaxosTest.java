package io.spirula.mon.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.ManualReactor;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.MemoryKeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PaxosTest {
    private static final PaxosEvent ALONE = new PaxosEvent.LeaderInit(2, 0, new TreeSet<>(List.of(0)), 1);
    private static final PaxosSettings SETTINGS =
            new PaxosSettings(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static Paxos paxos(KeyValueStore store) {
        return new Paxos(store, new ManualReactor().clock(), SETTINGS);
    }

    /** One member on a store, which may stop between any two of its durable writes. */
    private static final class Member {
        private final Paxos paxos;
        private final MemoryKeyValueStore store;
        private final List<Long> committed = new ArrayList<>();
        private int writesLeft;

        Member(MemoryKeyValueStore store, int writesLeft) {
            this.store = store;
            this.writesLeft = writesLeft;
            paxos = paxos(store);
        }

        void on(PaxosEvent first) {
            ArrayDeque<PaxosEvent> events = new ArrayDeque<>(List.of(first));
            while (!events.isEmpty()) {
                for (PaxosEffect effect : paxos.on(events.poll())) {
                    switch (effect) {
                        case PaxosEffect.Persist p -> {
                            if (writesLeft-- > 0) {
                                store.apply(p.transaction());
                                events.add(p.then());
                            }
                        }
                        case PaxosEffect.Committed c -> committed.add(c.version());
                        case PaxosEffect.Send s -> throw new AssertionError("nobody to send to");
                        case PaxosEffect.Bootstrap b -> throw new AssertionError(b.why());
                        case PaxosEffect.Arm a -> {}
                        case PaxosEffect.Disarm d -> {}
                        case PaxosEffect.MayWrite w -> {}
                        case PaxosEffect.MayRead r -> {}
                    }
                }
            }
        }
    }

    private static Bytes value(String text) {
        return StoreTransaction.CODEC.toBytes(new StoreTransaction().put("service", "value", Bytes.of(text)));
    }

    @Test
    void aLoneLeaderCommitsAValueAfterTwoDurableWrites() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        Member m = new Member(store, 3);
        m.on(ALONE);
        assertThat(m.paxos.isWriteable()).isTrue();
        assertThat(store.number("paxos", "accepted_pn")).isEqualTo(100);
        m.on(new PaxosEvent.Propose(value("one")));
        assertThat(m.committed).containsExactly(1L);
        assertThat(store.get("service", "value")).isEqualTo(Bytes.of("one"));
        assertThat(store.number("paxos", "first_committed")).isEqualTo(1);
        assertThat(m.paxos.isWriteable()).isTrue();
    }

    @Test
    void everyElectionUsesAHigherProposalNumber() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        new Member(store, 9).on(ALONE);
        new Member(store, 9).on(ALONE);
        assertThat(store.number("paxos", "accepted_pn")).isEqualTo(200);
    }

    @Test
    void stoppedBetweenAnyTwoWritesNothingCommittedIsLostAndNothingIsCommittedTwice() {
        for (int writes = 0; writes <= 7; writes++) {
            MemoryKeyValueStore store = new MemoryKeyValueStore();
            Member before = new Member(store, writes);
            before.on(ALONE);
            for (String text : List.of("one", "two", "three")) {
                if (before.paxos.isWriteable()) {
                    before.on(new PaxosEvent.Propose(value(text)));
                }
            }
            Member after = new Member(store, 100);
            after.on(ALONE);
            long last = store.number("paxos", "last_committed");
            assertThat(last).as("after %d writes", writes).isGreaterThanOrEqualTo(before.committed.size());
            String expected = List.of("", "one", "two", "three").get((int) last);
            Bytes stored = store.get("service", "value");
            assertThat(stored == null ? "" : stored.utf8())
                    .as("after %d writes", writes)
                    .isEqualTo(expected);
            assertThat(after.paxos.isWriteable()).isTrue();
            after.on(new PaxosEvent.Propose(value("next")));
            assertThat(store.number("paxos", "last_committed")).isEqualTo(last + 1);
        }
    }

    @Test
    void aValueThatWasAcceptedBeforeARestartIsCommittedBeforeAnythingNew() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        Member before = new Member(store, 2);
        before.on(ALONE);
        before.on(new PaxosEvent.Propose(value("accepted")));
        assertThat(before.committed).isEmpty();
        Member after = new Member(store, 100);
        after.on(ALONE);
        assertThat(after.committed).containsExactly(1L);
        assertThat(store.get("service", "value")).isEqualTo(Bytes.of("accepted"));
    }

    @Test
    void oldVersionsAreForgottenInOneOfTheNextProposals() {
        MemoryKeyValueStore store = new MemoryKeyValueStore();
        Member m = new Member(store, 1000);
        m.on(ALONE);
        for (int i = 0; i < 20; i++) {
            StoreTransaction t = new StoreTransaction().put("service", "value", i);
            t.append(m.paxos.trim(5, 4));
            m.on(new PaxosEvent.Propose(StoreTransaction.CODEC.toBytes(t)));
        }
        assertThat(store.number("paxos", "first_committed")).isEqualTo(13);
        assertThat(store.get("paxos", "12")).isNull();
        assertThat(store.get("paxos", "13")).isNotNull();
    }
}
