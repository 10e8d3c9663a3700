package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Objects in collections, changed by transactions only. An object has data (a sparse array of bytes), extended attributes and an ordered key-value map (omap) with a header.
 *
 * <p>A transaction is visible to reads of the same owner as soon as {@link #submit} returns, becomes durable as a whole or not at all, and in the order of submission; {@code committed} runs on the owner's
 * reactor once it is durable. A store that can't make something durable fails once and for all: it reports to the failure handler that it was made with and never calls {@code committed} again.
 *
 * <p>A change that needs an object makes it where it is missing; a removal of what is not there does nothing; a clone of nothing removes the target. The data that a transaction was given is never changed.
 *
 * <p>Reads verify checksums: damage is a {@link StoreException} to the reader and never data. A write over a part of what is damaged is taken, and the whole of that stays damaged. Every method but {@link #close} is called on the owner's reactor.
 */
public interface ObjectStore extends AutoCloseable {
    /** Applies {@code transaction}. Throws IllegalStateException, and changes nothing, where it names a collection that does not exist. */
    void submit(Transaction transaction, Runnable committed);

    /**
     * Brings data to the disk that a later transaction is going to write, so that what is submitted behind that does not wait for it. {@code ready} runs on the reactor, before this returns where there is nothing to bring; not any
     * more once the store is closed or has failed. It gets what is to be {@linkplain Transaction#use used} by that transaction, and closed when that is submitted or never will be.
     */
    void stage(List<Transaction.Write> writes, Consumer<Staged> ready);

    List<CollectionId> collections();

    boolean exists(CollectionId collection);

    /** The object's size in bytes, or -1 where there is no such object. */
    long size(CollectionId collection, ObjectId object);

    default boolean exists(CollectionId collection, ObjectId object) {
        return size(collection, object) >= 0;
    }

    /**
     * Reads up to {@code length} bytes (all that follow, for 0 or less), short at the object's end; holes read as zeros. What is read is what was submitted before the call and nothing later. {@code done} is
     * called on the reactor, before this returns where the bytes are at hand; reads may end in another order than they began.
     */
    void read(CollectionId collection, ObjectId object, long offset, long length, ReadDone done);

    @Nullable
    Bytes attribute(CollectionId collection, ObjectId object, Bytes name);

    /** All attributes by name; empty where there is no such object. */
    SortedMap<Bytes, Bytes> attributes(CollectionId collection, ObjectId object);

    Bytes omapHeader(CollectionId collection, ObjectId object);

    /** Up to {@code max} pairs whose keys are greater than {@code after} (all for null), in the keys' order. */
    SortedMap<Bytes, Bytes> omap(CollectionId collection, ObjectId object, @Nullable Bytes after, int max);

    /** The values of those of {@code keys} that are there. */
    SortedMap<Bytes, Bytes> omapValues(CollectionId collection, ObjectId object, Iterable<Bytes> keys);

    /** Up to {@code max} objects from {@code from} (inclusive) to {@code to} (exclusive), in Ceph's object order. */
    List<ObjectId> list(CollectionId collection, ObjectId from, ObjectId to, int max);

    /** Where an object has data: extents in order, without overlap; whole blocks may be given for parts. */
    List<Extent> extents(CollectionId collection, ObjectId object);

    Usage usage();

    /** Makes all submitted durable and releases the store; completions that were not delivered yet are not any more. */
    @Override
    void close();

    /** Data on its store's disk that no object has yet. */
    interface Staged extends AutoCloseable {
        Staged NONE = () -> {};

        /** What no transaction has used is given up. */
        @Override
        void close();
    }

    /** A run of bytes within an object. */
    record Extent(long offset, long length) {}

    /**
     * What this store takes, and no other on the same disk, in bytes.
     *
     * @param totalBytes how large it may get, with what it has
     * @param availableBytes how much of that is free
     */
    record Usage(long totalBytes, long availableBytes, long dataBytes, long omapBytes, long metadataBytes) {}

    /** Who waits for a read. */
    interface ReadDone {
        void done(Bytes data);

        /** The object is not there or its bytes are damaged. */
        void failed(StoreException why);
    }

    /** What a store calls, once, when it can keep nothing any more (EIO, ENOSPC): the OSD stops and says why. */
    interface FailureHandler extends Consumer<StoreException> {}
}
