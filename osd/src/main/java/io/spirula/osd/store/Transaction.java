package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** Changes that become durable together, carried out in their order. Written to until it is submitted, then never again. Ceph: ObjectStore::Transaction. */
public final class Transaction {
    /** One change. */
    public sealed interface Op {
        CollectionId collection();
    }

    public record CreateCollection(CollectionId collection) implements Op {}

    /** Removes a collection with all its objects. */
    public record RemoveCollection(CollectionId collection) implements Op {}

    /** Moves all objects whose hash has {@code seed} in its low {@code bits} to {@code target}, which exists. */
    public record SplitCollection(CollectionId collection, int bits, int seed, CollectionId target) implements Op {}

    /** Makes sure that the object exists. */
    public record Touch(CollectionId collection, ObjectId object) implements Op {}

    public record Write(CollectionId collection, ObjectId object, long offset, Bytes data) implements Op {}

    /** Makes a range read as zeros, growing the object where it ends behind it. */
    public record Zero(CollectionId collection, ObjectId object, long offset, long length) implements Op {}

    public record Truncate(CollectionId collection, ObjectId object, long size) implements Op {}

    /** Removes an object with everything it has; nothing where there is none. */
    public record Remove(CollectionId collection, ObjectId object) implements Op {}

    public record SetAttributes(CollectionId collection, ObjectId object, SortedMap<Bytes, Bytes> attributes)
            implements Op {}

    public record RemoveAttribute(CollectionId collection, ObjectId object, Bytes name) implements Op {}

    public record RemoveAttributes(CollectionId collection, ObjectId object) implements Op {}

    /** Makes {@code target} an equal of {@code object}, replacing it. */
    public record Clone(CollectionId collection, ObjectId object, ObjectId target) implements Op {}

    public record CloneRange(CollectionId collection, ObjectId object, ObjectId target, long from, long length, long to)
            implements Op {}

    public record OmapSet(CollectionId collection, ObjectId object, SortedMap<Bytes, Bytes> pairs) implements Op {}

    public record OmapRemove(CollectionId collection, ObjectId object, List<Bytes> keys) implements Op {}

    /** Removes the keys from {@code first} (inclusive) to {@code last} (exclusive). */
    public record OmapRemoveRange(CollectionId collection, ObjectId object, Bytes first, Bytes last) implements Op {}

    /** Removes the whole omap with its header. */
    public record OmapClear(CollectionId collection, ObjectId object) implements Op {}

    public record OmapSetHeader(CollectionId collection, ObjectId object, Bytes header) implements Op {}

    private final List<Op> ops = new ArrayList<>();
    private ObjectStore.Staged staged = ObjectStore.Staged.NONE;

    public Transaction add(Op op) {
        ops.add(op);
        return this;
    }

    public Transaction addAll(Collection<? extends Op> more) {
        ops.addAll(more);
        return this;
    }

    /** Its writes need not bring to the disk what is there already. */
    public Transaction use(ObjectStore.Staged data) {
        staged = data;
        return this;
    }

    ObjectStore.Staged staged() {
        return staged;
    }

    public List<Op> ops() {
        return Collections.unmodifiableList(ops);
    }

    public boolean isEmpty() {
        return ops.isEmpty();
    }
}
