package io.spirula.osd.pg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicationTest {
    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final ObjectId object = ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object"), 0x10);

    @BeforeEach
    void theGroupIsMade() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
    }

    private ThreeOsds.Host primary() {
        return cluster.primary(pg);
    }

    private void send(long tid, OsdOpCode code, String data) {
        send(2, tid, code, data);
    }

    private void send(int epoch, long tid, OsdOpCode code, String data) {
        cluster.ask(client, epoch, pg, object, tid, 0, ThreeOsds.op(code, Bytes.of(data)));
    }

    private OsdOpReply answer() {
        return (OsdOpReply) client.answers.removeFirst();
    }

    private String read() {
        send(900, OsdOpCode.READ, "");
        return answer().ops().getFirst().output().utf8();
    }

    @Test
    void aWriteIsAnsweredOnceAllHaveItOnDisk() {
        send(1, OsdOpCode.WRITEFULL, "hello");
        cluster.deliver();
        assertThat(client.answers).isEmpty();
        cluster.settle();
        assertThat(answer().result()).isZero();
        for (ThreeOsds.Host host : cluster.hosts) {
            assertThat(host.store().size(CollectionId.of(pg), object)).isEqualTo(5);
        }
    }

    @Test
    void aRequestIsHeldUntilItsAnswerHoweverSlowTheDisks() {
        for (int i = 1; i <= 5; i++) {
            send(i, OsdOpCode.APPEND, "a");
            cluster.deliver();
            assertThat(client.held).isEqualTo(i);
        }
        send(5, OsdOpCode.APPEND, "a"); // a repeat is answered with the first
        assertThat(client.held).isEqualTo(6);
        cluster.settle();
        assertThat(client.answers).hasSize(6);
        assertThat(client.held).isZero();
    }

    @Test
    void aRequestThatNobodyWillAnswerIsNotHeld() {
        send(3, 1, OsdOpCode.APPEND, "a"); // waits for a map
        assertThat(client.held).isEqualTo(1);
        primary().groups.closed(client);
        assertThat(client.held).isZero();
        send(1, 2, OsdOpCode.APPEND, "a"); // of an interval that is over
        assertThat(client.held).isZero();
        send(3, OsdOpCode.APPEND, "a");
        client.close();
        cluster.settle();
        assertThat(client.answers).isEmpty();
        assertThat(client.held).isZero();
    }

    @Test
    void whatAFullDiskMayNotTakeIsNotHeldEither() {
        cluster.fullness = Fullness.FAILSAFE;
        send(1, OsdOpCode.APPEND, "a");
        cluster.settle();
        assertThat(client.answers).isEmpty();
        assertThat(client.held).isZero();
        cluster.fullness = Fullness.NONE;
        send(1, OsdOpCode.APPEND, "a");
        cluster.settle();
        assertThat(answer().result()).isZero();
    }

    private void setPoolFull(boolean full) {
        TreeMap<Long, PgPool> pools = new TreeMap<>(cluster.map.pools());
        pools.computeIfPresent(pg.pg().pool(), (id, pool) -> {
            long others = pool.flags() & ~PoolFlag.FULL.mask();
            return pool.toBuilder()
                    .flags(full ? others | PoolFlag.FULL.mask() : others)
                    .build();
        });
        cluster.next(cluster.map.toBuilder().pools(pools));
    }

    @Test
    void whatWasSentBeforeThePoolWasFullDoesNotPassWhatWasDroppedThen() {
        setPoolFull(true);
        send(2, 1, OsdOpCode.APPEND, "a");
        setPoolFull(false);
        send(2, 2, OsdOpCode.APPEND, "b");
        cluster.settle();
        assertThat(client.answers).isEmpty();
        assertThat(client.held).isZero();
        assertThat(client.mapsShared).isPositive(); // it sends both again, in their order
        int epoch = cluster.map.epoch();
        send(epoch, 1, OsdOpCode.APPEND, "a");
        send(epoch, 2, OsdOpCode.APPEND, "b");
        cluster.settle();
        assertThat(answer().result()).isZero();
        assertThat(answer().result()).isZero();
        assertThat(read()).isEqualTo("ab");
    }

    @Test
    void aReadWaitsForTheWriteBeforeIt() {
        send(1, OsdOpCode.WRITEFULL, "hello");
        send(2, OsdOpCode.READ, "");
        assertThat(client.answers).isEmpty();
        cluster.settle();
        assertThat(answer().tid()).isEqualTo(1);
        assertThat(answer().ops().getFirst().output().utf8()).isEqualTo("hello");
    }

    @Test
    void aResentWriteIsDoneOnceAndAnsweredTwice() {
        send(1, OsdOpCode.APPEND, "a");
        send(1, OsdOpCode.APPEND, "a");
        cluster.settle();
        OsdOpReply first = answer();
        OsdOpReply second = answer();
        assertThat(second.result()).isZero();
        assertThat(second.userVersion()).isEqualTo(first.userVersion());
        send(1, OsdOpCode.APPEND, "a");
        assertThat(answer().userVersion()).isEqualTo(first.userVersion());
        assertThat(read()).isEqualTo("a");
    }

    @Test
    void copiesOfAWriteThatWaitForTheirObjectTogetherAreDoneOnce() {
        send(1, OsdOpCode.WRITEFULL, "x");
        send(2, OsdOpCode.READ, ""); // waits for the first, and the others for it
        send(3, OsdOpCode.APPEND, "a");
        send(3, OsdOpCode.APPEND, "a");
        cluster.settle();
        assertThat(client.answers).hasSize(4);
        client.answers.clear();
        assertThat(read()).isEqualTo("xa");
    }

    @Test
    void aLimitHoldsForTheNextOperationOnceItIsSet() {
        cluster.config.set("osd_max_object_size", "4");
        send(1, OsdOpCode.WRITEFULL, "hello");
        cluster.settle();
        assertThat(answer().result()).isEqualTo(-27); // EFBIG
        cluster.config.set("osd_max_object_size", "5");
        send(2, OsdOpCode.WRITEFULL, "hello");
        cluster.settle();
        assertThat(answer().result()).isZero();
    }

    @Test
    void aResentRemoveThatFoundNothingDoesNotRemoveWhatCameSince() {
        send(1, OsdOpCode.DELETE, "");
        cluster.settle();
        assertThat(answer().result()).isEqualTo(-2);
        send(2, OsdOpCode.WRITEFULL, "new");
        cluster.settle();
        assertThat(answer().result()).isZero();
        send(1, OsdOpCode.DELETE, "");
        assertThat(answer().result()).isEqualTo(-2);
        cluster.restart();
        send(1, OsdOpCode.DELETE, "");
        assertThat(answer().result()).isEqualTo(-2);
        assertThat(read()).isEqualTo("new");
    }

    @Test
    void whatWasAnsweredIsThereAfterARestartOfAll() {
        send(1, OsdOpCode.APPEND, "a");
        cluster.settle();
        answer();
        send(2, OsdOpCode.APPEND, "lost"); // reaches no disk
        cluster.restart();
        send(1, OsdOpCode.APPEND, "a");
        assertThat(answer().result()).isZero();
        assertThat(read()).isEqualTo("a");
    }

    /** The primary counts what is left after a split; another, which did not, passes its estimate on. */
    @Test
    void whoHasCountedAfterASplitDoesNotTrustTheEstimateOfWhoHasNot() {
        send(1, OsdOpCode.WRITEFULL, "stays");
        cluster.ask(client, 2, pg, hashed(0x14), 2, 0, ThreeOsds.op(OsdOpCode.WRITEFULL, Bytes.of("moves")));
        cluster.ask(client, 2, pg, hashed(0x24), 3, 0, ThreeOsds.op(OsdOpCode.WRITEFULL, Bytes.of("moves")));
        cluster.settle();
        split(6);
        assertThat(counted()).isEqualTo(1);

        List<Integer> acting = cluster.map.pgToUpActing(pg.pg()).acting();
        cluster.setUp(false, acting.subList(2, 3)); // nobody counts while a member is away
        cluster.next(cluster.map.toBuilder().primaryTemp(new TreeMap<>(Map.of(pg.pg(), acting.get(1)))));
        assertThat(primary().whoami()).isEqualTo(acting.get(1));
        cluster.ask(
                client,
                cluster.map.epoch(),
                pg,
                hashed(0x20),
                4,
                0,
                ThreeOsds.op(OsdOpCode.WRITEFULL, Bytes.of("new")));
        cluster.settle();
        assertThat(client.answers).hasSize(4);

        cluster.next(cluster.map.toBuilder().primaryTemp(new TreeMap<>()));
        cluster.setUp(true, acting.subList(2, 3));
        assertThat(primary().whoami()).isEqualTo(acting.get(0));
        assertThat(counted()).isEqualTo(2);
    }

    private PgStats report(int second) {
        cluster.now = Instant.ofEpochSecond(second);
        return requireNonNull(primary().groups.byId().get(pg)).stats();
    }

    private void primaryGoes() {
        cluster.setUp(false, List.of(primary().whoami()));
    }

    @Test
    void aNewPrimaryKnowsFromWritesSinceWhenTheGroupIsNotClean() {
        assertThat(report(100).state() & PgState.CLEAN).isNotZero();
        send(1, OsdOpCode.WRITEFULL, "hello");
        cluster.settle();
        primaryGoes();
        PgStats stats = report(150);
        assertThat(stats.state() & PgState.CLEAN).isZero();
        assertThat(stats.stamps().clean()).isEqualTo(Instant.ofEpochSecond(100));
        assertThat(stats.stamps().change()).isEqualTo(Instant.ofEpochSecond(150));
        assertThat(stats.reportedSequence()).isEqualTo(2);
    }

    @Test
    void itIsOnDiskWithTheWrite() {
        report(100);
        send(1, OsdOpCode.WRITEFULL, "hello");
        cluster.settle();
        cluster.restart();
        primaryGoes();
        assertThat(report(150).stamps().clean()).isEqualTo(Instant.ofEpochSecond(100));
    }

    @Test
    void aNewPrimaryHearsItFromTheFormerOne() {
        report(100);
        List<Integer> acting = cluster.map.pgToUpActing(pg.pg()).acting();
        cluster.next(cluster.map.toBuilder().primaryTemp(new TreeMap<>(Map.of(pg.pg(), acting.get(1)))));
        assertThat(primary().whoami()).isEqualTo(acting.get(1));
        PgStats stats = report(150);
        assertThat(stats.stamps().becameActive()).isEqualTo(Instant.ofEpochSecond(100));
        assertThat(stats.reportedSequence()).isEqualTo(2);
    }

    private ObjectId hashed(int hash) {
        return ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object" + hash), hash);
    }

    private void split(int pgNum) {
        TreeMap<Long, PgPool> pools = new TreeMap<>(cluster.map.pools());
        pools.replaceAll((id, pool) -> pool.toBuilder()
                .pgNum(pgNum)
                .pgNumTarget(pgNum)
                .pgNumPending(pgNum)
                .build());
        cluster.next(cluster.map.toBuilder().pools(pools));
    }

    private long counted() {
        PgStats stats = requireNonNull(primary().groups.byId().get(pg)).stats();
        assertThat(stats.invalid().stats()).isFalse();
        return stats.stats().get(ObjectStats.Counter.OBJECTS);
    }

    @Test
    void errorsAreAnsweredAsCephDoes() {
        send(1, OsdOpCode.READ, "");
        assertThat(answer().result()).isEqualTo(-2);
        send(2, OsdOpCode.NOTIFY_ACK, "");
        assertThat(answer().result()).isEqualTo(-2);
    }
}
