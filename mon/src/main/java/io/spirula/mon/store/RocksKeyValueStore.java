package io.spirula.mon.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.store.SyncMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A store in a RocksDB folder. A key is the prefix, a zero byte and the name, as in Ceph's monitor store.
 *
 * <p>A monitor that has forgotten what it accepted breaks Paxos, so a store whose log is shorter than it was synced is refused. One thread applies.
 */
public final class RocksKeyValueStore implements KeyValueStore {
    private final String where;
    private final Options options;
    private final WriteOptions synced;
    private final RocksDB db;
    private final SyncMark mark;

    private RocksKeyValueStore(String where, Options options, RocksDB db, SyncMark mark) {
        this.where = where;
        this.options = options;
        this.db = db;
        this.mark = mark;
        synced = new WriteOptions().setSync(true);
    }

    /** Opens a store that exists. Throws {@link StoreFailure} with one clear line otherwise. */
    public static RocksKeyValueStore open(Path folder) {
        if (!exists(folder)) {
            throw new StoreFailure("no monitor store at '" + folder + "': run ceph-mon --mkfs first");
        }
        if (!Files.isRegularFile(folder.resolve("CURRENT"))) {
            throw damaged(folder.toString(), "the file CURRENT is missing", null);
        }
        RocksKeyValueStore store = openWith(folder, false);
        try {
            store.checkLog();
            StoreFormat.check(store, folder.toString());
        } catch (StoreFailure e) {
            store.close();
            throw e;
        }
        return store;
    }

    /** Whether there is anything that could be a store, sound or not. Throws UncheckedIOException where nobody can tell. */
    public static boolean exists(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder '" + folder + "': " + e.getMessage(), e);
        }
    }

    /** Makes a new store with nothing in it, not even its format mark: that comes with the first contents. */
    public static RocksKeyValueStore create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StoreFailure("cannot create the folder '" + folder + "': " + e.getMessage(), e);
        }
        return openWith(folder, true);
    }

    private static RocksKeyValueStore openWith(Path folder, boolean create) {
        RocksDB.loadLibrary();
        Options options = new Options()
                .setCreateIfMissing(create)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setWriteBufferSize(16 << 20)
                .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(new BloomFilter(10)));
        try {
            RocksDB db = RocksDB.open(options, folder.toString());
            return new RocksKeyValueStore(folder.toString(), options, db, mark(folder, db));
        } catch (RocksDBException e) {
            options.close();
            throw failure(folder.toString(), e);
        }
    }

    private static SyncMark mark(Path folder, RocksDB db) {
        try {
            return SyncMark.open(folder);
        } catch (IOException e) {
            db.close();
            throw unmarked(folder.toString(), e);
        }
    }

    private static StoreFailure unmarked(String where, IOException e) {
        return new StoreFailure(
                "the store at '" + where + "' cannot be used: cannot write how far its log is: " + e.getMessage(), e);
    }

    private void checkLog() {
        long end = db.getLatestSequenceNumber();
        if (end < mark.sequence()) {
            throw damaged(where, "its log ends at change " + end + ", and " + mark.sequence() + " were durable", null);
        }
    }

    private static StoreFailure failure(String where, RocksDBException e) {
        Status status = e.getStatus();
        String detail = e.getMessage() == null ? "" : e.getMessage().replace('\n', ' ');
        if (detail.contains("lock") && detail.contains("LOCK")) {
            return new StoreFailure("the store at '" + where + "' is locked: another monitor process is using it", e);
        }
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace || detail.contains("No space left")) {
            return new StoreFailure(
                    "there is no room left for the store at '" + where + "': make some and start again", e);
        }
        if (status != null && status.getCode() == Status.Code.Corruption
                || detail.contains("orruption")
                || detail.contains("No such file")) {
            return damaged(where, detail, e);
        }
        return new StoreFailure("the store at '" + where + "' cannot be used: " + detail, e);
    }

    private static StoreFailure damaged(String where, String detail, @Nullable RocksDBException cause) {
        return new StoreFailure(
                "the store at '" + where + "' is damaged (" + detail
                        + "): remove it and run ceph-mon --mkfs, and all is copied from the other monitors;"
                        + " if there are none, restore it from a backup",
                cause);
    }

    private static byte[] key(String prefix, String name) {
        byte[] p = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] n = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(p, p.length + 1 + n.length);
        System.arraycopy(n, 0, key, p.length + 1, n.length);
        return key;
    }

    @Override
    public @Nullable Bytes get(String prefix, String name) {
        try {
            byte[] value = db.get(key(prefix, name));
            return value == null ? null : Bytes.wrap(value);
        } catch (RocksDBException e) {
            throw failure(where, e);
        }
    }

    @Override
    public void scan(String prefix, String from, BiPredicate<String, Bytes> visitor) {
        byte[] start = key(prefix, "");
        try (RocksIterator it = db.newIterator()) {
            for (it.seek(key(prefix, from)); it.isValid(); it.next()) {
                byte[] k = it.key();
                if (k.length < start.length || !Arrays.equals(k, 0, start.length, start, 0, start.length)) {
                    break;
                }
                String name = new String(k, start.length, k.length - start.length, StandardCharsets.UTF_8);
                if (!visitor.test(name, Bytes.wrap(it.value()))) {
                    break;
                }
            }
            it.status();
        } catch (RocksDBException e) {
            throw failure(where, e);
        }
    }

    @Override
    public void scanAll(String fromPrefix, String fromKey, Visitor visitor) {
        try (RocksIterator it = db.newIterator()) {
            for (it.seek(key(fromPrefix, fromKey)); it.isValid(); it.next()) {
                byte[] k = it.key();
                int zero = 0;
                while (zero < k.length && k[zero] != 0) {
                    zero++;
                }
                String prefix = new String(k, 0, zero, StandardCharsets.UTF_8);
                String name =
                        zero < k.length ? new String(k, zero + 1, k.length - zero - 1, StandardCharsets.UTF_8) : "";
                if (!visitor.visit(prefix, name, Bytes.wrap(it.value()))) {
                    break;
                }
            }
            it.status();
        } catch (RocksDBException e) {
            throw failure(where, e);
        }
    }

    @Override
    public void apply(StoreTransaction transaction) {
        try (WriteBatch batch = new WriteBatch()) {
            for (StoreTransaction.Change change : transaction.changes()) {
                switch (change) {
                    case StoreTransaction.Put p ->
                        batch.put(key(p.prefix(), p.key()), p.value().toReadOnlyArray());
                    case StoreTransaction.Erase e -> batch.delete(key(e.prefix(), e.key()));
                }
            }
            db.write(synced, batch);
            mark.note(db.getLatestSequenceNumber());
        } catch (RocksDBException e) {
            throw failure(where, e);
        } catch (IOException e) {
            throw unmarked(where, e);
        }
    }

    @Override
    public void close() {
        synced.close();
        db.close();
        options.close();
        try {
            mark.close();
        } catch (IOException e) {
            throw unmarked(where, e);
        }
    }
}
