package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Reactor;
import io.spirula.common.types.ObjectId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store in RocksDB and a block file beside it, which has what was written in large pieces. Every block and record carries a CRC32C that every read checks.
 *
 * <p>A transaction of small changes is written to RocksDB on the owner's reactor, unsynced, which makes it visible to reads without any overlay; one commit thread then makes durable, with one sync of the log,
 * all that came meanwhile. Large data goes to free slots of the block file, written by threads of its own; the commit thread syncs it and only then writes to RocksDB what names it, and all that was
 * submitted since. Until then {@link Pending} shows it to reads. So a crash finds the old state with its slots untouched, or the new one with its data.
 *
 * <p>A submission throws a {@link StoreException} of kind DAMAGED, and changes nothing, where it has to keep a part of a block whose checksum is wrong.
 */
public final class RocksStore implements ObjectStore {
    private static final String BLOCK_FILE = "block";
    private static final long BYTES_ON_THEIR_WAY = 64L << 20;

    private final Path directory;
    private final FailureHandler onFailure;
    private final RocksDatabase db;
    private final RocksCatalog catalog;
    private final Pending pending = new Pending();
    private final Slots slots;
    private final BlockIo io;
    private final RocksCommitter committer;
    private final StoredBlocks blocks;
    private final Executor reactor;
    private final long blockBytes;
    private Measured measured;
    private boolean measuring;
    private boolean failed;
    private boolean closed;

    /** Makes an empty store in {@code directory}, which may have other files. Throws StoreException where there is one already. */
    public static void create(Path directory) {
        RocksDatabase.create(directory);
    }

    /** Opens the store in {@code directory}. Throws StoreException where there is none, one of another version, or one in use. */
    public static RocksStore open(Path directory, RocksOptions options, Reactor reactor, FailureHandler onFailure) {
        return open(directory, options, reactor, onFailure, DirectFile::open);
    }

    /** How the block file is opened. */
    interface FileOpener {
        BlockFile open(Path path) throws IOException;
    }

    static RocksStore open(
            Path directory, RocksOptions options, Reactor reactor, FailureHandler onFailure, FileOpener opener) {
        RocksDatabase db = RocksDatabase.open(directory, options);
        try {
            return new RocksStore(directory, options, reactor, onFailure, db, blockFile(directory, opener));
        } catch (RuntimeException e) {
            db.close();
            throw e;
        }
    }

    static BlockFile blockFile(Path directory, FileOpener opener) {
        try {
            return opener.open(directory.resolve(BLOCK_FILE));
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.IO, "cannot open the block file in " + directory + ": " + e.getMessage(), e);
        }
    }

    private RocksStore(
            Path directory,
            RocksOptions options,
            Reactor reactor,
            FailureHandler onFailure,
            RocksDatabase db,
            BlockFile file) {
        this.directory = directory;
        this.onFailure = onFailure;
        this.reactor = reactor;
        this.db = db;
        blockBytes = options.blockBytes();
        catalog = new RocksCatalog(db, pending, options.cachedObjects());
        measured = measure();
        slots = new Slots((int) Math.min(Integer.MAX_VALUE, options.blockBytes() / Onode.CHUNK));
        countSlots();
        io = new BlockIo(file);
        committer = new RocksCommitter(
                db, io, BYTES_ON_THEIR_WAY, reactor, e -> reactor.execute(() -> fail(e)), "store-commit");
        blocks = new StoredBlocks(db, pending, io, committer);
        db.onTrouble(e -> reactor.execute(() -> fail(e)));
    }

    private void countSlots() {
        ObjectRecords.each(db, ObjectKeys.prefix(0), ObjectKeys.prefix(Integer.MAX_VALUE), (key, value) -> {
            try {
                Onode onode = RocksCatalog.decode(RocksDatabase.checked(value, "a record"), ObjectKeys.object(key));
                onode.places().forEach(place -> slots.name(place.slot()));
            } catch (StoreException | MalformedInput e) {
                // Never read again either: whoever asks for this object is told that it is damaged.
            }
            return true;
        });
    }

    @Override
    public void submit(Transaction transaction, Runnable committed) {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        if (failed) {
            return;
        }
        CollectionCheck.check(transaction, catalog::contains);
        RocksWriter.Built built;
        try {
            built = new RocksWriter(db, catalog, blocks, slots, transaction).build();
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.DAMAGED) {
                throw e; // nothing has changed, and others can still be served
            }
            fail(e);
            return;
        }
        try {
            submit(built, committed);
        } catch (StoreException e) {
            fail(e);
        }
    }

    private void submit(RocksWriter.Built built, Runnable committed) {
        List<BlockIo.SlotData> data = built.changes().data();
        if (data.isEmpty() && pending.isEmpty()) {
            if (!built.batch().isEmpty()) {
                db.write(built.batch().toArray());
            }
            committer.add(() -> {
                built.freed().forEach(slots::free);
                committed.run();
            });
            return;
        }
        long bytes = 0;
        for (BlockIo.SlotData one : data) {
            bytes += one.data().size();
        }
        committer.admit(bytes);
        pending.add(built.changes());
        committer.add(built.batch().toArray(), data.isEmpty() ? null : io.begin(data, bytes), bytes, () -> {
            pending.remove(built.changes());
            built.freed().forEach(slots::free);
            committed.run();
        });
    }

    @Override
    public void stage(List<Transaction.Write> writes, Consumer<Staged> ready) {
        List<Bytes> blocks = StagedBlocks.of(writes);
        List<BlockIo.SlotData> data = closed || failed ? List.of() : place(blocks);
        if (data.isEmpty()) {
            ready.accept(Staged.NONE);
            return;
        }
        List<Place> places = new ArrayList<>(data.size());
        io.stage(
                data,
                () -> {
                    data.forEach(d -> places.add(Place.of(d.slot(), d.data())));
                    reactor.execute(() -> {
                        if (!closed && !failed) {
                            ready.accept(new StagedBlocks(slots, blocks, places));
                        }
                    });
                },
                why -> reactor.execute(() -> fail(why)));
    }

    /** Takes slots for the blocks; none where there are not enough, which the transaction will find out. */
    private List<BlockIo.SlotData> place(List<Bytes> blocks) {
        List<BlockIo.SlotData> data = new ArrayList<>(blocks.size());
        slots.seek(blocks.size());
        try {
            for (Bytes block : blocks) {
                data.add(new BlockIo.SlotData(slots.take(), block));
            }
        } catch (StoreException full) {
            data.forEach(d -> slots.free(d.slot()));
            return List.of();
        }
        return data;
    }

    /** Runs {@code task} while the store's files do not change. */
    void whileStill(Runnable task) {
        db.whileStill(task);
    }

    private void fail(StoreException why) {
        if (!failed && !closed) {
            failed = true;
            committer.halt();
            onFailure.accept(why);
        }
    }

    @Override
    public List<CollectionId> collections() {
        return catalog.collections();
    }

    @Override
    public boolean exists(CollectionId collection) {
        return catalog.contains(collection);
    }

    @Override
    public long size(CollectionId collection, ObjectId object) {
        Onode onode = catalog.find(collection, object);
        return onode == null ? -1 : onode.size;
    }

    @Override
    public void read(CollectionId collection, ObjectId object, long offset, long length, ReadDone done) {
        ReadPlan plan;
        Bytes data;
        try {
            Onode onode = catalog.find(collection, object);
            if (onode == null) {
                throw new StoreException(StoreException.Kind.NO_SUCH_OBJECT, object + " is not in " + collection);
            }
            plan = blocks.plan(onode, offset, length);
            data = plan.inFile().isEmpty() ? blocks.carryOut(plan) : null;
        } catch (StoreException e) {
            done.failed(e);
            return;
        }
        if (data != null) {
            done.done(data);
        } else {
            readFile(plan, done);
        }
    }

    /** Reads off the reactor; what is read cannot be overwritten meanwhile. */
    private void readFile(ReadPlan plan, ReadDone done) {
        plan.inFile().forEach(piece -> slots.pin(piece.place().slot()));
        io.reading(() -> {
            Bytes data;
            try {
                data = blocks.carryOut(plan);
            } catch (StoreException e) {
                reactor.execute(() -> finishRead(plan, () -> done.failed(e)));
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                reactor.execute(() -> {
                    throw e; // a mistake of ours: the reactor's handler ends the daemon
                });
                return;
            }
            reactor.execute(() -> finishRead(plan, () -> done.done(data)));
        });
    }

    private void finishRead(ReadPlan plan, Runnable tell) {
        plan.inFile().forEach(piece -> slots.unpin(piece.place().slot()));
        if (!closed) {
            tell.run();
        }
    }

    @Override
    public @Nullable Bytes attribute(CollectionId collection, ObjectId object, Bytes name) {
        Onode onode = catalog.find(collection, object);
        return onode == null ? null : onode.attributes.get(name);
    }

    @Override
    public SortedMap<Bytes, Bytes> attributes(CollectionId collection, ObjectId object) {
        Onode onode = catalog.find(collection, object);
        return onode == null ? Collections.emptySortedMap() : new TreeMap<>(onode.attributes);
    }

    @Override
    public Bytes omapHeader(CollectionId collection, ObjectId object) {
        Onode onode = catalog.find(collection, object);
        return onode == null ? Bytes.EMPTY : onode.omapHeader;
    }

    @Override
    public SortedMap<Bytes, Bytes> omap(CollectionId collection, ObjectId object, @Nullable Bytes after, int max) {
        Onode onode = catalog.find(collection, object);
        if (onode == null || !onode.hasOmap || max <= 0) {
            return Collections.emptySortedMap();
        }
        blocks.settleOmap(onode);
        TreeMap<Bytes, Bytes> some = new TreeMap<>();
        byte[] first = after == null
                ? RocksWriter.omapStart(onode)
                : RocksWriter.omapKey(onode, Bytes.concat(List.of(after, Bytes.zeros(1))));
        db.each(RocksWriter.family(object), first, RocksWriter.omapEnd(onode), (key, value) -> {
            some.put(Bytes.wrap(key, 8, key.length - 8), Bytes.wrap(value));
            return some.size() < max;
        });
        return some;
    }

    @Override
    public SortedMap<Bytes, Bytes> omapValues(CollectionId collection, ObjectId object, Iterable<Bytes> keys) {
        Onode onode = catalog.find(collection, object);
        if (onode == null || !onode.hasOmap) {
            return Collections.emptySortedMap();
        }
        blocks.settleOmap(onode);
        TreeMap<Bytes, Bytes> values = new TreeMap<>();
        for (Bytes key : keys) {
            byte[] value = db.find(RocksWriter.family(object), RocksWriter.omapKey(onode, key));
            if (value != null) {
                values.put(key, Bytes.wrap(value));
            }
        }
        return values;
    }

    @Override
    public List<ObjectId> list(CollectionId collection, ObjectId from, ObjectId to, int max) {
        if (!catalog.contains(collection) || from.compareTo(to) >= 0 || max <= 0) {
            return List.of();
        }
        int number = catalog.number(collection);
        TreeSet<ObjectId> some = new TreeSet<>();
        long enough = (long) max + pending.gone(number);
        try {
            ObjectRecords.each(db, ObjectKeys.bound(number, from), ObjectKeys.bound(number, to), (key, value) -> {
                some.add(ObjectKeys.object(key));
                return some.size() < enough;
            });
        } catch (StoreException e) {
            fail(e); // it does not know any more what it has
            throw e;
        }
        pending.amend(number, from, to, some);
        return some.stream().limit(max).toList();
    }

    @Override
    public List<Extent> extents(CollectionId collection, ObjectId object) {
        Onode onode = catalog.find(collection, object);
        List<Extent> all = new ArrayList<>();
        for (int chunk = 0; onode != null && chunk < onode.chunkCount(); chunk++) {
            int word = onode.chunk(chunk);
            for (int s = 0; s < Onode.SUBS; s++) {
                long from = (long) chunk * Onode.CHUNK + (long) s * Onode.SUB;
                if ((word & (Onode.BASE | 1 << s)) != 0 && from < onode.size) {
                    append(all, from, Math.min(Onode.SUB, onode.size - from));
                }
            }
        }
        return all;
    }

    private static void append(List<Extent> all, long from, long length) {
        Extent last = all.isEmpty() ? null : all.getLast();
        if (last != null && last.offset() + last.length() == from) {
            all.set(all.size() - 1, new Extent(last.offset(), last.length() + length));
        } else {
            all.add(new Extent(from, length));
        }
    }

    @Override
    public Usage usage() {
        if (!measuring) {
            measuring = true;
            io.reading(this::measureAgain);
        }
        long placed = (long) slots.count() * Onode.CHUNK;
        long own = placed + measured.databaseBytes;
        long total = blockBytes == Long.MAX_VALUE ? measured.usableBytes + own : Math.max(blockBytes, own);
        return new Usage(
                total,
                Math.min(total - own, measured.usableBytes),
                placed + db.fileBytes(RocksDatabase.DATA),
                db.fileBytes(RocksDatabase.OMAP) + db.fileBytes(RocksDatabase.PGLOG),
                db.fileBytes(RocksDatabase.OBJECTS) + db.fileBytes(RocksDatabase.COLLECTIONS));
    }

    /** What only the file system knows, as it was when usage was asked for last: asking takes time that the reactor has not. */
    private record Measured(long usableBytes, long databaseBytes) {}

    private Measured measure() {
        try {
            return new Measured(Files.getFileStore(directory).getUsableSpace(), databaseFiles());
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.IO, "cannot ask how full " + directory + " is", e);
        }
    }

    private void measureAgain() {
        Measured now;
        try {
            now = measure();
        } catch (StoreException e) {
            reactor.execute(() -> fail(e));
            return;
        }
        reactor.execute(() -> {
            measured = now;
            measuring = false;
        });
    }

    /** What the database's files take, its log among them, in bytes. */
    private long databaseFiles() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(RocksDatabase.folder(directory))) {
            for (Path file : files) {
                bytes += file.toFile().length(); // 0 where the database has just removed it
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            committer.close();
            io.close();
            db.close();
        }
    }
}
