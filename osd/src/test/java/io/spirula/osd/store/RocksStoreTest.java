package io.spirula.osd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreTest extends ObjectStoreContract {
    private static final RocksOptions SMALL = new RocksOptions(8 << 20, 8 << 20, 64 << 20, 3, 1 << 30);

    @TempDir
    Path temporary;

    private int copies;
    private Path directory = Path.of("");

    @Override
    ObjectStore open() {
        if (copies == 0) {
            copies = 1;
            directory = temporary.resolve("store1");
            RocksStore.create(directory);
        }
        return RocksStore.open(directory, SMALL, reactor, e -> {
            throw e;
        });
    }

    /** What a killed process leaves is what its files are at that moment. */
    @Override
    void crash(ObjectStore crashed) {
        Path copy = temporary.resolve("store" + ++copies);
        ((RocksStore) crashed).whileStill(() -> StoreFiles.copy(directory, copy));
        crashed.close();
        directory = copy;
    }

    private static StoreException.Kind kindOf(Runnable opening) {
        List<StoreException> thrown = new ArrayList<>();
        try {
            opening.run();
        } catch (StoreException e) {
            thrown.add(e);
        }
        assertThat(thrown).hasSize(1);
        assertThat(thrown.getFirst().getMessage()).doesNotContain("\n");
        return thrown.getFirst().kind();
    }

    private void openAnother(Path path) {
        RocksStore.open(path, SMALL, reactor, e -> {}).close();
    }

    @Test
    void aDirectoryWithoutAStoreIsRefused() {
        assertThat(kindOf(() -> openAnother(temporary))).isEqualTo(StoreException.Kind.NOT_A_STORE);
    }

    @Test
    void aStoreOfAnotherVersionIsRefused() throws IOException {
        Path other = temporary.resolve("other");
        RocksStore.create(other);
        Files.writeString(other.resolve("format"), "spirula-object-store 1\n");
        assertThat(kindOf(() -> openAnother(other))).isEqualTo(StoreException.Kind.WRONG_VERSION);
        Files.writeString(other.resolve("format"), "bluestore\n");
        assertThat(kindOf(() -> openAnother(other))).isEqualTo(StoreException.Kind.NOT_A_STORE);
    }

    @Test
    void aStoreInUseIsRefused() {
        assertThat(kindOf(() -> openAnother(directory))).isEqualTo(StoreException.Kind.LOCKED);
    }

    @Test
    void aStoreIsNotMadeOverAnother() {
        assertThatThrownBy(() -> RocksStore.create(directory)).isInstanceOf(StoreException.class);
    }

    @Test
    void aDamagedBlockIsAnErrorToItsReaderOnly() throws IOException {
        commit(new Transaction()
                .add(new Transaction.Write(PG, FOO, 0, pattern(1, 200_000)))
                .add(new Transaction.Write(PG, BAR, 0, pattern(2, 5000))));
        store.close();
        flip(65_536 + 20_000);
        store = open();
        assertThat(read(FOO, 0, 65_536)).isEqualTo(pattern(1, 200_000).slice(0, 65_536));
        assertThat(read(FOO, 65_536, 16_384)).isEqualTo(pattern(1, 200_000).slice(65_536, 16_384));
        assertThat(kindOf(() -> read(FOO, 0, 0))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(kindOf(() -> read(FOO, 65_536 + 16_384, 1))).isEqualTo(StoreException.Kind.DAMAGED);
        commit(new Transaction().add(new Transaction.Write(PG, FOO, 65_536 + 20_001, A))); // patches what is damaged
        store.close();
        store = open();
        assertThat(kindOf(() -> read(FOO, 65_536 + 20_001, 1))).isEqualTo(StoreException.Kind.DAMAGED);
        submit(new Transaction.Write(PG, FOO, 65_536, pattern(3, 65_536)));
        store.submit(new Transaction(), () -> {});
        assertThat(read(FOO, 65_536, 65_536)).isEqualTo(pattern(3, 65_536));
        assertThat(read(BAR, 0, 0)).isEqualTo(pattern(2, 5000));
    }

    private void flip(long position) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("block").toFile(), "rw")) {
            file.seek(position);
            int there = file.read();
            file.seek(position);
            file.write(there ^ 4);
        }
    }

    @Test
    void aDamagedSmallBlockIsAnErrorToItsReaderOnly() {
        commit(new Transaction()
                .add(new Transaction.Write(PG, FOO, 0, pattern(1, 20_000)))
                .add(new Transaction.Write(PG, BAR, 0, pattern(2, 5000))));
        store.close();
        flipInFirstBlock();
        store = open();
        assertThat(kindOf(() -> read(FOO, 0, 0))).isEqualTo(StoreException.Kind.DAMAGED);
        assertThat(read(BAR, 0, 0)).isEqualTo(pattern(2, 5000));
    }

    private void flipInFirstBlock() {
        try (RocksDatabase db = RocksDatabase.open(directory, SMALL)) {
            db.each(RocksDatabase.DATA, new byte[8], new byte[] {-1}, (key, value) -> {
                value[100] ^= 4;
                RocksBatch batch = new RocksBatch(100);
                batch.put(RocksDatabase.DATA, key, Bytes.wrap(value));
                db.write(batch.toArray());
                return false;
            });
            db.sync();
        }
    }
}
