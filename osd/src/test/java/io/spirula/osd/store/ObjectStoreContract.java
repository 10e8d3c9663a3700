package io.spirula.osd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ObjectStore} does, as tests; a store's own test extends this. */
abstract class ObjectStoreContract {
    static final CollectionId PG = CollectionId.of(ShardPgId.replica(new PgId(1, 0)));
    static final CollectionId OTHER = CollectionId.of(ShardPgId.replica(new PgId(1, 1)));
    static final Bytes A = Bytes.of("a");
    static final Bytes B = Bytes.of("b");
    static final Bytes C = Bytes.of("c");

    final TestReactor reactor = new TestReactor();
    ObjectStore store;
    private int outstanding;

    /** A new, empty store, or one on what the last one left. */
    abstract ObjectStore open();

    /** Drops the store as a killed process does; what was not committed may be gone. */
    abstract void crash(ObjectStore store);

    @BeforeEach
    void make() {
        store = open();
        commit(new Transaction()
                .add(new Transaction.CreateCollection(PG))
                .add(new Transaction.CreateCollection(OTHER)));
    }

    @AfterEach
    void release() {
        store.close();
    }

    static ObjectId object(String name, int hash) {
        return ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name), hash);
    }

    static final ObjectId FOO = object("foo", 0x1234_5670);
    static final ObjectId BAR = object("bar", 0x0234_5671);

    static Bytes pattern(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    static SortedMap<Bytes, Bytes> pairs(Object... keysAndValues) {
        TreeMap<Bytes, Bytes> map = new TreeMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((Bytes) keysAndValues[i], (Bytes) keysAndValues[i + 1]);
        }
        return map;
    }

    void submit(Transaction.Op... ops) {
        submit(new Transaction().addAll(List.of(ops)));
    }

    void submit(Transaction transaction) {
        outstanding++;
        store.submit(transaction, () -> outstanding--);
    }

    void commit(Transaction transaction) {
        submit(transaction);
        settle();
    }

    void settle() {
        reactor.runUntil(() -> outstanding == 0);
    }

    void restart() {
        settle();
        store.close();
        store = open();
    }

    void crashAndReopen() {
        crash(store);
        reactor.runReady();
        outstanding = 0;
        store = open();
    }

    Bytes read(ObjectId object, long offset, long length) {
        return read(store, PG, object, offset, length);
    }

    Bytes read(ObjectStore from, CollectionId collection, ObjectId object, long offset, long length) {
        return read(from, reactor, collection, object, offset, length);
    }

    static Bytes read(
            ObjectStore from, TestReactor reactor, CollectionId collection, ObjectId object, long offset, long length) {
        List<Object> got = new ArrayList<>();
        from.read(collection, object, offset, length, new ObjectStore.ReadDone() {
            @Override
            public void done(Bytes data) {
                got.add(data);
            }

            @Override
            public void failed(StoreException why) {
                got.add(why);
            }
        });
        reactor.runUntil(() -> !got.isEmpty());
        if (got.getFirst() instanceof StoreException e) {
            throw e;
        }
        return (Bytes) got.getFirst();
    }

    @Test
    void whatWasSubmittedIsReadBeforeItIsCommitted() {
        submit(new Transaction.Write(PG, FOO, 0, Bytes.of("hello")));
        assertThat(read(FOO, 0, 0)).isEqualTo(Bytes.of("hello"));
        assertThat(store.size(PG, FOO)).isEqualTo(5);
        submit(new Transaction.Write(PG, FOO, 3, Bytes.of("p!")));
        assertThat(read(FOO, 0, 0)).isEqualTo(Bytes.of("help!"));
    }

    @Test
    void whatWasStagedIsReadAndKeptAsIfItHadNotBeen() {
        Bytes data = pattern(7, 300_000);
        List<Transaction.Write> writes = List.of(
                new Transaction.Write(PG, FOO, 0, data.slice(0, 200_000)),
                new Transaction.Write(PG, FOO, 250_000, data.slice(200_000, 100_000)));
        List<ObjectStore.Staged> ready = new ArrayList<>();
        store.stage(writes, ready::add);
        reactor.runUntil(() -> !ready.isEmpty());
        assertThat(store.exists(PG, FOO)).isFalse();
        Transaction transaction = new Transaction().use(ready.getFirst());
        writes.forEach(transaction::add);
        transaction.add(new Transaction.Write(PG, FOO, 70_000, B));
        submit(transaction);
        ready.getFirst().close();
        byte[] wanted = new byte[350_000];
        data.slice(0, 200_000).copyTo(wanted, 0);
        data.slice(200_000, 100_000).copyTo(wanted, 250_000);
        B.copyTo(wanted, 70_000);
        assertThat(read(store, reactor, PG, FOO, 0, 0)).isEqualTo(Bytes.wrap(wanted));
        settle();
        crash(store);
        store = open();
        assertThat(read(store, reactor, PG, FOO, 0, 0)).isEqualTo(Bytes.wrap(wanted));
    }

    @Test
    void committedTransactionsAreToldInTheOrderOfSubmission() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            store.submit(new Transaction().add(new Transaction.Touch(PG, object("o" + i, i))), () -> order.add(number));
        }
        store.submit(new Transaction(), () -> order.add(100));
        reactor.runUntil(() -> order.size() == 101);
        assertThat(order).isSorted();
    }

    @Test
    void whatIsCommittedSurvivesACrash() {
        commit(new Transaction()
                .add(new Transaction.Write(PG, FOO, 10, pattern(1, 200_000)))
                .add(new Transaction.SetAttributes(PG, FOO, pairs(A, B)))
                .add(new Transaction.OmapSet(PG, FOO, pairs(B, C)))
                .add(new Transaction.OmapSetHeader(PG, FOO, A)));
        crashAndReopen();
        assertThat(store.collections()).containsExactlyInAnyOrder(PG, OTHER);
        assertThat(read(FOO, 10, 200_000)).isEqualTo(pattern(1, 200_000));
        assertThat(store.attribute(PG, FOO, A)).isEqualTo(B);
        assertThat(store.omap(PG, FOO, null, 10)).isEqualTo(pairs(B, C));
        assertThat(store.omapHeader(PG, FOO)).isEqualTo(A);
    }

    @Test
    void aCrashKeepsWholeTransactionsAndNoneAfterAMissingOne() {
        for (int i = 0; i < 50; i++) {
            submit(
                    new Transaction.Write(PG, FOO, 0, pattern(i, 5000)),
                    new Transaction.OmapSet(OTHER, BAR, pairs(A, Bytes.of("" + i))),
                    new Transaction.Touch(PG, object("n" + i, i)));
            if (i == 20) {
                settle();
            }
        }
        crashAndReopen();
        int kept = Integer.parseInt(
                store.omap(OTHER, BAR, null, 1).getOrDefault(A, B).utf8());
        assertThat(kept).isBetween(20, 49);
        assertThat(read(FOO, 0, 0)).isEqualTo(pattern(kept, 5000));
        for (int i = 0; i < 50; i++) {
            assertThat(store.exists(PG, object("n" + i, i))).isEqualTo(i <= kept);
        }
    }

    @Test
    void whatWasSubmittedIsDurableAfterAClose() {
        submit(new Transaction.Write(PG, FOO, 0, A));
        store.close();
        reactor.runReady();
        outstanding = 0;
        store = open();
        assertThat(read(FOO, 0, 0)).isEqualTo(A);
    }

    @Test
    void holesReadAsZeros() {
        submit(new Transaction.Write(PG, FOO, 300_001, A));
        assertThat(store.size(PG, FOO)).isEqualTo(300_002);
        assertThat(read(FOO, 0, 300_001)).isEqualTo(Bytes.zeros(300_001));
        assertThat(read(FOO, 300_000, 100)).isEqualTo(Bytes.wrap(new byte[] {0, 'a'}));
        long first = store.extents(PG, FOO).getFirst().offset();
        assertThat(first).isBetween(200_000L, 300_001L);
    }

    @Test
    void aReadEndsWhereTheObjectEnds() {
        submit(new Transaction.Write(PG, FOO, 0, pattern(1, 100)));
        assertThat(read(FOO, 90, 100)).isEqualTo(pattern(1, 100).slice(90, 10));
        assertThat(read(FOO, 100, 100)).isEqualTo(Bytes.EMPTY);
        assertThat(read(FOO, 5000, 0)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aReadOfNothingFails() {
        assertThatThrownBy(() -> read(FOO, 0, 0))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_SUCH_OBJECT));
        assertThat(store.size(PG, FOO)).isEqualTo(-1);
        assertThat(store.exists(PG, FOO)).isFalse();
        assertThat(store.attribute(PG, FOO, A)).isNull();
        assertThat(store.attributes(PG, FOO)).isEmpty();
        assertThat(store.omap(PG, FOO, null, 10)).isEmpty();
    }

    @Test
    void aTruncatedObjectGrowsWithZeros() {
        submit(new Transaction.Write(PG, FOO, 0, pattern(1, 100_000)));
        submit(new Transaction.Truncate(PG, FOO, 70_001));
        assertThat(read(FOO, 0, 0)).isEqualTo(pattern(1, 100_000).slice(0, 70_001));
        submit(new Transaction.Truncate(PG, FOO, 100_000));
        assertThat(read(FOO, 0, 70_001)).isEqualTo(pattern(1, 100_000).slice(0, 70_001));
        assertThat(read(FOO, 70_001, 0)).isEqualTo(Bytes.zeros(29_999));
    }

    @Test
    void aZeroedRangeReadsAsZerosAndGrowsTheObject() {
        submit(new Transaction.Write(PG, FOO, 0, pattern(1, 1000)));
        submit(new Transaction.Zero(PG, FOO, 500, 70_000));
        assertThat(store.size(PG, FOO)).isEqualTo(70_500);
        assertThat(read(FOO, 0, 500)).isEqualTo(pattern(1, 1000).slice(0, 500));
        assertThat(read(FOO, 500, 0)).isEqualTo(Bytes.zeros(70_000));
    }

    @Test
    void aCloneIsAnObjectOfItsOwn() {
        submit(
                new Transaction.Write(PG, FOO, 0, pattern(1, 150_000)),
                new Transaction.SetAttributes(PG, FOO, pairs(A, B)),
                new Transaction.OmapSet(PG, FOO, pairs(A, C)),
                new Transaction.OmapSetHeader(PG, FOO, B),
                new Transaction.Write(PG, BAR, 0, pattern(2, 400_000)),
                new Transaction.OmapSet(PG, BAR, pairs(C, C)),
                new Transaction.Clone(PG, FOO, BAR),
                new Transaction.Write(PG, FOO, 3, Bytes.of("xyz")),
                new Transaction.OmapSet(PG, FOO, pairs(B, B)));
        assertThat(read(BAR, 0, 0)).isEqualTo(pattern(1, 150_000));
        assertThat(store.attributes(PG, BAR)).isEqualTo(pairs(A, B));
        assertThat(store.omap(PG, BAR, null, 10)).isEqualTo(pairs(A, C));
        assertThat(store.omapHeader(PG, BAR)).isEqualTo(B);
        assertThat(read(FOO, 3, 3)).isEqualTo(Bytes.of("xyz"));
    }

    @Test
    void aRangeIsClonedIntoAnotherObject() {
        submit(
                new Transaction.Write(PG, FOO, 0, pattern(1, 150_000)),
                new Transaction.Write(PG, BAR, 0, pattern(2, 10)),
                new Transaction.CloneRange(PG, FOO, BAR, 4000, 100_000, 5));
        assertThat(read(BAR, 0, 5)).isEqualTo(pattern(2, 10).slice(0, 5));
        assertThat(read(BAR, 5, 0)).isEqualTo(pattern(1, 150_000).slice(4000, 100_000));
    }

    @Test
    void aRemovedObjectLeavesNothingBehind() {
        submit(
                new Transaction.Write(PG, FOO, 0, pattern(1, 150_000)),
                new Transaction.SetAttributes(PG, FOO, pairs(A, B)),
                new Transaction.OmapSet(PG, FOO, pairs(A, C)),
                new Transaction.OmapSetHeader(PG, FOO, B));
        submit(new Transaction.Remove(PG, FOO), new Transaction.Remove(PG, BAR));
        assertThat(store.exists(PG, FOO)).isFalse();
        submit(new Transaction.Truncate(PG, FOO, 150_000));
        assertThat(read(FOO, 0, 0)).isEqualTo(Bytes.zeros(150_000));
        assertThat(store.attributes(PG, FOO)).isEmpty();
        assertThat(store.omap(PG, FOO, null, 10)).isEmpty();
        assertThat(store.omapHeader(PG, FOO)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void attributesAreSetAndRemoved() {
        submit(new Transaction.SetAttributes(PG, FOO, pairs(A, B, B, C)));
        submit(
                new Transaction.SetAttributes(PG, FOO, pairs(A, C)),
                new Transaction.RemoveAttribute(PG, FOO, B),
                new Transaction.RemoveAttribute(PG, FOO, C));
        assertThat(store.attributes(PG, FOO)).isEqualTo(pairs(A, C));
        submit(new Transaction.RemoveAttributes(PG, FOO));
        assertThat(store.attributes(PG, FOO)).isEmpty();
        assertThat(store.size(PG, FOO)).isZero();
    }

    @Test
    void omapPairsComeInTheKeysOrderAndInPages() {
        Bytes high = Bytes.wrap(new byte[] {(byte) 0xff});
        Bytes zero = Bytes.wrap(new byte[] {0});
        submit(new Transaction.OmapSet(PG, FOO, pairs(high, A, B, B, zero, C, Bytes.EMPTY, A)));
        assertThat(store.omap(PG, FOO, null, 10).keySet()).containsExactly(Bytes.EMPTY, zero, B, high);
        assertThat(store.omap(PG, FOO, null, 2).keySet()).containsExactly(Bytes.EMPTY, zero);
        assertThat(store.omap(PG, FOO, zero, 2).keySet()).containsExactly(B, high);
        assertThat(store.omap(PG, FOO, high, 2)).isEmpty();
        assertThat(store.omapValues(PG, FOO, List.of(B, C, zero))).isEqualTo(pairs(B, B, zero, C));
        submit(new Transaction.OmapRemoveRange(PG, FOO, zero, high), new Transaction.OmapRemove(PG, FOO, List.of(A)));
        assertThat(store.omap(PG, FOO, null, 10).keySet()).containsExactly(Bytes.EMPTY, high);
        submit(new Transaction.OmapSetHeader(PG, FOO, A), new Transaction.OmapClear(PG, FOO));
        assertThat(store.omap(PG, FOO, null, 10)).isEmpty();
        assertThat(store.omapHeader(PG, FOO)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void theOmapOfAPlacementGroupsOwnObjectIsLikeAnyOther() {
        ObjectId meta = object("", 0);
        submit(
                new Transaction.OmapSet(PG, meta, pairs(A, A, B, B, C, C)),
                new Transaction.OmapRemove(PG, meta, List.of(B)),
                new Transaction.OmapSet(OTHER, meta, pairs(B, B)));
        restart();
        assertThat(store.omap(PG, meta, null, 10)).isEqualTo(pairs(A, A, C, C));
        submit(new Transaction.Remove(PG, meta), new Transaction.Touch(PG, meta));
        assertThat(store.omap(PG, meta, null, 10)).isEmpty();
        assertThat(store.omap(OTHER, meta, null, 10)).isEqualTo(pairs(B, B));
    }

    @Test
    void objectsAreListedInCephsOrder() {
        List<ObjectId> all = new ArrayList<>(List.of(
                object("a", 1),
                object("a", 2),
                object("b", 2),
                object("aa", 2),
                object("a\0", 2),
                object("z", 0x8000_0000),
                ObjectId.head(1, Bytes.of("ns"), Bytes.EMPTY, A, 2),
                ObjectId.head(1, Bytes.EMPTY, Bytes.of("key"), A, 2),
                ObjectId.head(-3, Bytes.EMPTY, Bytes.EMPTY, A, 2),
                new ObjectId(1, Bytes.EMPTY, Bytes.EMPTY, A, 4, 2, false),
                new ObjectId(1, Bytes.EMPTY, Bytes.EMPTY, A, ObjectId.SNAPDIR, 2, false),
                ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xff, 1}), 2)));
        Transaction touches = new Transaction();
        all.forEach(o -> touches.add(new Transaction.Touch(PG, o)));
        submit(touches);
        Collections.sort(all);
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 100)).isEqualTo(all);
        assertThat(store.list(PG, all.get(3), all.get(6), 100)).isEqualTo(all.subList(3, 6));
        assertThat(store.list(PG, all.get(3), ObjectId.MAX, 2)).isEqualTo(all.subList(3, 5));
        assertThat(store.list(OTHER, ObjectId.MIN, ObjectId.MAX, 10)).isEmpty();
    }

    @Test
    void aSplitMovesTheObjectsWhoseHashSaysSo() {
        Transaction fill = new Transaction();
        for (int hash = 0; hash < 16; hash++) {
            ObjectId o = object("o" + hash, hash | 0xab00);
            fill.add(new Transaction.Write(PG, o, 0, pattern(hash, 10_000)))
                    .add(new Transaction.SetAttributes(PG, o, pairs(A, B)))
                    .add(new Transaction.OmapSet(PG, o, pairs(A, A)));
        }
        submit(fill);
        submit(new Transaction.SplitCollection(PG, 2, 1, OTHER));
        restart();
        for (int hash = 0; hash < 16; hash++) {
            ObjectId o = object("o" + hash, hash | 0xab00);
            CollectionId where = (hash & 3) == 1 ? OTHER : PG;
            assertThat(store.exists(where.equals(PG) ? OTHER : PG, o)).isFalse();
            assertThat(read(store, where, o, 0, 0)).isEqualTo(pattern(hash, 10_000));
            assertThat(store.omap(where, o, null, 9)).isEqualTo(pairs(A, A));
        }
    }

    @Test
    void aMergeMovesAllObjectsInTheTransactionThatEndsTheirCollection() {
        Transaction fill = new Transaction();
        for (int hash = 0; hash < 8; hash++) {
            ObjectId o = object("o" + hash, hash);
            CollectionId c = hash % 2 == 0 ? PG : OTHER;
            fill.add(new Transaction.Write(c, o, 0, pattern(hash, 100_000)))
                    .add(new Transaction.OmapSet(c, o, pairs(A, B)));
        }
        ObjectId own = object("", 1);
        fill.add(new Transaction.OmapSet(OTHER, own, pairs(A, A)));
        submit(fill);
        commit(new Transaction()
                .add(new Transaction.Remove(OTHER, own))
                .add(new Transaction.SplitCollection(OTHER, 0, 0, PG))
                .add(new Transaction.RemoveCollection(OTHER)));
        restart();
        assertThat(store.collections()).containsExactly(PG);
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 100)).hasSize(8);
        for (int hash = 0; hash < 8; hash++) {
            ObjectId o = object("o" + hash, hash);
            assertThat(read(store, PG, o, 0, 0)).isEqualTo(pattern(hash, 100_000));
            assertThat(store.omap(PG, o, null, 9)).isEqualTo(pairs(A, B));
        }
    }

    @Test
    void aRemovedCollectionTakesItsObjectsWithIt() {
        submit(new Transaction.Write(PG, FOO, 0, A));
        submit(new Transaction.RemoveCollection(PG));
        assertThat(store.exists(PG)).isFalse();
        assertThat(store.collections()).containsExactly(OTHER);
        submit(new Transaction.CreateCollection(PG));
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 10)).isEmpty();
        restart();
        assertThat(store.exists(PG, FOO)).isFalse();
    }

    @Test
    void aTransactionOnAMissingCollectionChangesNothing() {
        CollectionId missing = CollectionId.of(ShardPgId.replica(new PgId(9, 9)));
        assertThatThrownBy(() -> submit(new Transaction.Touch(PG, FOO), new Transaction.Touch(missing, FOO)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("9.9");
        assertThatThrownBy(() -> submit(new Transaction.Touch(PG, FOO), new Transaction.CreateCollection(PG)))
                .isInstanceOf(IllegalStateException.class);
        outstanding = 0;
        assertThat(store.exists(PG, FOO)).isFalse();
        submit(new Transaction.CreateCollection(missing), new Transaction.Touch(missing, FOO));
        assertThat(store.exists(missing, FOO)).isTrue();
    }

    @Test
    void usageCountsWhatIsThere() {
        ObjectStore.Usage before = store.usage();
        commit(new Transaction().add(new Transaction.Write(PG, FOO, 0, pattern(1, 1_000_000))));
        ObjectStore.Usage usage = store.usage();
        assertThat(usage.totalBytes()).isPositive();
        assertThat(usage.availableBytes()).isLessThanOrEqualTo(usage.totalBytes() - 1_000_000);
        assertThat(usage.dataBytes()).isBetween(before.dataBytes() + 950_000, before.dataBytes() + 9_000_000);
        commit(new Transaction().add(new Transaction.Remove(PG, FOO)));
        assertThat(store.usage().dataBytes()).isLessThan(usage.dataBytes() - 900_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void randomTransactionsAndRestartsLeaveWhatTheModelHas(int seed) {
        Random random = new Random(seed);
        MemoryCollections model = new MemoryCollections();
        model.apply(new Transaction()
                .add(new Transaction.CreateCollection(PG))
                .add(new Transaction.CreateCollection(OTHER)));
        for (int i = 0; i < 400; i++) {
            Transaction transaction = new Transaction();
            for (int n = random.nextInt(4); n >= 0; n--) {
                transaction.add(randomOp(random));
            }
            submit(transaction);
            model.apply(transaction);
            if (i % 50 == 49) {
                compare(model);
                settle();
                if (random.nextBoolean()) {
                    crashAndReopen();
                } else {
                    restart();
                }
                compare(model);
            }
        }
    }

    private static Transaction.Op randomOp(Random random) {
        CollectionId c = random.nextBoolean() ? PG : OTHER;
        ObjectId o = object("o" + random.nextInt(6), random.nextInt(6));
        ObjectId other = object("o" + random.nextInt(6), random.nextInt(6));
        int scale = random.nextBoolean() ? 300_000 : 9000;
        long offset = random.nextInt(4) == 0 ? 0 : random.nextInt(scale) & (random.nextBoolean() ? -1 : -4096);
        int length = random.nextBoolean() ? random.nextInt(scale) : 4096 << random.nextInt(6);
        Bytes key = Bytes.of("k" + random.nextInt(10));
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> new Transaction.Write(c, o, offset, pattern(random.nextInt(), length));
            case 5 -> new Transaction.Zero(c, o, offset, length);
            case 6 -> new Transaction.Truncate(c, o, offset);
            case 7 -> random.nextBoolean() ? new Transaction.Remove(c, o) : new Transaction.Touch(c, o);
            case 8 -> new Transaction.SetAttributes(c, o, pairs(key, pattern(random.nextInt(), 100)));
            case 9 -> new Transaction.RemoveAttribute(c, o, key);
            case 10 -> new Transaction.OmapSet(c, o, pairs(key, A, B, pattern(random.nextInt(), 10)));
            case 11 -> new Transaction.OmapRemove(c, o, List.of(key, B));
            case 12 -> new Transaction.OmapRemoveRange(c, o, key, Bytes.of("k7"));
            case 13 -> new Transaction.Clone(c, o, other);
            case 14 -> new Transaction.CloneRange(c, o, other, offset, length, random.nextInt(100_000));
            default ->
                random.nextInt(20) == 0
                        ? new Transaction.SplitCollection(
                                c, 1 + random.nextInt(3), random.nextInt(8), c == PG ? OTHER : PG)
                        : random.nextBoolean()
                                ? new Transaction.OmapClear(c, o)
                                : new Transaction.OmapSetHeader(c, o, key);
        };
    }

    private void compare(MemoryCollections model) {
        compare(store, reactor, model, "");
    }

    static void compare(ObjectStore store, TestReactor reactor, MemoryCollections model, String what) {
        for (CollectionId id : List.of(PG, OTHER)) {
            assertThat(store.list(id, ObjectId.MIN, ObjectId.MAX, 1000))
                    .as(what)
                    .isEqualTo(List.copyOf(model.objects(id).keySet()));
            for (Map.Entry<ObjectId, MemoryObject> e : model.objects(id).entrySet()) {
                String that = what + " " + e.getKey();
                MemoryObject wanted = e.getValue();
                assertThat(store.size(id, e.getKey())).as(that).isEqualTo(wanted.data.size());
                Bytes read = read(store, reactor, id, e.getKey(), 0, 0);
                assertThat(Arrays.mismatch(
                                read.toArray(), wanted.data.read(0, 0).toArray()))
                        .as("first different byte of " + that)
                        .isEqualTo(-1);
                assertThat(store.attributes(id, e.getKey())).as(that).isEqualTo(wanted.attributes);
                assertThat(store.omap(id, e.getKey(), null, 1000)).as(that).isEqualTo(wanted.omap);
                assertThat(store.omapHeader(id, e.getKey())).as(that).isEqualTo(wanted.omapHeader);
            }
        }
    }
}
