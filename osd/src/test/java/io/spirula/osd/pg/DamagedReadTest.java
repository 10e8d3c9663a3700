package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A read finds that the primary's copy is bad while others wait for the object. */
class DamagedReadTest {
    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final ObjectId object = ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object"), 0x10);
    private long tid;

    @BeforeEach
    void aReadOfABadCopyIsUnderWay() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        send(OsdOpCode.WRITEFULL, "old");
        cluster.settle();
        damage();
        client.answers.clear();
        cluster.reads = reads::add;
        send(OsdOpCode.READ, "");
        assertThat(reads).hasSize(1);
    }

    private ThreeOsds.Host primary() {
        return cluster.primary(pg);
    }

    private void damage() {
        Transaction.Op change = new Transaction.Write(CollectionId.of(pg), object, 0, Bytes.of("bad"));
        primary().store().submit(new Transaction().add(change), () -> {});
        cluster.settle();
    }

    private void send(OsdOpCode code, String data) {
        cluster.ask(client, cluster.map.epoch(), pg, object, ++tid, 0, ThreeOsds.op(code, Bytes.of(data)));
    }

    private void theDisksGoOn() {
        cluster.reads = Runnable::run;
        while (!reads.isEmpty()) {
            reads.remove().run();
        }
        cluster.settle();
    }

    private String nextRead() {
        return ((OsdOpReply) client.answers.removeFirst())
                .ops()
                .getFirst()
                .output()
                .utf8();
    }

    private void isInOrder() {
        assertThat(client.answers).extracting(a -> ((OsdOpReply) a).tid()).isSorted();
    }

    @Test
    void aCopyThatIsDamagedOnceMoreIsMendedOnceMore() {
        theDisksGoOn();
        assertThat(nextRead()).isEqualTo("old");
        damage();
        send(OsdOpCode.READ, "");
        cluster.settle();
        assertThat(nextRead()).isEqualTo("old");
    }

    @Test
    void aWriteThatWaitedForItIsNotOverwrittenByTheGoodCopy() {
        send(OsdOpCode.APPEND, " and new");
        theDisksGoOn();
        send(OsdOpCode.READ, "");
        isInOrder();
        assertThat(nextRead()).isEqualTo("old");
        client.answers.removeFirst();
        assertThat(nextRead()).isEqualTo("old and new");
    }

    @Test
    void aWriteThatWaitedForAnotherReadTooIsNotOvertaken() {
        send(OsdOpCode.READ, "");
        send(OsdOpCode.APPEND, " and new");
        Runnable first = reads.remove();
        Runnable second = reads.remove();
        first.run();
        cluster.reads = Runnable::run;
        cluster.settle();
        send(OsdOpCode.APPEND, " and newer");
        cluster.settle();
        second.run();
        cluster.settle();
        send(OsdOpCode.READ, "");
        assertThat(((OsdOpReply) client.answers.getLast())
                        .ops()
                        .getFirst()
                        .output()
                        .utf8())
                .isEqualTo("old and new and newer");
        assertThat(client.held).isZero();
    }
}
