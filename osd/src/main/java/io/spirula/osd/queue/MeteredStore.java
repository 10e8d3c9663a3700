package io.spirula.osd.queue;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store whose load is known: what is submitted counts until it is durable, what is read until it is there. */
public final class MeteredStore implements ObjectStore {
    private final ObjectStore store;
    private final StoreLoad load;

    public MeteredStore(ObjectStore store, StoreLoad load) {
        this.store = store;
        this.load = load;
    }

    @Override
    public void submit(Transaction transaction, Runnable committed) {
        long bytes = bytes(transaction);
        load.began(bytes);
        try {
            store.submit(transaction, () -> {
                load.ended(bytes);
                committed.run();
            });
        } catch (RuntimeException e) {
            load.ended(bytes); // nothing was taken
            throw e;
        }
    }

    @Override
    public void stage(List<Transaction.Write> writes, Consumer<Staged> ready) {
        long bytes = writes.stream().mapToLong(write -> write.data().size()).sum();
        load.began(bytes);
        store.stage(writes, staged -> {
            load.ended(bytes);
            ready.accept(staged);
        });
    }

    private static long bytes(Transaction transaction) {
        long bytes = 0;
        for (Transaction.Op op : transaction.ops()) {
            if (op instanceof Transaction.Write write) {
                bytes += write.data().size();
            }
        }
        return bytes;
    }

    @Override
    public void read(CollectionId collection, ObjectId object, long offset, long length, ReadDone done) {
        long rest = store.size(collection, object) - offset;
        long bytes = Math.max(0, length <= 0 ? rest : Math.min(rest, length));
        load.began(bytes);
        store.read(collection, object, offset, length, new ReadDone() {
            @Override
            public void done(Bytes data) {
                load.ended(bytes);
                done.done(data);
            }

            @Override
            public void failed(StoreException why) {
                load.ended(bytes);
                done.failed(why);
            }
        });
    }

    @Override
    public List<CollectionId> collections() {
        return store.collections();
    }

    @Override
    public boolean exists(CollectionId collection) {
        return store.exists(collection);
    }

    @Override
    public long size(CollectionId collection, ObjectId object) {
        return store.size(collection, object);
    }

    @Override
    public @Nullable Bytes attribute(CollectionId collection, ObjectId object, Bytes name) {
        return store.attribute(collection, object, name);
    }

    @Override
    public SortedMap<Bytes, Bytes> attributes(CollectionId collection, ObjectId object) {
        return store.attributes(collection, object);
    }

    @Override
    public Bytes omapHeader(CollectionId collection, ObjectId object) {
        return store.omapHeader(collection, object);
    }

    @Override
    public SortedMap<Bytes, Bytes> omap(CollectionId collection, ObjectId object, @Nullable Bytes after, int max) {
        return store.omap(collection, object, after, max);
    }

    @Override
    public SortedMap<Bytes, Bytes> omapValues(CollectionId collection, ObjectId object, Iterable<Bytes> keys) {
        return store.omapValues(collection, object, keys);
    }

    @Override
    public List<ObjectId> list(CollectionId collection, ObjectId from, ObjectId to, int max) {
        return store.list(collection, from, to, max);
    }

    @Override
    public List<Extent> extents(CollectionId collection, ObjectId object) {
        return store.extents(collection, object);
    }

    @Override
    public Usage usage() {
        return store.usage();
    }

    @Override
    public void close() {
        store.close();
    }
}
