package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.command.Json;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdRepOp;
import io.spirula.common.pg.PushOp;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.PeeringState;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.RecoveryState;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Contents;
import io.spirula.osd.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An OSD comes back that has missed much: the others serve without it, and clients do not wait for what it lacks. */
class AsyncRecoveryTest {
    private static final int OBJECTS = 5;

    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final ShardPgId other =
            ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 1));
    private final List<Message> sent = new ArrayList<>();
    private int late;
    private long tid;

    @BeforeEach
    void theGroupIsMadeAndHasObjects() {
        cluster.config.set("osd_async_recovery_min_cost", "3");
        cluster.config.set("osd_force_auth_primary_missing_objects", "3");
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        for (int i = 0; i < OBJECTS; i++) {
            write(i, "old");
        }
        cluster.watched = sent::add;
    }

    private List<Integer> acting() {
        return cluster.map.pgToUpActing(pg.pg()).acting();
    }

    private ThreeOsds.Host primary() {
        return cluster.hosts.get(acting().getFirst());
    }

    private PlacementGroup group() {
        return Objects.requireNonNull(primary().groups.byId().get(pg));
    }

    private ObjectId object(int number) {
        return ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object-" + number), 0x10 * number);
    }

    private void ask(int number, OsdOpCode code, Bytes data) {
        cluster.ask(client, cluster.map.epoch(), pg, object(number), ++tid, 0, ThreeOsds.op(code, data));
    }

    private void write(int number, String content) {
        ask(number, OsdOpCode.WRITEFULL, Bytes.of(content));
        cluster.settle();
    }

    private void delete(int number) {
        ask(number, OsdOpCode.DELETE, Bytes.EMPTY);
        cluster.settle();
    }

    private void occupyThePlace() {
        cluster.hosts.forEach(h -> h.recovery().local().request(other, 255, () -> {}, null));
    }

    private void leaveThePlace() {
        cluster.hosts.forEach(h -> h.recovery().local().cancel(other));
    }

    /** While an OSD is away all objects change; then it is up again, and nothing is recovered as long as the place is taken. */
    private void comesBackLate(int osd) {
        late = osd;
        cluster.setUp(false, List.of(osd));
        cluster.pass(Duration.ofSeconds(20)); // a primary's lease is over
        for (int i = 0; i < OBJECTS; i++) {
            write(i, "newer");
        }
        occupyThePlace();
        cluster.setUp(true, List.of(osd));
        cluster.pass(Duration.ofSeconds(20));
        assertThat(cluster.grantActing()).isTrue();
        client.answers.clear();
        sent.clear();
    }

    private void recover() {
        leaveThePlace();
        cluster.settle();
        cluster.pass(Duration.ofSeconds(20));
        cluster.grantActing();
    }

    private List<Integer> results() {
        return client.answers.stream().map(m -> ((OsdOpReply) m).result()).toList();
    }

    private List<ObjectId> pushed() {
        return sent.stream()
                .filter(OsdPgPush.class::isInstance)
                .flatMap(m -> ((OsdPgPush) m).pushes().stream())
                .map(PushOp::object)
                .toList();
    }

    private @Nullable String contents(int osd, int number) {
        ObjectStore store = cluster.hosts.get(osd).store();
        if (!store.exists(CollectionId.of(pg), object(number))) {
            return null;
        }
        return Contents.of(store, CollectionId.of(pg), object(number)).utf8();
    }

    private void assertAllHave(int number, @Nullable String content) {
        for (int osd = 0; osd < 3; osd++) {
            assertThat(contents(osd, number))
                    .as("object %d on osd.%d", number, osd)
                    .isEqualTo(content);
        }
    }

    private JsonNode query() throws IOException {
        return new ObjectMapper().readTree(Json.render(group().query(), "json").toArray());
    }

    @Test
    void whoMissesMuchTakesPartWithoutActingUntilItMissesNothing() throws IOException {
        List<Integer> before = acting();
        comesBackLate(before.getLast());
        assertThat(acting()).isEqualTo(before.subList(0, 2));
        assertThat(query().at("/async_recovery_targets/0").asText()).isEqualTo(String.valueOf(late));
        assertThat(query().at("/acting_recovery_backfill")).hasSize(3);
        recover();
        assertThat(acting()).isEqualTo(before);
        assertThat(query().has("async_recovery_targets")).isFalse();
        assertThat(group().state()).isInstanceOf(PeeringState.Clean.class);
        assertAllHave(0, "newer");
    }

    @Test
    void whoMissesMuchIsNotThePrimaryBefore() {
        List<Integer> before = acting();
        comesBackLate(before.getFirst());
        assertThat(acting()).isEqualTo(before.subList(1, 3));
        ask(1, OsdOpCode.READ, Bytes.EMPTY);
        cluster.settle();
        assertThat(results()).containsExactly(0);
        recover();
        assertThat(acting()).isEqualTo(before);
        assertAllHave(1, "newer");
    }

    @Test
    void aWriteDoesNotWaitForWhoMissesItsObject() {
        comesBackLate(acting().getLast());
        write(4, "newest");
        write(4, "newest of all");
        assertThat(results()).containsExactly(0, 0);
        assertThat(pushed()).isEmpty();
        assertThat(contents(late, 4)).isEqualTo("old");
        recover();
        assertAllHave(4, "newest of all");
    }

    @Test
    void whatItIsOnlyToldOfItMissesAfterARestartToo() {
        comesBackLate(acting().getLast());
        write(4, "newest");
        PgMembers behind = Objects.requireNonNull(
                        cluster.hosts.get(late).groups.byId().get(pg))
                .members();
        assertThat(behind.missing().size()).isEqualTo(OBJECTS);
        assertThat(behind.missing().byNeed().lastKey()).isEqualTo(group().lastUpdate());
        cluster.restart();
        cluster.pass(Duration.ofSeconds(20));
        cluster.grantActing();
        recover();
        assertAllHave(4, "newest");
        assertAllHave(0, "newer");
    }

    @Test
    void anObjectThatIsDeletedMeanwhileIsNotRecovered() {
        comesBackLate(acting().getLast());
        delete(4);
        assertThat(results()).containsExactly(0);
        assertAllHave(4, null);
        write(4, "again");
        assertAllHave(4, "again");
        recover();
        assertThat(pushed()).hasSize(OBJECTS - 1).doesNotContain(object(4));
        assertAllHave(4, "again");
    }

    @Test
    void itActsAgainAsSoonAsAllThatItMissesIsDeleted() {
        comesBackLate(acting().getLast());
        cluster.next(cluster.map.toBuilder().flags(OsdMapFlag.NORECOVER.mask()));
        leaveThePlace();
        cluster.settle();
        assertThat(group().state()).isInstanceOf(RecoveryState.Recovering.class);
        for (int i = 0; i < OBJECTS; i++) {
            delete(i);
        }
        assertThat(cluster.grantActing()).isTrue();
        assertThat(acting()).hasSize(3);
        assertThat(group().state()).isInstanceOf(PeeringState.Clean.class);
    }

    @Test
    void anObjectThatIsBeingWrittenToIsCopiedAfterwards() {
        comesBackLate(acting().getLast());
        ask(0, OsdOpCode.WRITEFULL, Bytes.of("newest"));
        cluster.deliver();
        leaveThePlace();
        cluster.deliver();
        assertThat(pushed()).hasSize(OBJECTS - 1).doesNotContain(object(0));
        cluster.settle();
        assertThat(pushed()).hasSize(OBJECTS).endsWith(object(0));
        cluster.grantActing();
        assertAllHave(0, "newest");
    }

    @Test
    void aWriteWaitsWhileItsObjectIsCopied() {
        comesBackLate(acting().getLast());
        leaveThePlace();
        cluster.deliver();
        assertThat(pushed()).contains(object(0));
        ask(0, OsdOpCode.WRITEFULL, Bytes.of("newest"));
        cluster.deliver();
        assertThat(sent).noneMatch(OsdRepOp.class::isInstance);
        cluster.settle();
        assertThat(results()).containsExactly(0);
        cluster.grantActing();
        assertAllHave(0, "newest");
    }
}
