package io.spirula.mon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksKeyValueStoreTest extends KeyValueStoreContract {
    @TempDir
    Path folder;

    @Override
    KeyValueStore open() {
        return RocksKeyValueStore.create(folder.resolve("contract"));
    }

    private Path finished() {
        Path where = folder.resolve("store.db");
        try (RocksKeyValueStore store = RocksKeyValueStore.create(where)) {
            store.apply(StoreFormat.mark().put("a", "k", Bytes.of("v")));
        }
        return where;
    }

    @Test
    void whatWasAppliedIsThereAfterOpeningAgain() {
        try (RocksKeyValueStore store = RocksKeyValueStore.open(finished())) {
            assertThat(store.get("a", "k")).isEqualTo(Bytes.of("v"));
        }
    }

    @Test
    void aFolderWithoutAStoreIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> RocksKeyValueStore.open(folder.resolve("nothing")))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("--mkfs");
    }

    @Test
    void anUnfinishedStoreIsRefused() {
        Path where = folder.resolve("unfinished");
        RocksKeyValueStore.create(where).close();
        assertThatThrownBy(() -> RocksKeyValueStore.open(where))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("no format mark");
    }

    @Test
    void aStoreOfAnotherVersionIsRefused() {
        Path where = finished();
        try (RocksKeyValueStore store = RocksKeyValueStore.open(where)) {
            store.apply(new StoreTransaction().put("spirula_mon_store", "format", StoreFormat.VERSION + 1));
        }
        assertThatThrownBy(() -> RocksKeyValueStore.open(where))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("format 2, this program understands 1");
    }

    @Test
    void aStoreInUseIsRefused() {
        Path where = finished();
        RocksKeyValueStore user = RocksKeyValueStore.open(where);
        assertThatThrownBy(() -> RocksKeyValueStore.open(where))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("is locked");
        user.close();
    }

    @Test
    void aDamagedStoreIsRefusedInOneLine() throws Exception {
        Path where = finished();
        try (var files = Files.list(where)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("MANIFEST")) {
                    Files.write(file, new byte[100]);
                }
            }
        }
        assertThatThrownBy(() -> RocksKeyValueStore.open(where))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("is damaged")
                .hasMessageNotContaining("\n");
    }
}
