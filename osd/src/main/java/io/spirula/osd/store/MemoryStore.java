package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.types.ObjectId;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that lives in memory: for tests, for clusters inside one process, and as the plainest statement of what a store does. What is durable lives in a {@link Disk} of its own, which a
 * later store can be opened on; what was submitted and not yet committed when a store was dropped is not on it.
 */
public final class MemoryStore implements ObjectStore {
    /** What outlives a store: everything committed. Its faults are those of a disk whose syncs are true: it can be replaced, come back from an earlier moment, spoil a block, or have another size. */
    public static final class Disk {
        private MemoryCollections durable = new MemoryCollections();
        private long totalBytes;
        private Runnable afterWrite = () -> {};

        /** As large as the process's memory. */
        public Disk() {
            this(Runtime.getRuntime().maxMemory());
        }

        public Disk(long totalBytes) {
            this.totalBytes = totalBytes;
        }

        /** Changes how much there is room for; a store that is open sees it at once. */
        public void resize(long bytes) {
            totalBytes = bytes;
        }

        /** Runs whenever a transaction has become durable, before who submitted it hears of it: a crash there is one between two durable writes. */
        public void afterWrite(Runnable task) {
            afterWrite = task;
        }

        /** What is on the disk now. */
        public Image image() {
            return new Image(durable.copy());
        }

        /** The disk is as it was then. No store may be open on it. */
        public void restore(Image image) {
            durable = image.collections.copy();
        }

        /** The disk is empty. No store may be open on it. */
        public void wipe() {
            durable = new MemoryCollections();
        }

        /** The collections that are durable. */
        public List<CollectionId> collections() {
            return durable.ids();
        }

        /** A durable value; null where it is not there. */
        public @Nullable Bytes omapValue(CollectionId collection, ObjectId object, Bytes key) {
            MemoryObject found = durable.find(collection, object);
            return found == null ? null : found.omap.get(key);
        }
    }

    /** A disk's contents at some moment. */
    public static final class Image {
        private final MemoryCollections collections;

        private Image(MemoryCollections collections) {
            this.collections = collections;
        }
    }

    /** When a submitted transaction becomes durable: is given the task that makes it so, to run on the reactor in the order given. */
    public interface Syncer extends Consumer<Runnable> {}

    private record Pending(Transaction transaction, Runnable committed) {}

    private final Disk disk;
    private final MemoryCollections live;
    private final Syncer syncer;
    private final Executor reads;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private boolean closed;

    /** A store on its own disk that commits at the reactor's next turn. */
    public MemoryStore(Reactor reactor) {
        this(new Disk(), reactor::execute);
    }

    public MemoryStore(Disk disk, Syncer syncer) {
        this(disk, syncer, Runnable::run);
    }

    /** {@code reads}: tells who reads or stages, on the reactor, at once or when a disk would be through with it. */
    public MemoryStore(Disk disk, Syncer syncer, Executor reads) {
        this.disk = disk;
        this.syncer = syncer;
        this.reads = reads;
        live = disk.durable.copy();
    }

    @Override
    public void submit(Transaction transaction, Runnable committed) {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        live.apply(transaction);
        pending.add(new Pending(transaction, committed));
        syncer.accept(this::commitOne);
    }

    @Override
    public void stage(List<Transaction.Write> writes, Consumer<Staged> ready) {
        reads.execute(() -> {
            if (!closed) {
                ready.accept(Staged.NONE);
            }
        });
    }

    private void commitOne() {
        Pending next = pending.poll();
        if (next != null && !closed) {
            disk.durable.apply(next.transaction);
            disk.afterWrite.run();
            if (!closed) {
                next.committed.run();
            }
        }
    }

    @Override
    public List<CollectionId> collections() {
        return live.ids();
    }

    @Override
    public boolean exists(CollectionId collection) {
        return live.contains(collection);
    }

    @Override
    public long size(CollectionId collection, ObjectId object) {
        MemoryObject found = live.find(collection, object);
        return found == null ? -1 : found.data.size();
    }

    @Override
    public void read(CollectionId collection, ObjectId object, long offset, long length, ReadDone done) {
        MemoryObject found = live.find(collection, object);
        if (found == null) {
            done.failed(new StoreException(StoreException.Kind.NO_SUCH_OBJECT, object + " is not in " + collection));
            return;
        }
        Bytes data;
        try {
            data = found.data.read(offset, length);
        } catch (StoreException e) {
            done.failed(new StoreException(e.kind(), object + " in " + collection + ": " + e.getMessage()));
            return;
        }
        reads.execute(() -> {
            if (!closed) {
                done.done(data);
            }
        });
    }

    /** An object's bytes as they are now, for those who look on; null where it is not. */
    public @Nullable Bytes data(CollectionId collection, ObjectId object) {
        MemoryObject found = live.find(collection, object);
        return found == null ? null : found.data.peek(0, 0);
    }

    /** Spoils the block of an object that an offset is in, on the disk and in what is read of it; false where both have none. */
    public boolean damage(CollectionId collection, ObjectId object, long offset) {
        MemoryObject durable = disk.durable.find(collection, object);
        MemoryObject seen = live.find(collection, object);
        return durable != null && seen != null && durable.data.damage(offset) && seen.data.damage(offset);
    }

    /** Whether a block of an object is spoilt. */
    public boolean isDamaged(CollectionId collection, ObjectId object) {
        MemoryObject found = live.find(collection, object);
        return found != null && found.data.isDamaged();
    }

    @Override
    public @Nullable Bytes attribute(CollectionId collection, ObjectId object, Bytes name) {
        MemoryObject found = live.find(collection, object);
        return found == null ? null : found.attributes.get(name);
    }

    @Override
    public SortedMap<Bytes, Bytes> attributes(CollectionId collection, ObjectId object) {
        MemoryObject found = live.find(collection, object);
        return found == null ? Collections.emptySortedMap() : new TreeMap<>(found.attributes);
    }

    @Override
    public Bytes omapHeader(CollectionId collection, ObjectId object) {
        MemoryObject found = live.find(collection, object);
        return found == null ? Bytes.EMPTY : found.omapHeader;
    }

    @Override
    public SortedMap<Bytes, Bytes> omap(CollectionId collection, ObjectId object, @Nullable Bytes after, int max) {
        MemoryObject found = live.find(collection, object);
        if (found == null) {
            return Collections.emptySortedMap();
        }
        NavigableMap<Bytes, Bytes> from = after == null ? found.omap : found.omap.tailMap(after, false);
        TreeMap<Bytes, Bytes> some = new TreeMap<>();
        from.entrySet().stream().limit(Math.max(0, max)).forEach(e -> some.put(e.getKey(), e.getValue()));
        return some;
    }

    @Override
    public SortedMap<Bytes, Bytes> omapValues(CollectionId collection, ObjectId object, Iterable<Bytes> keys) {
        TreeMap<Bytes, Bytes> values = new TreeMap<>();
        MemoryObject found = live.find(collection, object);
        if (found != null) {
            for (Bytes key : keys) {
                Bytes value = found.omap.get(key);
                if (value != null) {
                    values.put(key, value);
                }
            }
        }
        return values;
    }

    @Override
    public List<ObjectId> list(CollectionId collection, ObjectId from, ObjectId to, int max) {
        if (!live.contains(collection) || from.compareTo(to) >= 0) {
            return List.of();
        }
        return live.objects(collection).subMap(from, to).keySet().stream()
                .limit(Math.max(0, max))
                .toList();
    }

    @Override
    public List<Extent> extents(CollectionId collection, ObjectId object) {
        MemoryObject found = live.find(collection, object);
        return found == null ? List.of() : found.data.extents();
    }

    @Override
    public Usage usage() {
        long data = 0;
        long omap = 0;
        for (CollectionId id : live.ids()) {
            for (MemoryObject object : live.objects(id).values()) {
                data += object.data.stored();
                omap += object.omap.size() * 64L;
            }
        }
        long total = disk.totalBytes;
        return new Usage(total, Math.max(0, total - data - omap), data, omap, 0);
    }

    /** How many submitted transactions are not durable yet. */
    public int uncommitted() {
        return pending.size();
    }

    /** Ends as a power cut ends it: of what is not durable yet the oldest {@code kept} transactions still become so, and nobody is told. */
    public void crash(int kept) {
        for (int i = 0; i < kept && !pending.isEmpty(); i++) {
            disk.durable.apply(pending.remove().transaction);
        }
        pending.clear();
        closed = true;
    }

    /** Commits what was submitted, and tells nobody. */
    @Override
    public void close() {
        pending.forEach(p -> disk.durable.apply(p.transaction));
        pending.clear();
        closed = true;
    }
}
