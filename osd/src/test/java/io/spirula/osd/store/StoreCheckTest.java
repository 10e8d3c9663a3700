package io.spirula.osd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCheckTest {
    private static final RocksOptions OPTIONS = new RocksOptions(4 << 20, 4 << 20, 16 << 20, 3, 24 << 20);
    private static final CollectionId PG = ObjectStoreContract.PG;
    private static final ObjectId FOO = ObjectStoreContract.FOO;
    private static final ObjectId BAR = ObjectStoreContract.BAR;

    @TempDir
    Path temporary;

    private Path directory = Path.of("");
    private final FaultyDisk disk = new FaultyDisk();

    @BeforeEach
    void make() {
        directory = temporary.resolve("store");
        RocksStore.create(directory);
        TestReactor reactor = new TestReactor();
        RocksStore store = RocksStore.open(
                directory,
                OPTIONS,
                reactor,
                e -> {
                    throw e;
                },
                path -> disk.open());
        store.submit(
                new Transaction()
                        .add(new Transaction.CreateCollection(PG))
                        .add(new Transaction.Write(PG, FOO, 0, ObjectStoreContract.pattern(1, 140_000)))
                        .add(new Transaction.OmapSet(PG, FOO, ObjectStoreContract.pairs(Bytes.of("a"), Bytes.of("b"))))
                        .add(new Transaction.Clone(PG, FOO, BAR)),
                () -> {});
        store.close();
    }

    private List<String> check() {
        List<String> problems = new ArrayList<>();
        StoreCheck.Result result = StoreCheck.run(directory, problems::add, path -> disk.open());
        assertThat(result.problems()).isEqualTo(problems.size());
        assertThat(problems).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        return problems;
    }

    private void damage(Consumer<RocksBatch> how) {
        RocksBatch batch = new RocksBatch(1000);
        how.accept(batch);
        try (RocksDatabase db = RocksDatabase.open(directory, OPTIONS)) {
            db.write(batch.toArray());
            db.sync();
        }
    }

    private static byte[] key(int length) {
        return ByteBuffer.allocate(length).putLong(999).array();
    }

    @Test
    void aSoundStoreHasNoProblems() {
        assertThat(check()).isEmpty();
    }

    @Test
    void whatNoObjectHasIsFound() {
        damage(batch -> {
            batch.putChecked(RocksDatabase.DATA, key(13), Bytes.of("lost"));
            batch.put(RocksDatabase.OMAP, key(9), Bytes.of("lost"));
        });
        assertThat(check()).hasSize(2).allMatch(line -> line.contains("no object has"));
    }

    @Test
    void aMissingBlockIsFound() {
        damage(batch -> batch.deleteRange(RocksDatabase.DATA, new byte[1], new byte[] {-1}));
        assertThat(check()).hasSize(2).allMatch(line -> line.contains("is missing"));
    }

    @Test
    void aDamagedRecordIsFound() {
        int collection = 1;
        damage(batch -> batch.put(RocksDatabase.OBJECTS, ObjectKeys.key(collection, FOO), Bytes.of("nonsense")));
        assertThat(check()).anyMatch(line -> line.contains("checksum") && line.contains("foo"));
    }

    @Test
    void aSlotThatTwoObjectsHaveIsFoundUnlessTheyAreClones() {
        Onode other = new Onode(3);
        other.chunk(0, Onode.BASE);
        other.place(0, Place.of(0, ObjectStoreContract.pattern(5, 65_536)));
        other.size = 65_536;
        damage(batch -> batch.putChecked(
                RocksDatabase.OBJECTS, ObjectKeys.key(1, ObjectStoreContract.object("other", 3)), other.encode()));
        assertThat(check()).anyMatch(line -> line.contains("slot 0 of the block file is another object's too"));
    }
}
