package io.spirula.mon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
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

    private static Path log(Path where) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.filter(f -> f.toString().endsWith(".log")).findFirst().orElseThrow();
        }
    }

    private interface Damage {
        void strike(Path log, byte[] contents) throws IOException;
    }

    private void assertRefusedAfter(Damage damage) throws IOException {
        Path where = finished();
        try (RocksKeyValueStore store = RocksKeyValueStore.open(where)) {
            store.apply(new StoreTransaction().put("paxos", "accepted_pn", 100));
            store.apply(new StoreTransaction().put("paxos", "accepted_pn", 200));
        }
        damage.strike(log(where), Files.readAllBytes(log(where)));
        assertThatThrownBy(() -> RocksKeyValueStore.open(where))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("ceph-mon --mkfs, and all is copied from the other monitors")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aStoreWhoseLogHasLostItsEndIsRefused() throws IOException {
        assertRefusedAfter((log, bytes) -> Files.write(log, Arrays.copyOf(bytes, bytes.length - 10)));
    }

    @Test
    void aStoreWhoseLogIsGoneIsRefused() throws IOException {
        assertRefusedAfter((log, bytes) -> Files.delete(log));
    }

    /** RocksDB takes a record that is longer than the log for one that was never finished. */
    @Test
    void aStoreWhoseLogHasAWrongLengthInItsMiddleIsRefused() throws IOException {
        assertRefusedAfter((log, bytes) -> {
            bytes[5] ^= 0x40;
            Files.write(log, bytes);
        });
    }

    @Test
    void aStoreWhoseMarkIsLostIsTrusted() throws IOException {
        Path where = finished();
        Files.delete(where.resolve("synced"));
        RocksKeyValueStore.open(where).close();
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
