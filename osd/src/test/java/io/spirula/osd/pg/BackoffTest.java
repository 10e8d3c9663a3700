package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdBackoff;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group that can't be active tells its clients to hold back, and to go on. Its pool wants two members and has three. */
class BackoffTest {
    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));

    @BeforeEach
    void theGroupIsMade() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
    }

    private ThreeOsds.Host primary() {
        return cluster.hosts.get(primaryId());
    }

    private int primaryId() {
        return cluster.map.pgToUpActing(pg.pg()).actingPrimary();
    }

    private List<Integer> replicas() {
        return cluster.map.pgToUpActing(pg.pg()).acting().stream()
                .filter(osd -> osd != primaryId())
                .toList();
    }

    private ObjectId object(String name) {
        return ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name), 0x10);
    }

    private void append(long tid, int attempt, String data) {
        cluster.ask(
                client,
                cluster.map.epoch(),
                pg,
                object("object"),
                tid,
                attempt,
                ThreeOsds.op(OsdOpCode.APPEND, Bytes.of(data)));
    }

    private OsdBackoff told(OsdBackoff.Op op) {
        assertThat(client.answers).isNotEmpty();
        OsdBackoff backoff = (OsdBackoff) client.answers.removeFirst();
        assertThat(backoff.op()).isEqualTo(op);
        assertThat(backoff.pg()).isEqualTo(pg);
        return backoff;
    }

    private void acknowledge(OsdBackoff block) {
        primary()
                .groups
                .handle(
                        client,
                        new OsdBackoff(
                                pg, block.epoch(), OsdBackoff.Op.ACK_BLOCK, block.id(), block.begin(), block.end()));
    }

    private List<Long> answered() {
        List<Long> tids = new ArrayList<>();
        for (Message message : client.answers) {
            assertThat(((OsdOpReply) message).result()).isZero();
            tids.add(((OsdOpReply) message).tid());
        }
        client.answers.clear();
        return tids;
    }

    private long sizeOfTheObject() {
        return primary().store().size(io.spirula.osd.store.CollectionId.of(pg), object("object"));
    }

    private void loseTwo() {
        cluster.setUp(false, replicas());
    }

    private void bringAllBack() {
        cluster.setUp(
                true,
                cluster.hosts.stream()
                        .map(ThreeOsds.Host::whoami)
                        .filter(cluster.map::isDown)
                        .toList());
    }

    @Test
    void aGroupWithTooFewMembersTellsItsClientOnceAndHoldsNothing() {
        loseTwo();
        append(1, 0, "a");
        OsdBackoff block = told(OsdBackoff.Op.BLOCK);
        assertThat(block.begin().compareTo(object("object"))).isNegative();
        assertThat(block.end().compareTo(object("object"))).isPositive();
        append(2, 0, "b"); // was on its way
        acknowledge(block);
        append(3, 0, "c"); // a client that does not listen
        assertThat(client.answers).isEmpty();
        assertThat(client.held).isZero();
    }

    @Test
    void aClientThatHeldBackIsServedInItsOrderOnceTheGroupIsActive() {
        loseTwo();
        append(1, 0, "a");
        acknowledge(told(OsdBackoff.Op.BLOCK));
        bringAllBack();
        // The interval in which it was told is over with the first OSD that came back.
        told(OsdBackoff.Op.UNBLOCK);
        append(1, 1, "a");
        append(2, 0, "b");
        cluster.settle();
        assertThat(answered()).containsExactly(1L, 2L);
        assertThat(sizeOfTheObject()).isEqualTo(2);
        assertThat(client.held).isZero();
    }

    @Test
    void whatWasSentBeforeTheClientKnewDoesNotOvertakeWhatItSendsAgain() {
        loseTwo();
        append(1, 0, "a");
        OsdBackoff block = told(OsdBackoff.Op.BLOCK);
        bringAllBack();
        told(OsdBackoff.Op.UNBLOCK);
        append(2, 0, "b"); // sent before BLOCK had come: the first must go first
        cluster.settle();
        assertThat(client.answers).isEmpty();
        acknowledge(block);
        append(1, 1, "a");
        append(2, 1, "b");
        cluster.settle();
        assertThat(answered()).containsExactly(1L, 2L);
        assertThat(sizeOfTheObject()).isEqualTo(2);
    }

    @Test
    void whatWaitedWhenTheGroupLostItsMembersGivesUpItsPlace() {
        append(1, 0, "a");
        append(2, 0, "b");
        cluster.deliver(); // on its way to the disks, which do not move
        assertThat(client.held).isEqualTo(2);
        loseTwo();
        assertThat(client.held).isZero();
        assertThat(client.answers).hasSize(1);
        acknowledge(told(OsdBackoff.Op.BLOCK));
        bringAllBack();
        told(OsdBackoff.Op.UNBLOCK);
        append(1, 1, "a");
        append(2, 1, "b");
        cluster.settle();
        assertThat(answered()).containsExactly(1L, 2L);
        assertThat(sizeOfTheObject()).as("nothing was done twice").isEqualTo(2);
    }

    @Test
    void aClientThatKnowsNoBackoffsIsHeldAndServedLater() {
        client.features = 1L << 59;
        loseTwo();
        append(1, 0, "a");
        assertThat(client.answers).isEmpty();
        assertThat(client.held).isEqualTo(1);
        bringAllBack();
        cluster.settle();
        assertThat(answered()).containsExactly(1L);
    }

    @Test
    void aClientThatHasGoneIsForgotten() {
        loseTwo();
        append(1, 0, "a");
        told(OsdBackoff.Op.BLOCK);
        primary().groups.closed(client);
        bringAllBack();
        assertThat(client.answers).isEmpty();
    }
}
