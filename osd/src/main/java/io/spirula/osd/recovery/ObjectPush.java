package io.spirula.osd.recovery;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PushOp;
import io.spirula.common.pg.RecoveryInfo;
import io.spirula.common.pg.RecoveryProgress;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects as pushes: read from a store piece by piece, so that no more than a piece of a large object is in memory at a time. An object that is not there is pushed as version zero, as Ceph does: it removes the object, or tells who
 * asked for it that it cannot be had here.
 */
public final class ObjectPush {
    private ObjectPush() {}

    /** What one piece may hold. */
    public record Limits(int bytes, int omapEntries) {}

    /** A piece is there, or its bytes are damaged or missing. */
    public interface Done {
        void read(PushOp push);

        void failed(StoreException why);
    }

    /**
     * Reads an object's next piece. Its first piece has the attributes.
     *
     * @param version the least that is good enough
     * @param from how far the pieces before it went
     */
    public static void read(
            ObjectStore store,
            CollectionId collection,
            ObjectId object,
            EVersion version,
            RecoveryProgress from,
            Limits limits,
            Done done) {
        long size = store.size(collection, object);
        if (size < 0) {
            done.read(nothing(object));
            return;
        }
        Piece piece;
        List<ObjectStore.Extent> extents;
        try {
            piece = new Piece(object, from, done);
            piece.readProperties(store, collection, version, size, limits);
            extents = piece.extents(store.extents(collection, object), size, limits);
        } catch (StoreException e) {
            done.failed(e);
            return;
        }
        if (extents.isEmpty()) {
            piece.end();
        }
        // All at once: so they see the object as it is now, and fit together even if it changes before they are there.
        for (int i = 0; i < extents.size(); i++) {
            int index = i;
            ObjectStore.Extent extent = extents.get(i);
            store.read(collection, object, extent.offset(), extent.length(), new ObjectStore.ReadDone() {
                @Override
                public void done(Bytes data) {
                    piece.data[index] = data;
                    piece.end();
                }

                @Override
                public void failed(StoreException why) {
                    piece.failure = why;
                    piece.end();
                }
            });
        }
    }

    /** A push that is being read. */
    private static final class Piece {
        private final ObjectId object;
        private final RecoveryProgress from;
        private final Done done;
        private SortedMap<Bytes, Bytes> attributes = Collections.emptySortedMap();
        private SortedMap<Bytes, Bytes> omap = Collections.emptySortedMap();
        private Bytes omapHeader = Bytes.EMPTY;
        private RecoveryInfo whole;
        private RecoveryProgress after;
        private List<ObjectStore.Extent> extents = List.of();
        private Bytes[] data = {};
        private int left;
        private @Nullable StoreException failure;

        Piece(ObjectId object, RecoveryProgress from, Done done) {
            this.object = object;
            this.from = from;
            this.done = done;
            whole = noInfo(object);
            after = from;
        }

        void readProperties(ObjectStore store, CollectionId collection, EVersion version, long size, Limits limits) {
            SortedMap<Bytes, Bytes> all = store.attributes(collection, object);
            ObjectInfo info = ObjectInfo.read(all.get(ObjectInfo.ATTRIBUTE));
            if (info != null && !version.equals(EVersion.MAX) && info.version().compareTo(version) < 0) {
                throw damaged("is at " + info.version() + " and not at " + version);
            }
            if (info != null && info.size() != size) {
                throw damaged("is " + size + " bytes long and not " + info.size());
            }
            if (from.first()) {
                attributes = all;
                omapHeader = store.omapHeader(collection, object);
            }
            Bytes reached = from.omapRecoveredTo();
            boolean omapComplete = from.omapComplete();
            if (!omapComplete) {
                omap = store.omap(collection, object, reached.isEmpty() ? null : reached, limits.omapEntries());
                omapComplete = omap.size() < limits.omapEntries();
                reached = omapComplete ? Bytes.EMPTY : omap.lastKey();
            }
            whole = new RecoveryInfo(
                    object,
                    info == null ? version : info.version(),
                    size,
                    info == null ? ObjectInfo.of(object) : info,
                    snapSetOf(all),
                    IntervalSet.EMPTY,
                    Map.of(),
                    false);
            after = new RecoveryProgress(false, from.dataComplete(), from.dataRecoveredTo(), reached, omapComplete);
        }

        private StoreException damaged(String why) {
            return new StoreException(StoreException.Kind.DAMAGED, object + " " + why);
        }

        /** Whether this is all of the object's data, and not what its info's digest says. */
        private boolean isNotWhatWasWritten() {
            return from.first()
                    && data.length == 1
                    && data[0].size() == whole.size()
                    && whole.info().hasFlag(ObjectInfo.FLAG_DATA_DIGEST)
                    && data[0].crc32c(-1) != whole.info().dataDigest();
        }

        /** Where the next bytes lie, within what the omap's entries leave room for, but some in any case. */
        List<ObjectStore.Extent> extents(List<ObjectStore.Extent> all, long size, Limits limits) {
            if (from.dataComplete()) {
                return extents;
            }
            long room = limits.bytes();
            for (Map.Entry<Bytes, Bytes> e : omap.entrySet()) {
                room -= e.getKey().size() + e.getValue().size();
            }
            room = after.omapComplete() ? Math.max(room, Math.min(4096, limits.bytes())) : room;
            List<ObjectStore.Extent> some = new ArrayList<>();
            long reached = from.dataRecoveredTo();
            boolean complete = true;
            for (ObjectStore.Extent e : all) {
                long start = Math.max(e.offset(), from.dataRecoveredTo());
                long end = Math.min(e.offset() + e.length(), size);
                if (start >= end) {
                    continue;
                }
                if (room <= 0) {
                    complete = false;
                    break;
                }
                long length = Math.min(end - start, room);
                some.add(new ObjectStore.Extent(start, length));
                room -= length;
                reached = start + length;
                if (reached < end) {
                    complete = false;
                    break;
                }
            }
            after = new RecoveryProgress(
                    false, complete, complete ? size : reached, after.omapRecoveredTo(), after.omapComplete());
            data = new Bytes[some.size()];
            left = some.size();
            extents = some;
            return some;
        }

        /** One more read has ended. */
        void end() {
            if (--left > 0) {
                return;
            }
            if (failure != null) {
                done.failed(failure);
                return;
            }
            if (isNotWhatWasWritten()) {
                done.failed(damaged("has data of another digest than its info's"));
                return;
            }
            IntervalSet included = IntervalSet.EMPTY;
            for (int i = 0; i < data.length; i++) {
                included = included.plus(extents.get(i).offset(), data[i].size());
            }
            RecoveryInfo copied = new RecoveryInfo(
                    object,
                    whole.version(),
                    whole.size(),
                    whole.info(),
                    whole.snapSet(),
                    included,
                    whole.cloneSubset(),
                    false);
            done.read(new PushOp(
                    object,
                    whole.version(),
                    data.length == 1 ? data[0] : Bytes.concat(List.of(data)),
                    included,
                    omapHeader,
                    omap,
                    attributes,
                    copied,
                    after,
                    from));
        }
    }

    private static RecoveryInfo noInfo(ObjectId object) {
        return new RecoveryInfo(
                object, EVersion.ZERO, 0, ObjectInfo.of(object), SnapSet.EMPTY, IntervalSet.EMPTY, Map.of(), false);
    }

    /** A push of an object that is not there, or cannot be read. */
    public static PushOp nothing(ObjectId object) {
        return new PushOp(
                object,
                EVersion.ZERO,
                Bytes.EMPTY,
                IntervalSet.EMPTY,
                Bytes.EMPTY,
                Map.of(),
                Map.of(),
                noInfo(object),
                RecoveryProgress.START,
                RecoveryProgress.START);
    }

    private static SnapSet snapSetOf(SortedMap<Bytes, Bytes> attributes) {
        Bytes encoded = attributes.get(SnapSet.ATTRIBUTE);
        try {
            return encoded == null ? SnapSet.EMPTY : SnapSet.CODEC.fromBytes(encoded);
        } catch (MalformedInput e) {
            return SnapSet.EMPTY;
        }
    }
}
