package io.spirula.osd.scrub;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.InconsistentObject;
import io.spirula.common.pg.InconsistentSnapSet;
import io.spirula.common.pg.ScrubListing;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scrub found inconsistent, as pairs of the group's own object, in the order of namespaces and names, for clients who ask page by page. It stands for the interval in which it was found. Ceph: Scrub::Store.
 */
public final class ScrubResults {
    private static final Bytes OBJECTS = Bytes.of("scrub_obj_");
    private static final Bytes SNAP_SETS = Bytes.of("scrub_ss_");
    private static final Bytes LAST = Bytes.of("scrub_ss`"); // the character behind the underscore

    private static final int MOST_AT_ONCE = 1000;

    private final ObjectStore store;
    private final CollectionId collection;
    private final ObjectId object;
    private boolean known;

    /** @param object the group's own */
    public ScrubResults(ObjectStore store, CollectionId collection, ObjectId object) {
        this.store = store;
        this.collection = collection;
        this.object = object;
    }

    /** A scrub begins: what an earlier one found is void. */
    public void begin(Transaction transaction) {
        known = true;
        clear(transaction);
    }

    /** The interval is over, and what was found in it. */
    public void forget(Transaction transaction) {
        if (known) {
            known = false;
            clear(transaction);
        }
    }

    private void clear(Transaction transaction) {
        transaction.add(new Transaction.OmapRemoveRange(collection, object, OBJECTS, LAST));
    }

    public void add(Findings found, Transaction transaction) {
        SortedMap<Bytes, Bytes> pairs = new TreeMap<>();
        for (InconsistentObject one : found.inconsistent()) {
            pairs.put(key(OBJECTS, one.object()), InconsistentObject.CODEC.toBytes(one));
        }
        for (InconsistentSnapSet one : found.snapSets()) {
            pairs.put(key(SNAP_SETS, one.object()), InconsistentSnapSet.CODEC.toBytes(one));
        }
        if (!pairs.isEmpty()) {
            transaction.add(new Transaction.OmapSet(collection, object, pairs));
        }
    }

    private static Bytes key(Bytes first, ObjectId id) {
        return new Encoder(64)
                .raw(position(first, id.namespace(), id.name(), id.snap()))
                .raw(id.key())
                .toBytes();
    }

    /** Where an object comes: what of it differs in its locator key follows. */
    private static Bytes position(Bytes first, Bytes namespace, Bytes name, long snap) {
        Encoder key = new Encoder(64).raw(first).raw(namespace).u8(0).raw(name).u8(0);
        for (int shift = 56; shift >= 0; shift -= 8) {
            key.u8((int) (snap >>> shift) & 0xff);
        }
        return key.toBytes();
    }

    /** Whether there has been a scrub in this interval. */
    public boolean isKnown() {
        return known;
    }

    /** A page of what was found. */
    public ScrubListing list(ScrubListing.Request request, int interval) {
        Bytes first = request.snapSets() ? SNAP_SETS : OBJECTS;
        Bytes after = first;
        if (!request.afterName().isEmpty()) {
            Bytes position = position(first, request.afterNamespace(), request.afterName(), request.afterSnap());
            after = new Encoder(64).raw(position).u8(0xff).toBytes();
        }
        int most = (int) Math.max(0, Math.min(request.most(), MOST_AT_ONCE));
        List<Bytes> found = new ArrayList<>();
        store.omap(collection, object, after, most).forEach((key, value) -> {
            if (key.startsWith(first)) {
                found.add(value);
            }
        });
        return new ScrubListing(interval, found);
    }
}
