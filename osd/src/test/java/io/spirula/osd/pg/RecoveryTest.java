package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdPgPull;
import io.spirula.common.message.OsdPgPush;
import io.spirula.common.message.OsdPgPushReply;
import io.spirula.common.pg.PushOp;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes from where to where when an OSD comes back that missed writes. */
class RecoveryTest {
    private static final int CLIENT = 63;
    private static final int RECOVERY = 3;

    private final ThreeOsds cluster = new ThreeOsds(1);
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final ShardPgId other =
            ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 1));
    private final List<Message> sent = new ArrayList<>();
    private long tid;

    @BeforeEach
    void theGroupIsMade() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        cluster.watched = sent::add;
    }

    private List<Integer> acting() {
        return cluster.map.pgToUpActing(pg.pg()).acting();
    }

    private ThreeOsds.Host primary() {
        return cluster.hosts.get(acting().getFirst());
    }

    private ObjectId object(int number) {
        return ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object-" + number), 0x10 * number);
    }

    private void write(int number, Bytes data) {
        cluster.ask(client, cluster.map.epoch(), pg, object(number), ++tid, 0, ThreeOsds.op(OsdOpCode.WRITEFULL, data));
    }

    /** An OSD comes back that has none of these objects. */
    private void comesBackWithout(int osd, int objects) {
        cluster.setUp(false, List.of(osd));
        cluster.pass(Duration.ofSeconds(20)); // a primary's lease is over
        for (int i = 0; i < objects; i++) {
            write(i, Bytes.of("content"));
            cluster.settle();
        }
        client.answers.clear();
        sent.clear();
        cluster.setUp(true, List.of(osd));
        cluster.pass(Duration.ofSeconds(20));
    }

    private void occupyThePlace() {
        cluster.hosts.forEach(h -> h.recovery().local().request(other, 255, () -> {}, null));
    }

    private void leaveThePlace() {
        cluster.hosts.forEach(h -> h.recovery().local().cancel(other));
    }

    private <T extends Message> List<T> sent(Class<T> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private List<ObjectId> pushed() {
        return sent(OsdPgPush.class).stream()
                .flatMap(m -> m.pushes().stream())
                .map(PushOp::object)
                .toList();
    }

    private boolean allHave(int number) {
        return cluster.hosts.stream().allMatch(h -> h.store().size(CollectionId.of(pg), object(number)) > 0);
    }

    @Test
    void whatAReplicaMissedIsPushedTenObjectsAMessageAndAnsweredAsMany() {
        comesBackWithout(acting().getLast(), 25);
        assertThat(sent(OsdPgPush.class)).extracting(m -> m.pushes().size()).containsExactly(10, 10, 5);
        assertThat(sent(OsdPgPush.class)).extracting(OsdPgPush::priority).containsOnly(RECOVERY);
        assertThat(sent(OsdPgPushReply.class))
                .extracting(m -> m.replies().size())
                .containsExactly(10, 10, 5);
        assertThat(pushed()).doesNotHaveDuplicates().hasSize(25);
        assertThat(allHave(0) && allHave(24)).isTrue();
    }

    @Test
    void whatThePrimaryMissedIsPulledTenObjectsAMessage() {
        comesBackWithout(acting().getFirst(), 25);
        assertThat(sent(OsdPgPull.class).stream()
                        .mapToInt(m -> m.pulls().size())
                        .sum())
                .isEqualTo(25);
        assertThat(sent(OsdPgPull.class)).hasSizeLessThan(10);
        assertThat(allHave(0) && allHave(24)).isTrue();
    }

    @Test
    void aMessageHoldsOneObjectThatCostsMore() {
        cluster.config.set("osd_max_push_cost", "1500");
        comesBackWithout(acting().getLast(), 3);
        assertThat(sent(OsdPgPush.class)).extracting(m -> m.pushes().size()).containsExactly(1, 1, 1);
    }

    @Test
    void aLargeObjectComesInSmallPiecesWhileClientsAreServed() {
        cluster.setUp(false, List.of(acting().getLast()));
        write(1, Bytes.zeros(3 << 20));
        cluster.settle();
        sent.clear();
        cluster.setUp(true, List.of(0, 1, 2));
        assertThat(sent(OsdPgPush.class))
                .extracting(m -> m.pushes().getFirst().data().size())
                .hasSize(6)
                .containsOnly(512 << 10);
        assertThat(cluster.hosts).allMatch(h -> h.store().size(CollectionId.of(pg), object(1)) == 3 << 20);
    }

    @Test
    void aClientsObjectComesWithItsPriorityWhoeverElseHasThePlaceForRecovery() {
        occupyThePlace();
        comesBackWithout(acting().getLast(), 12);
        assertThat(pushed()).isEmpty();
        write(11, Bytes.of("new"));
        cluster.settle();
        assertThat(pushed()).containsExactly(object(11));
        assertThat(sent(OsdPgPush.class).getFirst().priority()).isEqualTo(CLIENT);
        assertThat(client.answers).hasSize(1);
        leaveThePlace();
        cluster.settle();
        assertThat(pushed()).hasSize(12);
    }

    @Test
    void theSameHoldsForAnObjectThatThePrimaryItselfLacks() {
        occupyThePlace();
        comesBackWithout(acting().getFirst(), 12);
        write(11, Bytes.of("new"));
        cluster.settle();
        assertThat(sent(OsdPgPull.class)).extracting(OsdPgPull::priority).containsExactly(CLIENT);
        assertThat(sent(OsdPgPush.class)).extracting(OsdPgPush::priority).containsExactly(CLIENT);
        assertThat(client.answers).hasSize(1);
    }

    @Test
    void anObjectInLineForItsTurnGoesAheadOnceAClientWaitsForIt() {
        occupyThePlace();
        comesBackWithout(acting().getLast(), 10);
        ArrayDeque<Runnable> reads = new ArrayDeque<>();
        cluster.reads = reads::add;
        write(100, Bytes.of("what the disk is busy with"));
        cluster.deliver();
        leaveThePlace();
        cluster.deliver();
        write(9, Bytes.of("new"));
        cluster.settle();
        assertThat(reads).as("the disk does one thing at a time").hasSize(1);
        while (!reads.isEmpty()) {
            reads.remove().run();
            cluster.settle();
        }
        assertThat(pushed()).hasSize(10);
        assertThat(pushed().indexOf(object(9))).isLessThanOrEqualTo(1);
        assertThat(client.answers).hasSize(2);
    }
}
