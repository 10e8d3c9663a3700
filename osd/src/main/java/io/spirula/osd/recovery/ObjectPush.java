package io.spirula.osd.recovery;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.IntervalSet;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.ReqId;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A whole object as one push: read from a store, and written to another. An object that is not there is pushed as version zero, which removes it, as Ceph does. */
public final class ObjectPush {
    /** Ceph's names of the attributes that every object has: object_info_t and SnapSet. */
    private static final Bytes INFO = Bytes.of("_");

    private static final Bytes SNAPSET = Bytes.of("snapset");
    private static final int OMAP_AT_ONCE = 1000;

    private ObjectPush() {}

    /** Reads an object to be pushed. {@code version} of {@link EVersion#MAX} stands for the one that its info tells. */
    public static void read(
            ObjectStore store,
            CollectionId collection,
            ObjectId object,
            EVersion version,
            Consumer<PushOp> done,
            Consumer<StoreException> failed) {
        if (!store.exists(collection, object)) {
            done.accept(removal(object));
            return;
        }
        try {
            List<Bytes> pieces = new ArrayList<>();
            readPieces(store, collection, object, store.extents(collection, object), 0, pieces, why -> {
                if (why != null) {
                    failed.accept(why);
                } else {
                    done.accept(push(store, collection, object, version, pieces));
                }
            });
        } catch (StoreException e) {
            failed.accept(e);
        }
    }

    private static void readPieces(
            ObjectStore store,
            CollectionId collection,
            ObjectId object,
            List<ObjectStore.Extent> extents,
            int index,
            List<Bytes> pieces,
            Consumer<@Nullable StoreException> done) {
        if (index == extents.size()) {
            done.accept(null);
            return;
        }
        ObjectStore.Extent extent = extents.get(index);
        store.read(collection, object, extent.offset(), extent.length(), new ObjectStore.ReadDone() {
            @Override
            public void done(Bytes data) {
                pieces.add(data);
                readPieces(store, collection, object, extents, index + 1, pieces, done);
            }

            @Override
            public void failed(StoreException why) {
                done.accept(why);
            }
        });
    }

    private static PushOp push(
            ObjectStore store, CollectionId collection, ObjectId object, EVersion version, List<Bytes> pieces) {
        SortedMap<Bytes, Bytes> attributes = store.attributes(collection, object);
        IntervalSet included = IntervalSet.EMPTY;
        List<ObjectStore.Extent> extents = store.extents(collection, object);
        for (int i = 0; i < extents.size(); i++) {
            included = included.plus(extents.get(i).offset(), pieces.get(i).size());
        }
        ObjectInfo info = infoOf(attributes);
        EVersion told = version.equals(EVersion.MAX) && info != null ? info.version() : version;
        RecoveryInfo recovery = new RecoveryInfo(
                object,
                told,
                store.size(collection, object),
                info == null ? noInfo(object) : info,
                snapSetOf(attributes),
                included,
                Map.of(),
                false);
        Bytes data = Bytes.concat(pieces);
        RecoveryProgress after = new RecoveryProgress(false, true, recovery.size(), Bytes.EMPTY, true);
        return new PushOp(
                object,
                told,
                data,
                included,
                store.omapHeader(collection, object),
                wholeOmap(store, collection, object),
                attributes,
                recovery,
                after,
                RecoveryProgress.START);
    }

    private static PushOp removal(ObjectId object) {
        RecoveryInfo nothing = new RecoveryInfo(
                object, EVersion.ZERO, 0, noInfo(object), SnapSet.EMPTY, IntervalSet.EMPTY, Map.of(), false);
        return new PushOp(
                object,
                EVersion.ZERO,
                Bytes.EMPTY,
                IntervalSet.EMPTY,
                Bytes.EMPTY,
                Map.of(),
                Map.of(),
                nothing,
                RecoveryProgress.START,
                RecoveryProgress.START);
    }

    private static ObjectInfo noInfo(ObjectId object) {
        return new ObjectInfo(
                object,
                EVersion.ZERO,
                EVersion.ZERO,
                ReqId.NONE,
                0,
                0,
                Instant.EPOCH,
                Instant.EPOCH,
                0,
                0,
                0,
                Map.of(),
                -1,
                -1,
                ObjectInfo.AllocHint.NONE,
                Bytes.EMPTY);
    }

    private static @Nullable ObjectInfo infoOf(SortedMap<Bytes, Bytes> attributes) {
        Bytes encoded = attributes.get(INFO);
        try {
            return encoded == null ? null : ObjectInfo.CODEC.fromBytes(encoded);
        } catch (MalformedInput e) {
            return null; // copied as it is all the same
        }
    }

    private static SnapSet snapSetOf(SortedMap<Bytes, Bytes> attributes) {
        Bytes encoded = attributes.get(SNAPSET);
        try {
            return encoded == null ? SnapSet.EMPTY : SnapSet.CODEC.fromBytes(encoded);
        } catch (MalformedInput e) {
            return SnapSet.EMPTY;
        }
    }

    private static SortedMap<Bytes, Bytes> wholeOmap(ObjectStore store, CollectionId collection, ObjectId object) {
        TreeMap<Bytes, Bytes> all = new TreeMap<>();
        Bytes after = null;
        while (true) {
            SortedMap<Bytes, Bytes> page = store.omap(collection, object, after, OMAP_AT_ONCE);
            if (page.isEmpty()) {
                return all;
            }
            all.putAll(page);
            after = page.lastKey();
        }
    }

    /** Makes the object what was pushed. Throws MalformedInput where the push does not fit together. */
    public static void apply(PushOp push, CollectionId collection, Transaction transaction) {
        ObjectId object = push.object();
        transaction.add(new Transaction.Remove(collection, object));
        if (push.version().equals(EVersion.ZERO)) {
            return;
        }
        transaction.add(new Transaction.Touch(collection, object));
        int at = 0;
        for (Map.Entry<Long, Long> range : push.dataIncluded().ranges().entrySet()) {
            long length = range.getValue();
            if (length < 0 || length > push.data().size() - at || range.getKey() < 0) {
                throw new MalformedInput("a push of " + object + " has less data than it says");
            }
            transaction.add(new Transaction.Write(
                    collection, object, range.getKey(), push.data().slice(at, (int) length)));
            at += (int) length;
        }
        transaction.add(
                new Transaction.Truncate(collection, object, push.recoveryInfo().size()));
        transaction.add(new Transaction.SetAttributes(collection, object, new TreeMap<>(push.attributes())));
        if (!push.omapHeader().isEmpty()) {
            transaction.add(new Transaction.OmapSetHeader(collection, object, push.omapHeader()));
        }
        if (!push.omapEntries().isEmpty()) {
            transaction.add(new Transaction.OmapSet(collection, object, new TreeMap<>(push.omapEntries())));
        }
    }

    /** On a target whose copy is incomplete: removes what lies behind the point that it is complete to, before backfill goes on from there. */
    public static void removeLeftovers(ObjectStore store, PgMembers members, Transaction transaction) {
        ObjectId after = members.info().lastBackfill();
        if (after.max()) {
            return;
        }
        for (ObjectId object : store.list(members.collection(), after, ObjectId.MAX, Integer.MAX_VALUE)) {
            if (!object.equals(after) && !object.name().isEmpty()) {
                transaction.add(new Transaction.Remove(members.collection(), object));
            }
        }
    }
}
