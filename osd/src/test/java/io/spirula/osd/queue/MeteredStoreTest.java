package io.spirula.osd.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeteredStoreTest {
    private final ArrayDeque<Runnable> disk = new ArrayDeque<>();
    private final StoreLoad load = new StoreLoad(1 << 20);
    private final MeteredStore store =
            new MeteredStore(new MemoryStore(new MemoryStore.Disk(), disk::add, disk::add), load);

    @Test
    void dataThatIsStagedCountsUntilItIsOnTheDisk() {
        List<ObjectStore.Staged> ready = new ArrayList<>();
        store.stage(
                List.of(new Transaction.Write(CollectionId.META, ObjectId.MIN, 0, Bytes.zeros(2 << 20))), ready::add);
        assertThat(load.takesMore()).isFalse();
        disk.remove().run();
        assertThat(ready).hasSize(1);
        assertThat(load.bytes()).isZero();
    }
}
