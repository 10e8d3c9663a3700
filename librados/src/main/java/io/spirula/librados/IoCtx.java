package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.ListWatchersResponse;
import io.spirula.common.pg.NotifyReplies;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One pool's objects. Immutable, cheap, and safe to share among threads. Methods wait for the cluster and throw {@link RadosException}; {@link #async} has the same ones with futures.
 *
 * <p>Names and data are {@link Bytes}: {@code Bytes.of("text")}, {@code Bytes.wrap(array)}.
 */
public final class IoCtx {
    private static final int LISTING_PAGE = 1000;
    private static final int OMAP_PAGE = 1000;

    private final AsyncIoCtx async;

    IoCtx(AsyncIoCtx async) {
        this.async = async;
    }

    /** The same objects, without waiting. */
    public AsyncIoCtx async() {
        return async;
    }

    public long poolId() {
        return async.pool.id();
    }

    public String poolName() {
        return async.pool.name();
    }

    public Bytes namespace() {
        return async.namespace;
    }

    /** The objects of one namespace of this pool; empty for the default one. */
    public IoCtx withNamespace(Bytes namespace) {
        return new IoCtx(new AsyncIoCtx(async.client, async.pool, namespace, async.locatorKey, async.timeout()));
    }

    public IoCtx withNamespace(String namespace) {
        return withNamespace(Bytes.of(namespace));
    }

    /** For {@link #objects} only: those of all namespaces. */
    public IoCtx withAllNamespaces() {
        return withNamespace(AsyncIoCtx.ALL_NAMESPACES);
    }

    /** Objects that are placed by that key instead of their names, so that they lie together. */
    public IoCtx withLocatorKey(Bytes key) {
        return new IoCtx(new AsyncIoCtx(async.client, async.pool, async.namespace, key, async.timeout()));
    }

    /** The same with another deadline for every call. */
    public IoCtx withTimeout(Duration timeout) {
        return new IoCtx(new AsyncIoCtx(async.client, async.pool, async.namespace, async.locatorKey, timeout));
    }

    private <T> T await(CompletableFuture<T> future) {
        return async.client.await(future, async.timeout());
    }

    /** Writes part of an object, which is created if need be. */
    public void write(Bytes object, long offset, Bytes data) {
        await(async.write(object, offset, data));
    }

    public void write(String object, long offset, byte[] data) {
        write(Bytes.of(object), offset, Bytes.copyOf(data));
    }

    /** Makes the data all that the object has. */
    public void writeFull(Bytes object, Bytes data) {
        await(async.writeFull(object, data));
    }

    public void writeFull(String object, byte[] data) {
        writeFull(Bytes.of(object), Bytes.copyOf(data));
    }

    public void append(Bytes object, Bytes data) {
        await(async.append(object, data));
    }

    public void append(String object, byte[] data) {
        append(Bytes.of(object), Bytes.copyOf(data));
    }

    /** Makes the object that long: cut, or filled with zeros. */
    public void truncate(Bytes object, long size) {
        await(async.truncate(object, size));
    }

    /** Fills a range with zeros. */
    public void zero(Bytes object, long offset, long length) {
        await(async.zero(object, offset, length));
    }

    /** @param exclusive whether to fail with EEXIST where the object exists */
    public void create(Bytes object, boolean exclusive) {
        await(async.create(object, exclusive));
    }

    public void remove(Bytes object) {
        await(async.remove(object));
    }

    public void remove(String object) {
        remove(Bytes.of(object));
    }

    /** Up to {@code length} bytes from {@code offset}: fewer where the object ends before. */
    public Bytes read(Bytes object, long offset, int length) {
        return await(async.read(object, offset, length));
    }

    /** The whole object, read at one moment. */
    public byte[] read(String object) {
        return read(Bytes.of(object), 0, 0).toArray();
    }

    public ObjectStat stat(Bytes object) {
        return await(async.stat(object));
    }

    public ObjectStat stat(String object) {
        return stat(Bytes.of(object));
    }

    /** Fails with ENODATA where there is no such attribute. */
    public Bytes xattr(Bytes object, String name) {
        return await(async.xattr(object, name));
    }

    public Map<Bytes, Bytes> xattrs(Bytes object) {
        return await(async.xattrs(object));
    }

    public void setXattr(Bytes object, String name, Bytes value) {
        await(async.setXattr(object, name, value));
    }

    public void removeXattr(Bytes object, String name) {
        await(async.removeXattr(object, name));
    }

    /** The object's whole sorted map, read page by page. */
    public Map<Bytes, Bytes> omap(Bytes object) {
        TreeMap<Bytes, Bytes> all = new TreeMap<>();
        boolean more = true;
        while (more) {
            Bytes after = all.isEmpty() ? Bytes.EMPTY : all.lastKey();
            ReadOperation.OmapPage page = await(async.omap(object, after, OMAP_PAGE));
            all.putAll(page.entries());
            more = page.more() && !page.entries().isEmpty();
        }
        return all;
    }

    public void setOmap(Bytes object, Map<Bytes, Bytes> entries) {
        await(async.setOmap(object, entries));
    }

    /** Calls a method of an object class, which may change the object. */
    public Bytes exec(Bytes object, String objectClass, String method, Bytes input) {
        return await(async.exec(object, objectClass, method, input));
    }

    /**
     * Has {@code handler} hear of every {@linkplain #notify notification} of the object's watchers from now on, until the watch is closed. It outlives the deaths of OSDs. The object must exist, or this fails with ENOENT.
     */
    public Watch watch(Bytes object, WatchHandler handler) {
        return await(async.watch(object, handler));
    }

    public Watch watch(String object, WatchHandler handler) {
        return watch(Bytes.of(object), handler);
    }

    /** @param life how long the cluster keeps the watch where it hears nothing of us; zero for its own time (osd_client_watch_timeout) */
    public Watch watch(Bytes object, WatchHandler handler, Duration life) {
        return await(async.watch(object, handler, life));
    }

    /** Tells all who watch the object, and waits for their answers: as long as client_notify_timeout says. */
    public NotifyReplies notify(Bytes object, Bytes payload) {
        return notify(object, payload, async.client.settings.notifyTimeout());
    }

    public NotifyReplies notify(String object, byte[] payload) {
        return notify(Bytes.of(object), Bytes.copyOf(payload));
    }

    /** The same. Who has not answered within {@code patience} is told apart: that is no error. */
    public NotifyReplies notify(Bytes object, Bytes payload, Duration patience) {
        return async.client.await(
                async.notify(object, payload, patience), async.timeout().plus(patience));
    }

    public List<ListWatchersResponse.Watcher> listWatchers(Bytes object) {
        return await(async.listWatchers(object));
    }

    public OperationResult operate(Bytes object, ReadOperation operation) {
        return await(async.operate(object, operation));
    }

    public OperationResult operate(Bytes object, WriteOperation operation) {
        return await(async.operate(object, operation));
    }

    /** @param flags more of {@code OsdOp.FLAG_*}, such as FLAG_FULL_TRY */
    public OperationResult operate(Bytes object, WriteOperation operation, int flags) {
        return await(async.operate(object, operation, flags));
    }

    /** The objects of this namespace in the order of their placement, fetched as the stream is read. */
    public Stream<ListedObject> objects() {
        return StreamSupport.stream(
                java.util.Spliterators.spliteratorUnknownSize(new Pages(), java.util.Spliterator.NONNULL), false);
    }

    private final class Pages implements Iterator<ListedObject> {
        private final ArrayDeque<ListedObject> page = new ArrayDeque<>();
        private ObjectCursor next = ObjectCursor.START;

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && !next.isEnd()) {
                AsyncIoCtx.Listing listing = await(async.list(next, LISTING_PAGE));
                page.addAll(listing.objects());
                next = listing.next();
            }
            return !page.isEmpty();
        }

        @Override
        public ListedObject next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.removeFirst();
        }

        @Override
        public void forEachRemaining(Consumer<? super ListedObject> action) {
            while (hasNext()) {
                action.accept(next());
            }
        }
    }
}
