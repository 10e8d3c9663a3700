package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.Message;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What watchers are told while their connections and their group's interval change. */
class WatchesTest {
    private static final long COOKIE = 7;

    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final ObjectId object = ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object"), 0x10);
    private long tid;

    @BeforeEach
    void anObjectIsWatched() {
        int primary = cluster.map.pgToUpActing(pg.pg()).actingPrimary();
        cluster.hosts
                .get(primary)
                .groups
                .create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        ask(client, ThreeOsds.op(OsdOpCode.APPEND, Bytes.of("data")));
        cluster.settle();
        ask(client, watch(ObjectOpArgs.Watch.WATCH));
        cluster.settle();
        client.answers.clear();
    }

    private void ask(ThreeOsds.Client from, ObjectOp op) {
        cluster.ask(from, cluster.map.epoch(), pg, object, ++tid, 0, op);
    }

    private static ObjectOp watch(int what) {
        return new ObjectOp(OsdOpCode.WATCH, new ObjectOpArgs.Watch(COOKIE, 0, what, 0, 0), Bytes.EMPTY);
    }

    private static void isTold(ThreeOsds.Client watcher, int times) {
        assertThat(watcher.answers.stream().filter(m -> m instanceof WatchNotify n && n.op() == WatchNotify.Op.NOTIFY))
                .hasSize(times);
    }

    @Test
    void whatIsUnansweredIsToldAgainOverAnotherConnectionAndNotOverTheSame() {
        Bytes input = new Encoder().u32(1).u32(10).bytes(Bytes.of("hello")).toBytes();
        ask(new ThreeOsds.Client(), new ObjectOp(OsdOpCode.NOTIFY, new ObjectOpArgs.Notify(1), input));
        cluster.settle();
        isTold(client, 1);
        ask(client, watch(ObjectOpArgs.Watch.RECONNECT));
        cluster.settle();
        isTold(client, 1);
        ThreeOsds.Client other = new ThreeOsds.Client();
        ask(other, watch(ObjectOpArgs.Watch.RECONNECT));
        cluster.settle();
        isTold(other, 1);
    }

    @Test
    void whoIsAnsweredInAnotherIntervalKnowsOfItBefore() {
        ask(client, ThreeOsds.op(OsdOpCode.APPEND, Bytes.of("more")));
        ask(client, watch(ObjectOpArgs.Watch.PING));
        assertThat(client.answers).as("the ping waits for the write").isEmpty();
        assertThat(client.mapsShared).isZero();
        int replica = cluster.map.pgToUpActing(pg.pg()).acting().get(1);
        cluster.setUp(false, List.of(replica));
        assertThat(client.mapsShared).isPositive();
        List<Message> answers = client.answers;
        assertThat(answers).hasSize(2).allMatch(OsdOpReply.class::isInstance);
        assertThat(((OsdOpReply) answers.get(1)).result())
                .as("nobody is connected yet")
                .isEqualTo(-110);
    }
}
