package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.PeeringEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary stands still while its disk reads, for so long that there may be another when it goes on. */
class LateReadTest {
    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));

    @BeforeEach
    void aReadIsUnderWay() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        send(1, OsdOpCode.WRITEFULL, "old");
        cluster.settle();
        assertThat(answer().result()).isZero();
        cluster.reads = reads::add;
        send(2, OsdOpCode.READ, "");
        assertThat(reads).hasSize(1);
    }

    private ThreeOsds.Host primary() {
        return cluster.hosts.get(primaryId());
    }

    private int primaryId() {
        return cluster.map.pgToUpActing(pg.pg()).actingPrimary();
    }

    private void send(long tid, OsdOpCode code, String data) {
        ObjectId object = ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object"), 0x10);
        cluster.ask(client, cluster.map.epoch(), pg, object, tid, 0, ThreeOsds.op(code, Bytes.of(data)));
    }

    private OsdOpReply answer() {
        return (OsdOpReply) client.answers.removeFirst();
    }

    private void renewLease() {
        Objects.requireNonNull(primary().groups.byId().get(pg)).handle(new PeeringEvent.RenewLease());
    }

    private void aMinuteGoesBy() {
        cluster.uptime = cluster.uptime.plus(Duration.ofMinutes(1));
    }

    @Test
    void isAnsweredAtOnceWhileTheLeaseLasts() {
        reads.remove().run();
        assertThat(answer().ops().getFirst().output().utf8()).isEqualTo("old");
    }

    @Test
    void isAnsweredWhenTheReplicasHaveAgreedOnceMoreAndBeforeWhatWasSentLater() {
        aMinuteGoesBy();
        send(3, OsdOpCode.WRITEFULL, "new");
        reads.remove().run();
        cluster.settle();
        assertThat(client.answers).isEmpty();
        renewLease();
        assertThat(client.answers).isEmpty();
        cluster.settle();
        OsdOpReply read = answer();
        assertThat(read.tid()).isEqualTo(2);
        assertThat(read.ops().getFirst().output().utf8()).isEqualTo("old");
        assertThat(answer().tid()).isEqualTo(3);
        assertThat(client.held).isZero();
    }

    @Test
    void isReadAgainWhenTheIntervalHasEnded() {
        aMinuteGoesBy();
        reads.remove().run();
        int other = (primaryId() + 1) % 3;
        cluster.setUp(false, List.of(other));
        assertThat(client.answers).isEmpty();
        assertThat(reads).hasSize(1);
        reads.remove().run();
        assertThat(answer().ops().getFirst().output().utf8()).isEqualTo("old");
    }

    @Test
    void isAnsweredByAPrimaryWithoutReplicasAsSoonAsItRenewsItsLease() {
        TreeMap<Long, PgPool> pools = new TreeMap<>(cluster.map.pools());
        pools.replaceAll((id, pool) -> pool.toBuilder().minSize(1).build());
        cluster.map = cluster.map.toBuilder().pools(pools).build();
        cluster.setUp(false, List.of((primaryId() + 1) % 3, (primaryId() + 2) % 3));
        reads.removeFirst();
        assertThat(reads).as("read again as the only member").hasSize(1);
        aMinuteGoesBy();
        reads.remove().run();
        assertThat(client.answers).isEmpty();
        renewLease();
        assertThat(answer().ops().getFirst().output().utf8()).isEqualTo("old");
    }
}
