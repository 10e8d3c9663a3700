package io.spirula.mon.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.mon.ManualReactor;
import io.spirula.mon.store.MemoryKeyValueStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PaxosDriverTest {
    private static final PaxosSettings SETTINGS =
            new PaxosSettings(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final ManualReactor reactor = new ManualReactor();
    private final MemoryKeyValueStore store = new MemoryKeyValueStore();
    private final ArrayDeque<Runnable> writes = new ArrayDeque<>();
    private final List<Integer> told = new ArrayList<>();

    private PaxosDriver leaderOfTwo() {
        PaxosDriver driver = new PaxosDriver(
                store,
                (transaction, durable) -> {
                    store.apply(transaction);
                    writes.add(durable);
                },
                reactor,
                SETTINGS);
        driver.sendWith((rank, message) -> told.add(rank));
        driver.lead(2, 0, new TreeSet<>(List.of(0, 1)), 2);
        return driver;
    }

    @Test
    void aWriteThatEndsIsFollowedByMessages() {
        leaderOfTwo();
        writes.remove().run();
        assertThat(told).containsExactly(1);
    }

    @Test
    void aWriteThatEndsAfterTheStopIsFollowedByNothing() {
        PaxosDriver driver = leaderOfTwo();
        driver.stop();
        writes.remove().run();
        reactor.pass(Duration.ofMinutes(1));
        assertThat(told).isEmpty();
        assertThat(writes).isEmpty();
    }
}
