package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Outcome;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.it.sim.check.ModelOp;
import io.spirula.it.sim.check.ReplicaComparison;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two copies of which one has missed writes, and is the only one left: what stock does in this situation was recorded. */
class UnfoundTest {
    private final Simulation simulation = new Simulation(3);
    private final SimCluster cluster = new SimCluster(simulation, 2, new TreeMap<>());
    private final SimClient client = cluster.client(new SimHost(simulation, "client"));
    private PgId pg = new PgId(0, 0);
    private SimOsd current = cluster.osds().getFirst();
    private SimOsd behind = cluster.osds().getFirst();
    private SimOsd asked = cluster.osds().getFirst();

    @BeforeEach
    void theOnlyOneLeftIsBehind() {
        await("it is clean", cluster::isClean);
        command("{\"prefix\":\"osd pool create\",\"pool\":\"u\",\"pg_num\":1,\"size\":2}");
        command("{\"prefix\":\"osd pool set\",\"pool\":\"u\",\"var\":\"min_size\",\"val\":\"1\"}");
        client.wantNewerMap();
        await("the client knows the pool", () -> poolId() >= 0 && cluster.isClean());
        pg = new PgId(poolId(), 0);
        List<Integer> acting = cluster.osdMap().pgToUpActing(pg).acting();
        current = cluster.osds().get(acting.get(0));
        behind = cluster.osds().get(acting.get(1));
        asked = behind;
        write("o1", "one");
        write("o2", "one");
        behind.crash();
        await("one is down", () -> !cluster.osdMap().isUp(behind.id()));
        write("o1", "two");
        write("o4", "two");
        command("{\"prefix\":\"osd set\",\"key\":\"norecover\"}");
        behind.restart();
        await("both are up again", () -> acting().size() == 2 && has(PgState.DEGRADED) && has(PgState.ACTIVE));
        simulation.runFor(Duration.ofSeconds(10));
        current.crash();
        await("the other is left", () -> acting().equals(List.of(behind.id())) && has(PgState.ACTIVE));
        command("{\"prefix\":\"osd unset\",\"key\":\"norecover\"}");
        await("it is known that objects are unfound", () -> has(PgState.RECOVERY_UNFOUND));
    }

    private long poolId() {
        OsdMap map = client.map();
        return map == null ? -1 : map.poolId("u");
    }

    private List<Integer> acting() {
        return cluster.osdMap().pgToUpActing(pg).acting();
    }

    private boolean has(long bit) {
        PgStats stats = cluster.pgMap().pgs().get(pg);
        return stats != null && stats.mapping().acting().equals(acting()) && (stats.state() & bit) != 0;
    }

    private void await(String what, BooleanSupplier condition) {
        assertThat(simulation.runUntil(condition, Duration.ofMinutes(5)))
                .as(() -> what + ": " + cluster.state())
                .isTrue();
    }

    private void command(String json) {
        boolean[] done = new boolean[1];
        client.command(json, outcome -> {
            assertThat(outcome.code()).as(json + ": " + outcome.status()).isZero();
            done[0] = true;
        });
        await(json + " is done", () -> done[0]);
    }

    private void write(String object, String data) {
        boolean[] done = new boolean[1];
        ModelOp op = new ModelOp.WriteFull(Bytes.of(data));
        client.operate(poolId(), Bytes.of(object), op.steps(), op.flags(), reply -> done[0] = reply.result() == 0);
        await("a write", () -> done[0]);
    }

    /** A read that was begun, and what it came to. */
    private final class Reading {
        private ModelOp.Result result = new ModelOp.Result(1, null);

        Reading(String object) {
            ModelOp.Read op = new ModelOp.Read();
            client.operate(poolId(), Bytes.of(object), op.steps(), op.flags(), reply -> result = op.result(reply));
        }

        boolean isDone() {
            return result.code() <= 0;
        }

        String data() {
            await("a read", this::isDone);
            return result.code() < 0
                    ? "-" + -result.code()
                    : Objects.requireNonNull(result.seen()).data().utf8();
        }
    }

    private Outcome ask(String command, String more) {
        Outcome[] outcome = new Outcome[1];
        String json = "{\"prefix\":\"" + command + "\",\"pgid\":\"" + pg + "\"" + more + "}";
        asked.host()
                .execute(() -> outcome[0] = asked.daemon()
                        .commandTable()
                        .run(CommandCall.parse(List.of(json), Bytes.EMPTY, CommandCall.Caller.NOBODY)));
        await(command + " is answered", () -> outcome[0] != null);
        return Objects.requireNonNull(outcome[0]);
    }

    @Test
    void theObjectsAreListedAsByStock() {
        String list = ask("list_unfound", ",\"format\":\"json\"").output().utf8();
        assertThat(list).startsWith("{\"num_missing\":2,\"num_unfound\":2,\"objects\":[{\"oid\":{\"oid\":\"o");
        assertThat(list)
                .contains(
                        "\"state\":\"NotRecovering\",\"available_might_have_unfound\":true,\"might_have_unfound\":[{\"osd\":\""
                                + current.id() + "\",\"status\":\"osd is down\"}],\"more\":false}");
        assertThat(ask("list_unfound", ",\"offset\":\"xx\"").text()).isEqualTo("error parsing offset: bad json");
        String first =
                "{\\\"oid\\\":\\\"o1\\\",\\\"key\\\":\\\"\\\",\\\"snapid\\\":-2,\\\"hash\\\":0,\\\"max\\\":0,\\\"pool\\\":"
                        + pg.pool() + ",\\\"namespace\\\":\\\"\\\"}";
        assertThat(ask("list_unfound", ",\"format\":\"json\",\"offset\":\"" + first + "\"")
                        .output()
                        .utf8())
                .startsWith("{\"offset\":{\"oid\":\"o1\",");
    }

    @Test
    void whoMayHaveThemIsWaitedFor() {
        Reading reading = new Reading("o1");
        simulation.runFor(Duration.ofSeconds(20));
        assertThat(reading.isDone()).isFalse();
        Outcome early = ask("mark_unfound_lost", ",\"mulcmd\":\"revert\"");
        assertThat(early.text())
                .isEqualTo("pg has 2 unfound objects but we haven't probed all sources, not marking lost");
        current.restart();
        assertThat(reading.data()).isEqualTo("two");
        await("it is clean", cluster::isClean);
        asked = current; // which is the primary again
        assertThat(ask("mark_unfound_lost", ",\"mulcmd\":\"revert\"").text()).isEqualTo("pg has no unfound objects");
    }

    @ParameterizedTest
    @ValueSource(strings = {"revert", "delete"})
    void whatIsGivenUpGoesBackOrIsGone(String how) {
        boolean reverts = how.equals("revert");
        Reading waiting = new Reading("o1");
        command("{\"prefix\":\"osd lost\",\"id\":" + current.id() + ",\"yes_i_really_mean_it\":true}");
        simulation.runFor(Duration.ofSeconds(5));
        Outcome marked = ask("mark_unfound_lost", ",\"mulcmd\":\"" + how + "\"");
        assertThat(marked.result()).isZero();
        assertThat(waiting.data()).isEqualTo(reverts ? "one" : "-2");
        assertThat(new Reading("o4").data()).isEqualTo("-2");
        assertThat(new Reading("o2").data()).isEqualTo("one");
        write("o4", "three");
        await("nothing is unfound", () -> !has(PgState.RECOVERY_UNFOUND));
        current.restart();
        await("it is clean", cluster::isClean);
        assertThat(new Reading("o1").data()).isEqualTo(reverts ? "one" : "-2");
        assertThat(new Reading("o4").data()).isEqualTo("three");
        simulation.runFor(Duration.ofSeconds(10));
        ReplicaComparison.compare(cluster);
    }
}
