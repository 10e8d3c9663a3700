package io.spirula.osd.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Contents;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LandingTest {
    private static final EVersion VERSION = new EVersion(3, 7);
    private static final ObjectPush.Limits LIMITS = new ObjectPush.Limits(10_000, 3);

    private final CollectionId pg = CollectionId.of(ShardPgId.replica(new PgId(1, 0)));
    private final ObjectId object = ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("large"), 0x40);
    private final MemoryStore source = store();
    private final MemoryStore target = store();
    private final Landing landing = new Landing(pg);
    private Bytes data = Bytes.EMPTY;

    private static MemoryStore store() {
        ArrayDeque<Runnable> syncs = new ArrayDeque<>();
        return new MemoryStore(new MemoryStore.Disk(), syncs::add);
    }

    @BeforeEach
    void theSourceHasALargeObject() {
        byte[] random = new byte[35_000];
        new Random(1).nextBytes(random);
        data = Bytes.wrap(random);
        TreeMap<Bytes, Bytes> omap = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            omap.put(Bytes.of("key" + i), Bytes.of("value" + i));
        }
        TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
        attributes.put(Bytes.of("a"), Bytes.of("1"));
        for (MemoryStore store : List.of(source, target)) {
            store.submit(new Transaction().add(new Transaction.CreateCollection(pg)), () -> {});
        }
        source.submit(
                new Transaction()
                        .add(new Transaction.Write(pg, object, 0, data.slice(0, 20_000)))
                        .add(new Transaction.Write(pg, object, 200_000, data.slice(20_000, 15_000)))
                        .add(new Transaction.Truncate(pg, object, 300_000))
                        .add(new Transaction.SetAttributes(pg, object, attributes))
                        .add(new Transaction.OmapSetHeader(pg, object, Bytes.of("header")))
                        .add(new Transaction.OmapSet(pg, object, omap)),
                () -> {});
        target.submit(new Transaction().add(new Transaction.Write(pg, object, 0, Bytes.of("old"))), () -> {});
    }

    private PushOp piece(RecoveryProgress from) {
        List<PushOp> read = new ArrayList<>();
        ObjectPush.read(source, pg, object, VERSION, from, LIMITS, new ObjectPush.Done() {
            @Override
            public void read(PushOp push) {
                read.add(push);
            }

            @Override
            public void failed(StoreException why) {
                throw why;
            }
        });
        return read.getFirst();
    }

    private Landing.Result take(PushOp push) {
        Transaction transaction = new Transaction();
        Landing.Result result = landing.take(push, transaction);
        target.submit(transaction, () -> {});
        return result;
    }

    @Test
    void aLargeObjectComesInBoundedPiecesAndTakesItsPlaceWhenItIsWhole() {
        PushOp push = piece(RecoveryProgress.START);
        int pieces = 1;
        while (take(push) == Landing.Result.PIECE) {
            assertThat(push.data().size()).isLessThanOrEqualTo(LIMITS.bytes());
            assertThat(push.omapEntries().size()).isLessThanOrEqualTo(LIMITS.omapEntries());
            assertThat(Contents.of(target, pg, object)).isEqualTo(Bytes.of("old"));
            push = piece(push.afterProgress());
            pieces++;
        }
        assertThat(pieces).isGreaterThan(4);
        assertThat(Contents.of(target, pg, object)).isEqualTo(Contents.of(source, pg, object));
        assertThat(target.attributes(pg, object)).isEqualTo(source.attributes(pg, object));
        assertThat(target.omapHeader(pg, object)).isEqualTo(Bytes.of("header"));
        assertThat(target.omap(pg, object, null, 100)).isEqualTo(source.omap(pg, object, null, 100));
        assertThat(target.list(pg, ObjectId.MIN, ObjectId.MAX, 100)).containsExactly(object);
    }

    @Test
    void whatAnIntervalLeftUnfinishedIsGoneAndCannotBeContinued() {
        PushOp first = piece(RecoveryProgress.START);
        assertThat(take(first)).isEqualTo(Landing.Result.PIECE);
        Transaction end = new Transaction();
        landing.clear(end);
        target.submit(end, () -> {});
        assertThat(target.list(pg, ObjectId.MIN, ObjectId.MAX, 100)).containsExactly(object);
        assertThat(take(piece(first.afterProgress()))).isEqualTo(Landing.Result.STRAY);
        assertThat(Contents.of(target, pg, object)).isEqualTo(Bytes.of("old"));
    }

    @Test
    void whatAStoppedOsdLeftUnfinishedIsGoneToo() {
        take(piece(RecoveryProgress.START));
        assertThat(target.list(pg, ObjectId.MIN, ObjectId.MAX, 100)).hasSize(2);
        Transaction start = new Transaction();
        Landing.removeLeftovers(target, pg, start);
        target.submit(start, () -> {});
        assertThat(target.list(pg, ObjectId.MIN, ObjectId.MAX, 100)).containsExactly(object);
    }

    @Test
    void anObjectThatIsNoMoreIsRemoved() {
        PushOp nothing = ObjectPush.nothing(object); // as it is read where the object is not
        assertThat(take(nothing)).isEqualTo(Landing.Result.WHOLE);
        assertThat(target.exists(pg, object)).isFalse();
    }
}
