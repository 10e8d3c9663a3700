package io.spirula.osd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a disk in memory can suffer. */
class MemoryDiskFaultsTest {
    private static final CollectionId COLLECTION = CollectionId.of(ShardPgId.replica(new PgId(1, 0)));
    private static final ObjectId OBJECT = ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("o"), 0);

    private final MemoryStore.Disk disk = new MemoryStore.Disk(1 << 20);
    private MemoryStore store = open();

    private MemoryStore open() {
        return new MemoryStore(disk, Runnable::run);
    }

    private void write(long offset, Bytes data) {
        store.submit(new Transaction().add(new Transaction.Write(COLLECTION, OBJECT, offset, data)), () -> {});
    }

    private String read() {
        List<String> seen = new ArrayList<>();
        store.read(COLLECTION, OBJECT, 0, 0, new ObjectStore.ReadDone() {
            @Override
            public void done(Bytes data) {
                seen.add(data.utf8());
            }

            @Override
            public void failed(StoreException why) {
                seen.add(why.kind().toString());
            }
        });
        assertThat(seen).hasSize(1);
        return seen.getFirst();
    }

    private void begin() {
        store.submit(new Transaction().add(new Transaction.CreateCollection(COLLECTION)), () -> {});
        write(0, Bytes.of("first"));
    }

    @Test
    void aDamagedBlockIsAnErrorToReadersAcrossRestartsUntilNothingOfItIsLeft() {
        begin();
        assertThat(store.damage(COLLECTION, OBJECT, 0)).isTrue();
        assertThat(read()).isEqualTo("DAMAGED");
        store.close();
        store = open();
        assertThat(read()).isEqualTo("DAMAGED");
        write(1, Bytes.of("x"));
        assertThat(read()).as("patched").isEqualTo("DAMAGED");
        write(0, Bytes.of("second"));
        assertThat(read()).isEqualTo("second");
        assertThat(store.isDamaged(COLLECTION, OBJECT)).isFalse();
    }

    @Test
    void aDiskComesBackFromAnEarlierMoment() {
        begin();
        MemoryStore.Image image = disk.image();
        write(0, Bytes.of("later"));
        store.close();
        disk.restore(image);
        store = open();
        assertThat(read()).isEqualTo("first");
    }

    @Test
    void aReplacedDiskIsEmpty() {
        begin();
        store.close();
        disk.wipe();
        assertThat(disk.collections()).isEmpty();
        assertThat(open().collections()).isEmpty();
    }

    @Test
    void whoIsGoneWhenAWriteIsDurableDoesNotHearOfItAndHasItAllTheSame() {
        begin();
        disk.afterWrite(() -> store.crash(0));
        boolean[] told = new boolean[1];
        store.submit(
                new Transaction().add(new Transaction.Write(COLLECTION, OBJECT, 0, Bytes.of("later"))),
                () -> told[0] = true);
        assertThat(told[0]).isFalse();
        store = open();
        assertThat(read()).isEqualTo("later");
    }
}
