package io.spirula.osd.scrub;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.pg.ScrubObject;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what one OSD has of a range of objects: sizes and attributes, and for a deep scrub all data and pairs, in strides, with other tasks of the reactor between any two. Nothing of the range may change until it is
 * done. What can't be read is an error of that object. Source: PGBackend::be_scan_list, ReplicatedBackend::be_deep_scrub.
 */
public final class MapBuilder {
    /**
     * @param strideBytes osd_deep_scrub_stride
     * @param keys pairs read at once, osd_deep_scrub_keys
     * @param largeOmapKeys above how many pairs an object's omap is large; {@code largeOmapBytes} likewise
     */
    public record Limits(long strideBytes, int keys, long largeOmapKeys, long largeOmapBytes) {}

    private final ObjectStore store;
    private final CollectionId collection;
    private final boolean deep;
    private final Limits limits;
    private final Executor reactor;
    private final Consumer<ScrubMap> done;
    private final EVersion validThrough;
    private final ArrayDeque<ObjectId> left = new ArrayDeque<>();
    private final TreeMap<ObjectId, ScrubObject> found = new TreeMap<>();
    private boolean cancelled;

    private MapBuilder(
            ObjectStore store,
            CollectionId collection,
            ScrubRange range,
            boolean deep,
            Limits limits,
            Executor reactor,
            EVersion validThrough,
            Consumer<ScrubMap> done) {
        this.store = store;
        this.collection = collection;
        this.deep = deep;
        this.limits = limits;
        this.reactor = reactor;
        this.validThrough = validThrough;
        this.done = done;
        for (ObjectId object : store.list(collection, range.start(), range.end(), Integer.MAX_VALUE)) {
            if (!object.name().isEmpty()) {
                left.add(object);
            }
        }
    }

    /** Begins; {@code done} is run on the reactor, later. */
    public static MapBuilder start(
            ObjectStore store,
            CollectionId collection,
            ScrubRange range,
            boolean deep,
            Limits limits,
            Executor reactor,
            EVersion validThrough,
            Consumer<ScrubMap> done) {
        MapBuilder builder = new MapBuilder(store, collection, range, deep, limits, reactor, validThrough, done);
        builder.soon(builder::next);
        return builder;
    }

    /** Nobody wants the map any more. */
    public void cancel() {
        cancelled = true;
    }

    private void soon(Runnable task) {
        reactor.execute(() -> {
            if (!cancelled) {
                task.run();
            }
        });
    }

    private void next() {
        ObjectId object = left.poll();
        if (object == null) {
            done.accept(new ScrubMap(found, validThrough, EVersion.ZERO));
            return;
        }
        One one = new One(object);
        try {
            one.size = store.size(collection, object);
            one.attributes = store.attributes(collection, object);
        } catch (StoreException e) {
            one.statError = true;
        }
        if (deep && !one.statError) {
            one.digest = -1;
            one.readData(0);
        } else {
            one.end();
        }
    }

    /** The object being looked at. */
    private final class One implements ObjectStore.ReadDone {
        private final ObjectId object;
        private long size;
        private SortedMap<Bytes, Bytes> attributes = new TreeMap<>();
        private boolean statError;
        private boolean readError;
        private @Nullable Integer digest;
        private @Nullable Integer omapDigest;
        private long at;
        private long omapKeys;
        private long omapBytes;
        private @Nullable Bytes omapAfter;

        One(ObjectId object) {
            this.object = object;
        }

        private void readData(long offset) {
            at = offset;
            if (at >= size) {
                readHeader();
            } else {
                store.read(collection, object, at, Math.min(limits.strideBytes, size - at), this);
            }
        }

        @Override
        public void done(Bytes data) {
            digest = data.crc32c(digest == null ? -1 : digest);
            soon(() -> readData(at + Math.max(1, data.size())));
        }

        @Override
        public void failed(StoreException why) {
            soon(this::unreadable);
        }

        private void unreadable() {
            readError = true;
            digest = null;
            omapDigest = null;
            end();
        }

        private void readHeader() {
            try {
                Bytes header = store.omapHeader(collection, object);
                omapDigest = header.isEmpty() ? -1 : header.crc32c(-1);
            } catch (StoreException e) {
                unreadable();
                return;
            }
            readPairs();
        }

        private void readPairs() {
            SortedMap<Bytes, Bytes> page;
            try {
                page = store.omap(collection, object, omapAfter, limits.keys);
            } catch (StoreException e) {
                unreadable();
                return;
            }
            if (page.isEmpty()) {
                end();
                return;
            }
            Encoder pairs = new Encoder(1024);
            for (Map.Entry<Bytes, Bytes> pair : page.entrySet()) {
                pairs.bytes(pair.getKey()).bytes(pair.getValue());
                omapKeys++;
                omapBytes += pair.getValue().size();
            }
            omapDigest = pairs.toBytes().crc32c(omapDigest == null ? -1 : omapDigest);
            omapAfter = page.lastKey();
            soon(this::readPairs);
        }

        private void end() {
            boolean large = omapKeys > limits.largeOmapKeys || omapBytes > limits.largeOmapBytes;
            found.put(
                    object,
                    new ScrubObject(
                            statError ? -1 : size,
                            false,
                            attributes,
                            digest,
                            omapDigest,
                            new ScrubObject.Errors(readError, statError, false, false),
                            new ScrubObject.Omap(
                                    large, large ? omapKeys : 0, large ? omapBytes : 0, omapBytes, omapKeys)));
            soon(MapBuilder.this::next);
        }
    }
}
