package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Crc32c;
import io.spirula.common.store.SyncMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The RocksDB database under a {@link RocksStore}: its column families with their tuning, and its errors as {@link StoreException}s. */
final class RocksDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDatabase.class);

    /** Column families by number, in the order of creation; 0 is RocksDB's default one, which stays empty. */
    static final int COLLECTIONS = 1;

    static final int OBJECTS = 2;
    static final int DATA = 3;
    static final int OMAP = 4;
    /** The omap of placement groups' own objects: their logs. */
    static final int PGLOG = 5;

    private static final List<String> NAMES = List.of("default", "collections", "objects", "data", "omap", "pglog");
    private static final String FORMAT = "spirula-object-store ";
    private static final int FORMAT_VERSION = 2;

    private final RocksDB db;
    private final List<ColumnFamilyHandle> families;
    private final List<AbstractNativeReference> owned;
    private final BackgroundTrouble trouble;
    private final SyncMark mark;
    private final WriteOptions unsynced = new WriteOptions();
    private final ReadOptions point = new ReadOptions();

    private RocksDatabase(
            RocksDB db,
            List<ColumnFamilyHandle> families,
            List<AbstractNativeReference> owned,
            BackgroundTrouble trouble,
            SyncMark mark) {
        this.db = db;
        this.families = families;
        this.owned = owned;
        this.trouble = trouble;
        this.mark = mark;
    }

    static Path folder(Path directory) {
        return directory.resolve("db");
    }

    static void create(Path directory) {
        try {
            Files.createDirectories(directory);
            Path format = directory.resolve("format");
            if (Files.exists(format)) {
                throw new StoreException(StoreException.Kind.IO, directory + " has an object store already");
            }
            connect(directory, RocksOptions.DEFAULT, true).close();
            try (FileChannel out = FileChannel.open(format, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap((FORMAT + FORMAT_VERSION + "\n").getBytes(StandardCharsets.US_ASCII)));
                out.force(true);
            }
            try (FileChannel parent = FileChannel.open(directory)) {
                parent.force(true);
            }
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.IO, "cannot make an object store in " + directory + ": " + e.getMessage(), e);
        }
    }

    static RocksDatabase open(Path directory, RocksOptions options) {
        String format;
        try {
            format = Files.readString(directory.resolve("format")).strip();
        } catch (IOException | UncheckedIOException e) {
            throw new StoreException(
                    StoreException.Kind.NOT_A_STORE, directory + " has no object store; make one with --mkfs", e);
        }
        if (!format.startsWith(FORMAT)) {
            throw new StoreException(StoreException.Kind.NOT_A_STORE, directory + " is something else than a store");
        }
        if (!format.equals(FORMAT + FORMAT_VERSION)) {
            throw new StoreException(
                    StoreException.Kind.WRONG_VERSION,
                    "the store in " + directory + " has format " + format.substring(FORMAT.length())
                            + ", this program reads and writes format " + FORMAT_VERSION + " only");
        }
        return connect(directory, options, false);
    }

    private static RocksDatabase connect(Path directory, RocksOptions options, boolean create) {
        RocksDB.loadLibrary();
        List<AbstractNativeReference> owned = new ArrayList<>();
        Cache cache = new LRUCache(options.blockCacheBytes());
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            ColumnFamilyOptions familyOptions = familyOptions(i, cache, options);
            owned.add(familyOptions);
            descriptors.add(
                    new ColumnFamilyDescriptor(NAMES.get(i).getBytes(StandardCharsets.US_ASCII), familyOptions));
        }
        DBOptions dbOptions = dbOptions(options, create);
        BackgroundTrouble trouble = new BackgroundTrouble();
        dbOptions.setListeners(List.of(trouble));
        owned.add(dbOptions);
        owned.add(cache);
        owned.add(trouble);
        List<ColumnFamilyHandle> families = new ArrayList<>();
        SyncMark mark = mark(directory);
        try {
            RocksDB db = RocksDB.open(dbOptions, folder(directory).toString(), descriptors, families);
            RocksDatabase opened = new RocksDatabase(db, families, owned, trouble, mark);
            if (db.getLatestSequenceNumber() < mark.sequence()) {
                String lost = "the log of the store in " + directory + " is damaged: it ends at change "
                        + db.getLatestSequenceNumber() + ", and " + mark.sequence() + " were durable";
                opened.close();
                throw new StoreException(StoreException.Kind.DAMAGED, lost);
            }
            return opened;
        } catch (RocksDBException e) {
            close(mark);
            owned.forEach(AbstractNativeReference::close);
            String message = String.valueOf(e.getMessage());
            if (message.contains("lock")) {
                throw new StoreException(
                        StoreException.Kind.LOCKED, "the store in " + directory + " is in use by another process", e);
            }
            StoreException why = translate(e);
            throw new StoreException(
                    why.kind(), "the store in " + directory + " cannot be opened: " + why.getMessage(), e);
        }
    }

    private static SyncMark mark(Path directory) {
        try {
            return SyncMark.open(directory);
        } catch (IOException e) {
            throw unmarked(e);
        }
    }

    private static void close(SyncMark mark) {
        try {
            mark.close();
        } catch (IOException e) {
            throw unmarked(e);
        }
    }

    private static StoreException unmarked(IOException e) {
        return new StoreException(StoreException.Kind.IO, "cannot write how far the log is: " + e.getMessage(), e);
    }

    private static DBOptions dbOptions(RocksOptions options, boolean create) {
        return new DBOptions()
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(create)
                // The log is written and synced by the commit thread for all that came since.
                .setManualWalFlush(true)
                .setRecycleLogFileNum(4)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxTotalWalSize(options.walBytes())
                .setDbWriteBufferSize(options.memtableBytes())
                .setMaxBackgroundJobs(2)
                .setAllowConcurrentMemtableWrite(false)
                .setAvoidUnnecessaryBlockingIO(true)
                .setAvoidFlushDuringShutdown(true)
                .setBytesPerSync(1 << 20)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
    }

    private static ColumnFamilyOptions familyOptions(int family, Cache cache, RocksOptions options) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFormatVersion(5);
        if (family == OBJECTS) {
            table.setFilterPolicy(new BloomFilter(10));
        }
        ColumnFamilyOptions o = new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setMaxWriteBufferNumber(4)
                .setLevelCompactionDynamicLevelBytes(true);
        long share = options.memtableBytes();
        if (family == DATA) {
            // Blocks are written to files of their own once; compaction moves only the keys.
            o.setWriteBufferSize(share / 3)
                    .setEnableBlobFiles(true)
                    .setMinBlobSize(1024)
                    .setBlobFileSize(256L << 20)
                    .setEnableBlobGarbageCollection(true)
                    .setBlobGarbageCollectionAgeCutoff(0.25)
                    .setBlobGarbageCollectionForceThreshold(0.5);
        } else {
            o.setWriteBufferSize(Math.max(1 << 20, share / 8));
        }
        if (family == OBJECTS) {
            // A write to a new object asks for it first: that it is not in memory is told without a search.
            o.setMemtableWholeKeyFiltering(true).setMemtablePrefixBloomSizeRatio(0.02);
        }
        return o;
    }

    byte @Nullable [] find(int family, byte[] key) {
        try {
            return db.get(families.get(family), point, key);
        } catch (RocksDBException e) {
            throw unread(e);
        }
    }

    /** A value that was written with its CRC32C, checked; null where there is none. */
    @Nullable
    Bytes findChecked(int family, byte[] key, Object what) {
        byte[] value = find(family, key);
        return value == null ? null : checked(value, what);
    }

    static Bytes checked(byte[] value, Object what) {
        int length = value.length - 4;
        if (length < 0
                || ByteBuffer.wrap(value, length, 4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getInt()
                        != Crc32c.of(-1, value, 0, length)) {
            throw new StoreException(StoreException.Kind.DAMAGED, "the checksum of " + what + " is wrong");
        }
        return Bytes.wrap(value, 0, length);
    }

    /** What {@link #each} shows: returns whether to go on. */
    interface Visitor {
        boolean visit(byte[] key, byte[] value);
    }

    /** Shows the pairs from {@code first} (inclusive) to {@code last} (exclusive), in the keys' order. */
    void each(int family, byte[] first, byte[] last, Visitor visitor) {
        try (Slice end = new Slice(last);
                ReadOptions range = new ReadOptions().setIterateUpperBound(end);
                RocksIterator at = db.newIterator(families.get(family), range)) {
            for (at.seek(first); at.isValid(); at.next()) {
                if (!visitor.visit(at.key(), at.value())) {
                    break;
                }
            }
            at.status();
        } catch (RocksDBException e) {
            throw unread(e);
        }
    }

    /** Options of an iterator that shows blocks of files as they are, whatever their checksums say, and leaves none where others would take it for a sound one. The caller closes them. */
    static ReadOptions unchecked() {
        return new ReadOptions().setVerifyChecksums(false).setFillCache(false);
    }

    /** The caller closes it. */
    RocksIterator iterator(int family, ReadOptions options) {
        return db.newIterator(families.get(family), options);
    }

    /** What a read of a key would give. */
    enum Answer {
        READABLE,
        DAMAGED,
        NOT_THERE
    }

    Answer ask(int family, byte[] key) {
        try {
            return db.get(families.get(family), point, key) == null ? Answer.NOT_THERE : Answer.READABLE;
        } catch (RocksDBException e) {
            StoreException why = translate(e);
            if (why.kind() == StoreException.Kind.DAMAGED) {
                return Answer.DAMAGED;
            }
            throw why;
        }
    }

    /** Applies a batch; it is durable after the next {@link #sync}. */
    void write(byte[] batch) {
        try (WriteBatch b = new WriteBatch(batch)) {
            db.write(unsynced, b);
        } catch (RocksDBException e) {
            throw translate(e);
        }
    }

    /** Makes durable all that was written before the call. Any thread, one at a time. */
    void sync() {
        long written = db.getLatestSequenceNumber();
        try {
            db.flushWal(true);
            mark.note(written);
        } catch (RocksDBException e) {
            throw translate(e);
        } catch (IOException e) {
            throw unmarked(e);
        }
    }

    /** {@code told} hears, on any thread, of what stops the database for good behind everybody's back: a compaction that meets damage, or has no room. */
    void onTrouble(Consumer<StoreException> told) {
        trouble.tell(told);
    }

    /** Runs {@code task} while no background work touches the files: for copies of them. */
    void whileStill(Runnable task) {
        try {
            db.pauseBackgroundWork();
            db.disableFileDeletions();
            try {
                task.run();
            } finally {
                db.enableFileDeletions();
                db.continueBackgroundWork();
            }
        } catch (RocksDBException e) {
            throw translate(e);
        }
    }

    /** Bytes in files of a column family, dead ones included. */
    long fileBytes(int family) {
        try {
            ColumnFamilyHandle f = families.get(family);
            return db.getLongProperty(f, "rocksdb.live-sst-files-size")
                    + db.getLongProperty(f, "rocksdb.live-blob-file-size")
                    + db.getLongProperty(f, "rocksdb.cur-size-all-mem-tables");
        } catch (RocksDBException e) {
            throw translate(e);
        }
    }

    /** Says where a read met damage: for whoever it is for, another copy is all that matters. */
    private static StoreException unread(RocksDBException e) {
        StoreException why = translate(e);
        LOG.warn("{}", why.getMessage());
        return why;
    }

    static StoreException translate(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        return new StoreException(kind(e.getStatus(), message), message, e);
    }

    static StoreException.Kind kind(@Nullable Status status, String message) {
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return StoreException.Kind.DAMAGED;
        }
        boolean full = status != null && status.getSubCode() == Status.SubCode.NoSpace
                || message.contains("No space left on device");
        return full ? StoreException.Kind.NO_SPACE : StoreException.Kind.IO;
    }

    @Override
    public void close() {
        families.forEach(ColumnFamilyHandle::close);
        db.close();
        unsynced.close();
        point.close();
        owned.forEach(AbstractNativeReference::close);
        close(mark);
    }
}
