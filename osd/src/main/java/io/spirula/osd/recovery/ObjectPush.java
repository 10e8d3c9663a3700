package io.spirula.osd.recovery;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.ReqId;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
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
        Assembly assembly;
        List<ObjectStore.Extent> extents;
        try {
            extents = store.extents(collection, object);
            assembly = new Assembly(template(store, collection, object, version), extents, done, failed);
        } catch (StoreException e) {
            failed.accept(e);
            return;
        }
        if (extents.isEmpty()) {
            assembly.end();
        }
        // All at once: so they see the object as it is now, and fit together even if it changes before they are there.
        for (int i = 0; i < extents.size(); i++) {
            int index = i;
            ObjectStore.Extent extent = extents.get(i);
            store.read(collection, object, extent.offset(), extent.length(), new ObjectStore.ReadDone() {
                @Override
                public void done(Bytes data) {
                    assembly.pieces[index] = data;
                    assembly.end();
                }

                @Override
                public void failed(StoreException why) {
                    assembly.failure = why;
                    assembly.end();
                }
            });
        }
    }

    /** A push whose data is still being read. */
    private static final class Assembly {
        private final PushOp template;
        private final List<ObjectStore.Extent> extents;
        private final Consumer<PushOp> done;
        private final Consumer<StoreException> failed;
        private final Bytes[] pieces;
        private @Nullable StoreException failure;
        private int left;

        Assembly(
                PushOp template,
                List<ObjectStore.Extent> extents,
                Consumer<PushOp> done,
                Consumer<StoreException> failed) {
            this.template = template;
            this.extents = extents;
            this.done = done;
            this.failed = failed;
            pieces = new Bytes[extents.size()];
            left = extents.size();
        }

        /** One more has ended. */
        void end() {
            if (--left > 0) {
                return;
            }
            if (failure != null) {
                failed.accept(failure);
                return;
            }
            IntervalSet included = IntervalSet.EMPTY;
            for (int i = 0; i < pieces.length; i++) {
                included = included.plus(extents.get(i).offset(), pieces[i].size());
            }
            done.accept(withData(template, included, Bytes.concat(List.of(pieces))));
        }
    }

    /** The push but for its data. */
    private static PushOp template(ObjectStore store, CollectionId collection, ObjectId object, EVersion version) {
        SortedMap<Bytes, Bytes> attributes = store.attributes(collection, object);
        ObjectInfo info = infoOf(attributes);
        EVersion told = version.equals(EVersion.MAX) && info != null ? info.version() : version;
        RecoveryInfo recovery = new RecoveryInfo(
                object,
                told,
                store.size(collection, object),
                info == null ? noInfo(object) : info,
                snapSetOf(attributes),
                IntervalSet.EMPTY,
                Map.of(),
                false);
        RecoveryProgress after = new RecoveryProgress(false, true, recovery.size(), Bytes.EMPTY, true);
        return new PushOp(
                object,
                told,
                Bytes.EMPTY,
                IntervalSet.EMPTY,
                store.omapHeader(collection, object),
                wholeOmap(store, collection, object),
                attributes,
                recovery,
                after,
                RecoveryProgress.START);
    }

    private static PushOp withData(PushOp push, IntervalSet included, Bytes data) {
        RecoveryInfo r = push.recoveryInfo();
        return new PushOp(
                push.object(),
                push.version(),
                data,
                included,
                push.omapHeader(),
                push.omapEntries(),
                push.attributes(),
                new RecoveryInfo(
                        r.object(),
                        r.version(),
                        r.size(),
                        r.info(),
                        r.snapSet(),
                        included,
                        r.cloneSubset(),
                        r.objectExists()),
                push.afterProgress(),
                push.beforeProgress());
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
