package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.UpActing;
import io.spirula.common.types.PgId;
import io.spirula.it.sim.check.ModelOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary that is cut off from everybody but one client, which knows of nothing either, while the others go on without it. */
class StaleReadTest {
    private static final Bytes OBJECT = Bytes.of("object");

    private final Simulation simulation = new Simulation(5);
    private final SimCluster cluster = new SimCluster(simulation, 4, new TreeMap<>());
    private final SimHost readerHost = new SimHost(simulation, "reader");
    private final SimHost writerHost = new SimHost(simulation, "writer");
    private final SimClient reader = cluster.client(readerHost);
    private final SimClient writer = cluster.client(writerHost);
    private long pool;
    /** What was read by reads that were begun after the second write had been acknowledged. */
    private final List<String> late = new ArrayList<>();

    private int reads;
    private boolean overwritten;
    private boolean stopped;

    @BeforeEach
    void boot() {
        assertThat(simulation.runUntil(cluster::isClean, Duration.ofMinutes(2))).isTrue();
        writer.command("{\"prefix\":\"osd pool create\",\"pool\":\"data\",\"pg_num\":1}", outcome -> {
            writer.wantNewerMap();
            reader.wantNewerMap();
        });
        assertThat(simulation.runUntil(
                        () -> knows(writer) && knows(reader) && cluster.isClean(), Duration.ofMinutes(2)))
                .isTrue();
        pool = Objects.requireNonNull(writer.map()).poolId("data");
        write("old");
    }

    private static boolean knows(SimClient client) {
        OsdMap map = client.map();
        return map != null && map.poolId("data") >= 0;
    }

    private void write(String data) {
        boolean[] done = new boolean[1];
        ModelOp op = new ModelOp.WriteFull(Bytes.of(data));
        writer.operate(pool, OBJECT, op.steps(), op.flags(), reply -> done[0] = true);
        assertThat(simulation.runUntil(() -> done[0], Duration.ofMinutes(3)))
                .as(() -> "the write of " + data + " is done: " + cluster.state())
                .isTrue();
    }

    private void readOn() {
        if (stopped) {
            return;
        }
        boolean isLate = overwritten;
        ModelOp.Read op = new ModelOp.Read();
        reader.operate(pool, OBJECT, op.steps(), op.flags(), reply -> {
            reads++;
            if (isLate) {
                late.add(Objects.requireNonNull(op.result(reply).seen()).data().utf8());
            }
            readerHost.schedule(Duration.ofMillis(100), this::readOn);
        });
    }

    private SimOsd primary() {
        UpActing members = cluster.osdMap().pgToUpActing(new PgId(pool, 0));
        return cluster.osds().get(members.actingPrimary());
    }

    /** The primary and the reader are alone with each other. */
    private void cutOff(SimOsd primary) {
        cluster.isolate(primary, true);
        // A write that the old primary began would lock the object there, so that nobody would read it anyway.
        cluster.network().isolate(primary.host(), List.of(writerHost));
        List<SimHost> others = new ArrayList<>();
        cluster.osds().stream().filter(o -> o != primary).forEach(o -> others.add(o.host()));
        cluster.monitors().forEach(m -> others.add(m.host()));
        cluster.network().isolate(readerHost, others);
    }

    @Test
    void readsNothingOldOnceOthersHaveWritten() {
        SimOsd before = primary();
        readOn();
        assertThat(simulation.runUntil(() -> reads > 3, Duration.ofSeconds(5))).isTrue();
        cutOff(before);
        int untilThen = reads;
        simulation.runFor(Duration.ofSeconds(5));
        assertThat(reads).as("a lease outlives a short break").isGreaterThan(untilThen);
        write("new");
        assertThat(primary()).isNotEqualTo(before);
        overwritten = true;
        simulation.runFor(Duration.ofMinutes(1));
        assertThat(late).isEmpty();
        cluster.network().heal();
        assertThat(simulation.runUntil(() -> !late.isEmpty(), Duration.ofMinutes(2)))
                .as(() -> "the reader reads again: " + cluster.state())
                .isTrue();
        stopped = true;
        assertThat(late).containsOnly("new");
    }

    @Test
    void whoWasKilledIsNotWaitedFor() {
        SimOsd before = primary();
        before.crash();
        long killed = simulation.nowNanos();
        write("new");
        assertThat(Duration.ofNanos(simulation.nowNanos() - killed)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aReplicaThatIsCutOffDelaysNobodyForLongerThanItTakesToNotice() {
        int primary = primary().id();
        int replica = cluster.osdMap().pgToUpActing(new PgId(pool, 0)).acting().get(1);
        cluster.isolate(cluster.osds().get(replica), true);
        assertThat(simulation.runUntil(() -> !cluster.osdMap().isUp(replica), Duration.ofMinutes(1)))
                .isTrue();
        long down = simulation.nowNanos();
        write("new");
        assertThat(Duration.ofNanos(simulation.nowNanos() - down)).isLessThan(Duration.ofSeconds(5));
        assertThat(primary().id()).isEqualTo(primary);
    }
}
