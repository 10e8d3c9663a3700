package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.types.ObjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in RocksDB. A transaction is written on the owner's reactor, unsynced, which makes it visible to reads without any overlay; one commit thread then makes durable, with one sync of the log, all that
 * came meanwhile. Every block and record carries a CRC32C that every read checks.
 *
 * <p>A submission throws a {@link StoreException} of kind DAMAGED, and changes nothing, where it has to keep a part of a block whose checksum is wrong.
 */
public final class RocksStore implements ObjectStore {
    private final Path directory;
    private final FailureHandler onFailure;
    private final RocksDatabase db;
    private final RocksCatalog catalog;
    private final RocksCommitter committer;
    private final BlockSource blocks;
    private boolean failed;
    private boolean closed;

    /** Makes an empty store in {@code directory}, which may have other files. Throws StoreException where there is one already. */
    public static void create(Path directory) {
        RocksDatabase.create(directory);
    }

    /** Opens the store in {@code directory}. Throws StoreException where there is none, one of another version, or one in use. */
    public static RocksStore open(Path directory, RocksOptions options, Reactor reactor, FailureHandler onFailure) {
        return new RocksStore(directory, options, reactor, onFailure);
    }

    private RocksStore(Path directory, RocksOptions options, Reactor reactor, FailureHandler onFailure) {
        this.directory = directory;
        this.onFailure = onFailure;
        db = RocksDatabase.open(directory, options);
        try {
            catalog = new RocksCatalog(db, options.cachedObjects());
        } catch (RuntimeException e) {
            db.close();
            throw e;
        }
        blocks = (onode, chunk, part) -> storedBlock(db, onode, chunk, part);
        committer = new RocksCommitter(db, reactor, e -> reactor.execute(() -> fail(e)), "store-commit");
    }

    static byte[] blockKey(Onode onode, long chunk, int part) {
        return ByteBuffer.allocate(13)
                .putLong(onode.number)
                .putInt((int) chunk)
                .put((byte) part)
                .array();
    }

    static Bytes storedBlock(RocksDatabase db, Onode onode, long chunk, int part) {
        byte[] value = db.find(RocksDatabase.DATA, blockKey(onode, chunk, part));
        if (value == null) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "block " + chunk + "." + part + " of stored object " + onode.number + " is missing");
        }
        return RocksDatabase.checked(value, "block " + chunk + "." + part + " of stored object " + onode.number);
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
        RocksBatch batch = new RocksWriter(db, catalog, transaction).build();
        try {
            if (!batch.isEmpty()) {
                db.write(batch.toArray());
            }
        } catch (StoreException e) {
            fail(e);
            return;
        }
        committer.add(committed);
    }

    /** Runs {@code task} while the store's files do not change. */
    void whileStill(Runnable task) {
        db.whileStill(task);
    }

    private void fail(StoreException why) {
        if (!failed) {
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
        Bytes data;
        try {
            Onode onode = catalog.find(collection, object);
            if (onode == null) {
                throw new StoreException(StoreException.Kind.NO_SUCH_OBJECT, object + " is not in " + collection);
            }
            data = blocks.read(onode, offset, length);
        } catch (StoreException e) {
            done.failed(e);
            return;
        }
        done.done(data);
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
        List<ObjectId> some = new ArrayList<>();
        db.each(RocksDatabase.OBJECTS, ObjectKeys.bound(number, from), ObjectKeys.bound(number, to), (key, value) -> {
            some.add(ObjectKeys.object(key));
            return some.size() < max;
        });
        return some;
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
        try {
            FileStore files = Files.getFileStore(directory);
            return new Usage(
                    files.getTotalSpace(),
                    files.getUsableSpace(),
                    db.fileBytes(RocksDatabase.DATA),
                    db.fileBytes(RocksDatabase.OMAP) + db.fileBytes(RocksDatabase.PGLOG),
                    db.fileBytes(RocksDatabase.OBJECTS));
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.IO, "cannot ask how full " + directory + " is", e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            committer.close();
            db.close();
        }
    }
}
