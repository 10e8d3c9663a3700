package io.spirula.osd.store;

import static io.spirula.osd.store.ObjectStoreContract.BAR;
import static io.spirula.osd.store.ObjectStoreContract.FOO;
import static io.spirula.osd.store.ObjectStoreContract.PG;
import static io.spirula.osd.store.ObjectStoreContract.object;
import static io.spirula.osd.store.ObjectStoreContract.pairs;
import static io.spirula.osd.store.ObjectStoreContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that change in the database's files while a store is open: what they are of is damaged and can be written anew, nothing wrong is read, and a store that cannot go on says so. */
class RocksDamageTest {
    /** Nothing is cached: what was read once is read from its file again. */
    private static final RocksOptions OPTIONS = new RocksOptions(8 << 20, 1, 64 << 20, 1, 1 << 30);

    private static final Bytes A = Bytes.of("a");
    private static final Bytes TINY = pattern(1, 300); // beside others in a block of a file
    private static final Bytes SMALL = pattern(2, 8000); // by itself in a file of values
    private static final Bytes PAIR = pattern(3, 200);
    private static final Bytes ATTRIBUTE = pattern(4, 100);
    private static final ObjectId OMAP = object("omap", 0x3234_5672);

    @TempDir
    Path temporary;

    private final TestReactor reactor = new TestReactor();
    private final List<StoreException> failures = new ArrayList<>();
    private Path directory = Path.of("");
    private RocksStore store;
    private int outstanding;

    @BeforeEach
    void make() {
        directory = temporary.resolve("store");
        RocksStore.create(directory);
        store = open();
        commit(new Transaction()
                .add(new Transaction.CreateCollection(PG))
                .add(new Transaction.Write(PG, FOO, 0, TINY))
                .add(new Transaction.Write(PG, BAR, 0, SMALL))
                .add(new Transaction.SetAttributes(PG, OMAP, pairs(A, ATTRIBUTE)))
                .add(new Transaction.OmapSet(PG, OMAP, pairs(A, PAIR))));
    }

    @AfterEach
    void release() {
        store.close();
    }

    private RocksStore open() {
        return RocksStore.open(directory, OPTIONS, reactor, failures::add);
    }

    private void commit(Transaction transaction) {
        outstanding++;
        store.submit(transaction, () -> outstanding--);
        reactor.runUntil(() -> outstanding == 0 || !failures.isEmpty());
    }

    /** After this all that was written lies in files. */
    private void restart() {
        store.close();
        store = open();
    }

    private StoreException.@org.jspecify.annotations.Nullable Kind kindOf(Runnable task) {
        StoreException thrown = catchThrowableOfType(StoreException.class, task::run);
        if (thrown == null) {
            return null;
        }
        assertThat(thrown.getMessage()).doesNotContain("\n");
        return thrown.kind();
    }

    private Bytes read(ObjectId object) {
        return ObjectStoreContract.read(store, reactor, PG, object, 0, 0);
    }

    private void assertReadsRight() {
        assertThat(read(FOO)).isEqualTo(TINY);
        assertThat(read(BAR)).isEqualTo(SMALL);
        assertThat(store.attributes(PG, OMAP)).isEqualTo(pairs(A, ATTRIBUTE));
        assertThat(store.omap(PG, OMAP, null, 10)).isEqualTo(pairs(A, PAIR));
    }

    @Test
    void aDamagedTinyBlockIsItsReadersErrorUntilTheObjectIsWrittenAnew() {
        damagedDataIsItsReadersErrorUntilTheObjectIsWrittenAnew(".sst", FOO, TINY);
    }

    @Test
    void aDamagedSmallBlockIsItsReadersErrorUntilTheObjectIsWrittenAnew() {
        damagedDataIsItsReadersErrorUntilTheObjectIsWrittenAnew(".blob", BAR, SMALL);
    }

    private void damagedDataIsItsReadersErrorUntilTheObjectIsWrittenAnew(String ending, ObjectId object, Bytes data) {
        restart();
        assertThat(StoreFiles.flip(directory, ending, data)).isEqualTo(1);
        assertThat(kindOf(() -> read(object))).isEqualTo(StoreException.Kind.DAMAGED);
        ObjectId copy = object("copy", 5);
        commit(new Transaction()
                .add(new Transaction.Clone(PG, object, copy))
                .add(new Transaction.Truncate(PG, object, 200))
                .add(new Transaction.Write(PG, object, 10, A)));
        assertThat(kindOf(() -> read(object))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(kindOf(() -> read(copy))).isEqualTo(StoreException.Kind.DAMAGED);
        commit(new Transaction()
                .add(new Transaction.Remove(PG, copy))
                .add(new Transaction.Remove(PG, FOO))
                .add(new Transaction.Write(PG, FOO, 0, TINY))
                .add(new Transaction.Remove(PG, BAR)) // its name lies beside the tiny block
                .add(new Transaction.Write(PG, BAR, 0, SMALL)));
        assertReadsRight();
        restart();
        assertReadsRight();
        assertThat(failures).isEmpty();
    }

    @Test
    void aDamagedPairIsItsReadersErrorUntilTheObjectIsWrittenAnew() {
        restart();
        assertThat(StoreFiles.flip(directory, ".sst", PAIR)).isEqualTo(1);
        assertThat(kindOf(() -> store.omap(PG, OMAP, null, 10))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(kindOf(() -> store.omapValues(PG, OMAP, List.of(A)))).isEqualTo(StoreException.Kind.DAMAGED);
        commit(new Transaction()
                .add(new Transaction.Remove(PG, OMAP))
                .add(new Transaction.SetAttributes(PG, OMAP, pairs(A, ATTRIBUTE)))
                .add(new Transaction.OmapSet(PG, OMAP, pairs(A, PAIR))));
        assertReadsRight();
        assertThat(failures).isEmpty();
    }

    @Test
    void anObjectWhoseRecordIsDamagedIsListedAndWrittenAnew() {
        restart();
        List<ObjectId> all = store.list(PG, ObjectId.MIN, ObjectId.MAX, 10);
        assertThat(all).hasSize(3);
        assertThat(StoreFiles.flip(directory, ".sst", ATTRIBUTE)).isEqualTo(1);
        assertThat(kindOf(() -> store.size(PG, OMAP))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 10)).isEqualTo(all);
        restart();
        assertThat(kindOf(() -> store.size(PG, OMAP))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 10)).isEqualTo(all);
        for (ObjectId object : List.of(FOO, BAR, OMAP)) { // all in one block of the file
            commit(new Transaction().add(new Transaction.Remove(PG, object)));
            assertThat(store.exists(PG, object)).isFalse();
        }
        commit(new Transaction()
                .add(new Transaction.Write(PG, FOO, 0, TINY))
                .add(new Transaction.Write(PG, BAR, 0, SMALL))
                .add(new Transaction.SetAttributes(PG, OMAP, pairs(A, ATTRIBUTE)))
                .add(new Transaction.OmapSet(PG, OMAP, pairs(A, PAIR))));
        assertReadsRight();
        restart();
        assertReadsRight();
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 10)).isEqualTo(all);
        assertThat(failures).isEmpty();
    }

    private static ObjectId numbered(int number) {
        return object("object-with-a-long-name-so-that-few-are-in-a-block-" + number, Integer.reverse(number * 1000));
    }

    private void makeMany() {
        Transaction many = new Transaction();
        for (int i = 1; i < 200; i++) {
            many.add(new Transaction.SetAttributes(PG, numbered(i), pairs(A, pattern(1000 + i, 100))));
        }
        commit(many);
        restart();
    }

    @Test
    void objectsAreListedWholeFromAndUpToWhereverTheirRecordsAreDamaged() {
        makeMany();
        List<ObjectId> all = store.list(PG, ObjectId.MIN, ObjectId.MAX, 1000);
        assertThat(all).hasSize(202);
        for (int damaged : new int[] {1, 60, 61, 100, 199}) {
            assertThat(StoreFiles.flip(directory, ".sst", pattern(1000 + damaged, 100)))
                    .isEqualTo(1);
        }
        restart();
        assertThat(kindOf(() -> store.size(PG, numbered(60)))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(store.size(PG, numbered(150))).isZero();
        assertThat(store.list(PG, ObjectId.MIN, ObjectId.MAX, 1000)).isEqualTo(all);
        for (int at = 0; at < all.size(); at++) {
            List<ObjectId> following = all.subList(at, Math.min(all.size(), at + 7));
            assertThat(store.list(PG, all.get(at), ObjectId.MAX, 7)).isEqualTo(following);
            assertThat(store.list(PG, all.get(at), following.getLast(), 1000))
                    .isEqualTo(following.subList(0, following.size() - 1));
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void aStoreEndsThatDoesNotKnowTheNamesOfItsObjects() {
        makeMany();
        Bytes name = Bytes.of("-block-77");
        assertThat(StoreFiles.flip(directory, ".sst", name)).isEqualTo(1);
        assertThat(kindOf(() -> store.list(PG, numbered(70), ObjectId.MAX, 30))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(failures).hasSize(1);
        assertNothingIsAcknowledged();
        store.close();
        assertThat(kindOf(this::open)).isEqualTo(StoreException.Kind.DAMAGED);
    }

    private void assertNothingIsAcknowledged() {
        store.submit(new Transaction().add(new Transaction.Touch(PG, FOO)), () -> outstanding--);
        store.close();
        reactor.runReady();
        assertThat(outstanding).isZero();
    }

    @Test
    void aCompactionThatMeetsDamageEndsTheStoreThoughNobodyWrites() {
        restart();
        assertThat(StoreFiles.flip(directory, ".sst", TINY)).isEqualTo(1);
        for (int i = 0; i < 10 && failures.isEmpty(); i++) { // a file more each time
            commit(new Transaction().add(new Transaction.Write(PG, FOO, 0, pattern(i, 300))));
            outstanding = 0;
            if (failures.isEmpty()) {
                restart();
            }
        }
        reactor.runUntil(() -> !failures.isEmpty());
        assertThat(failures.getFirst().kind()).isEqualTo(StoreException.Kind.DAMAGED);
        // The compaction tells it, or the write that comes first after it.
        assertThat(failures.getFirst().getMessage()).contains("checksum").doesNotContain("\n");
        assertNothingIsAcknowledged();
    }

    @Test
    void aLogThatIsDamagedWhereItWasDurableIsNotTakenForAShorterOne() throws IOException {
        for (int i = 10; i < 20; i++) {
            commit(new Transaction().add(new Transaction.Write(PG, FOO, 0, pattern(i, 300))));
        }
        for (int damaged : new int[] {10, 15, 19}) {
            Path copy = temporary.resolve("copy" + damaged);
            store.whileStill(() -> StoreFiles.copy(directory, copy));
            assertThat(StoreFiles.flip(copy, ".log", pattern(damaged, 300))).isEqualTo(1);
            StoreException refused = catchThrowableOfType(
                    StoreException.class,
                    () -> RocksStore.open(copy, OPTIONS, reactor, failures::add).close());
            assertThat(refused.kind()).isEqualTo(StoreException.Kind.DAMAGED);
            assertThat(refused.getMessage()).contains("the log of the store in", "is damaged");
        }
        Path sound = temporary.resolve("sound");
        store.whileStill(() -> StoreFiles.copy(directory, sound));
        store.close();
        directory = sound;
        store = open();
        assertThat(read(FOO)).isEqualTo(pattern(19, 300));
    }

    @Test
    void aStoreWithoutAMarkOfWhatWasDurableOrWithADamagedOneIsOpened() throws IOException {
        store.close();
        StoreFiles.flip(directory.resolve("synced"), 3);
        store = open();
        assertReadsRight();
        store.close();
        Files.delete(directory.resolve("synced"));
        store = open();
        assertReadsRight();
    }

    @Test
    void aStoreWhoseListOfFilesIsDamagedIsRefused() throws IOException {
        restart();
        store.close();
        try (Stream<Path> files = Files.list(RocksDatabase.folder(directory))) {
            Path manifest = files.filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                    .findFirst()
                    .orElseThrow();
            for (long at = 5; at < Files.size(manifest); at += 61) {
                StoreFiles.flip(manifest, at);
                StoreException.Kind kind = kindOf(() -> open().close());
                assertThat(kind).as("at " + at).isEqualTo(StoreException.Kind.DAMAGED);
                StoreFiles.flip(manifest, at);
            }
        }
        store = open();
        assertReadsRight();
    }
}
