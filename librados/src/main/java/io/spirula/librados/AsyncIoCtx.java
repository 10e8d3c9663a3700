package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.pg.ListWatchersResponse;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.librados.objecter.ObjectNotify;
import io.spirula.librados.objecter.Operation;
import io.spirula.librados.objecter.OperationTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pool's objects, without waiting: every method returns at once with a future that fails with a {@link RadosException}, at the latest at the operation's deadline. Only where more is under way than
 * the client may have does a call wait for room.
 *
 * <p>Futures complete on the client's own thread unless the builder was given an executor: what follows them there must not block.
 *
 * @see IoCtx the same, waiting
 */
public final class AsyncIoCtx {
    private static final long MAX_OBJECT_BYTES = 128L << 20;
    /** Stands for all namespaces in a listing. Source: include/rados/librados.h, LIBRADOS_ALL_NSPACES. */
    static final Bytes ALL_NAMESPACES = Bytes.wrap(new byte[] {1});

    final RadosClient client;
    final PoolRef pool;
    final Bytes namespace;
    final Bytes locatorKey;
    private final Duration timeout;

    /** The pool that an IoCtx is about. */
    record PoolRef(long id, String name) {}

    /** Names an object in messages of errors, put together only when there is one. */
    private record What(Bytes object, PoolRef pool, Bytes namespace) {
        @Override
        public String toString() {
            return "object '" + object + "' in pool '" + pool.name + "'"
                    + (namespace.isEmpty() ? "" : " namespace '" + namespace + "'");
        }
    }

    AsyncIoCtx(RadosClient client, PoolRef pool, Bytes namespace, Bytes locatorKey, Duration timeout) {
        this.client = client;
        this.pool = pool;
        this.namespace = namespace;
        this.locatorKey = locatorKey;
        this.timeout = timeout;
    }

    Duration timeout() {
        return timeout;
    }

    /** Writes part of an object, which is created if need be. */
    public CompletableFuture<Void> write(Bytes object, long offset, Bytes data) {
        return run(object, new WriteOperation().write(offset, data));
    }

    /** Makes the data all that the object has. */
    public CompletableFuture<Void> writeFull(Bytes object, Bytes data) {
        return run(object, new WriteOperation().writeFull(data));
    }

    public CompletableFuture<Void> append(Bytes object, Bytes data) {
        return run(object, new WriteOperation().append(data));
    }

    public CompletableFuture<Void> truncate(Bytes object, long size) {
        return run(object, new WriteOperation().truncate(size));
    }

    public CompletableFuture<Void> zero(Bytes object, long offset, long length) {
        return run(object, new WriteOperation().zero(offset, length));
    }

    /** @param exclusive whether to fail with EEXIST where the object exists */
    public CompletableFuture<Void> create(Bytes object, boolean exclusive) {
        return run(object, new WriteOperation().create(exclusive));
    }

    public CompletableFuture<Void> remove(Bytes object) {
        return run(object, new WriteOperation().remove());
    }

    public CompletableFuture<Void> setXattr(Bytes object, String name, Bytes value) {
        return run(object, new WriteOperation().setXattr(name, value));
    }

    public CompletableFuture<Void> removeXattr(Bytes object, String name) {
        return run(object, new WriteOperation().removeXattr(name));
    }

    public CompletableFuture<Void> setOmap(Bytes object, Map<Bytes, Bytes> entries) {
        return run(object, new WriteOperation().setOmap(entries));
    }

    /** Up to {@code length} bytes from {@code offset}: fewer where the object ends before. */
    public CompletableFuture<Bytes> read(Bytes object, long offset, int length) {
        ReadOperation op = new ReadOperation();
        op.read(offset, length);
        return start(object, op, OsdOp.FLAG_READ, AsyncIoCtx::firstOutput);
    }

    public CompletableFuture<ObjectStat> stat(Bytes object) {
        ReadOperation op = new ReadOperation();
        return one(object, op, op.stat());
    }

    public CompletableFuture<Bytes> xattr(Bytes object, String name) {
        ReadOperation op = new ReadOperation();
        return one(object, op, op.xattr(name));
    }

    public CompletableFuture<Map<Bytes, Bytes>> xattrs(Bytes object) {
        ReadOperation op = new ReadOperation();
        return one(object, op, op.xattrs());
    }

    public CompletableFuture<ReadOperation.OmapPage> omap(Bytes object, Bytes after, int max) {
        ReadOperation op = new ReadOperation();
        return one(object, op, op.omap(after, Bytes.EMPTY, max));
    }

    /** Calls a method of an object class, which may change the object. */
    public CompletableFuture<Bytes> exec(Bytes object, String objectClass, String method, Bytes input) {
        ReadOperation op = new ReadOperation();
        return one(object, op, op.exec(objectClass, method, input));
    }

    /** Has {@code handler} hear of every notification of the object's watchers from now on. The object must exist. */
    public CompletableFuture<Watch> watch(Bytes object, WatchHandler handler) {
        return watch(object, handler, Duration.ZERO);
    }

    /** @param life how long the cluster keeps the watch where it hears nothing of us; zero for its own time (osd_client_watch_timeout) */
    public CompletableFuture<Watch> watch(Bytes object, WatchHandler handler, Duration life) {
        if (object.isEmpty()) {
            return failed(Errno.EINVAL, "an object needs a name");
        }
        What what = new What(object, pool, namespace);
        return begin(0, what, () -> Watch.begin(client, target(object), what, life, timeout, handler));
    }

    /** Tells all who watch the object, and waits for their answers: as long as client_notify_timeout says. */
    public CompletableFuture<NotifyReplies> notify(Bytes object, Bytes payload) {
        return notify(object, payload, client.settings.notifyTimeout());
    }

    /** The same. Who has not answered within {@code patience} is told apart: that is no error. */
    public CompletableFuture<NotifyReplies> notify(Bytes object, Bytes payload, Duration patience) {
        if (object.isEmpty()) {
            return failed(Errno.EINVAL, "an object needs a name");
        }
        int seconds = Math.clamp(patience.toSeconds(), 1, Integer.MAX_VALUE);
        ObjectNotify.Question question =
                new ObjectNotify.Question(payload, seconds, timeout.plus(Duration.ofSeconds(seconds)));
        return begin(payload.size(), new What(object, pool, namespace), () -> {
            CompletableFuture<NotifyReplies> replies = new CompletableFuture<>();
            client.lingers().notify(target(object), question, new ObjectNotify.Listener() {
                @Override
                public void completed(NotifyReplies all) {
                    replies.complete(all);
                }

                @Override
                public void failed(int errno, String reason) {
                    replies.completeExceptionally(new RadosException(errno, reason));
                }
            });
            return replies;
        });
    }

    public CompletableFuture<List<ListWatchersResponse.Watcher>> listWatchers(Bytes object) {
        ReadOperation op = new ReadOperation();
        return one(object, op, op.listWatchers());
    }

    public CompletableFuture<OperationResult> operate(Bytes object, ReadOperation operation) {
        return start(object, operation, OsdOp.FLAG_READ, OperationResult::new);
    }

    public CompletableFuture<OperationResult> operate(Bytes object, WriteOperation operation) {
        return operate(object, operation, 0);
    }

    /** @param flags more of {@code OsdOp.FLAG_*}, such as FLAG_FULL_TRY */
    public CompletableFuture<OperationResult> operate(Bytes object, WriteOperation operation, int flags) {
        return start(object, operation, OsdOp.FLAG_WRITE | flags, OperationResult::new);
    }

    private CompletableFuture<Void> run(Bytes object, WriteOperation operation) {
        return start(object, operation, OsdOp.FLAG_WRITE, AsyncIoCtx::nothing);
    }

    private <T> CompletableFuture<T> one(Bytes object, ReadOperation operation, Step<T> step) {
        return start(object, operation, OsdOp.FLAG_READ, reply -> new OperationResult(reply).get(step));
    }

    @SuppressWarnings("NullAway") // Void has no other value
    private static Void nothing(OsdOpReply reply) {
        return null;
    }

    private OperationTarget.OfObject target(Bytes object) {
        return new OperationTarget.OfObject(pool.id, namespace, locatorKey, object);
    }

    private static Bytes firstOutput(OsdOpReply reply) {
        return reply.ops().isEmpty() ? Bytes.EMPTY : reply.ops().get(0).output();
    }

    private <T> CompletableFuture<T> start(
            Bytes object, ObjectOperation<?> operation, int flags, Function<OsdOpReply, T> read) {
        if (object.isEmpty()) {
            return failed(Errno.EINVAL, "an object needs a name");
        }
        if (operation.inputBytes > MAX_OBJECT_BYTES) {
            return failed(Errno.EFBIG, "an object holds at most 128 MiB: " + new What(object, pool, namespace));
        }
        return submit(
                target(object),
                new What(object, pool, namespace),
                List.copyOf(operation.ops),
                operation.inputBytes,
                flags,
                read);
    }

    private <T> CompletableFuture<T> submit(
            OperationTarget where,
            Object what,
            List<ObjectOp> ops,
            long size,
            int flags,
            Function<OsdOpReply, T> read) {
        if (client.isClosed()) {
            return failed(Errno.ESHUTDOWN, "this client is closed");
        }
        Throttle throttle = client.throttle;
        int cost = throttle.cost(size);
        boolean counted;
        try {
            counted = takeRoom(cost, what);
        } catch (RadosException e) {
            return CompletableFuture.failedFuture(e);
        }
        Call<T> call = new Call<>(what, read, throttle, cost, counted, client.callbacks);
        client.submit(new Operation(
                where,
                ops,
                flags,
                SnapContext.EMPTY,
                ObjectId.HEAD,
                (flags & OsdOp.FLAG_WRITE) != 0 ? client.now() : Instant.EPOCH,
                timeout,
                call));
        return call;
    }

    /** Waits for room among what is under way; false where it may not wait and there is none: the bounds are exceeded then. */
    private boolean takeRoom(int cost, Object what) {
        Throttle throttle = client.throttle;
        if (throttle.tryAcquire(cost)) {
            return true;
        }
        if (client.onReactor()) {
            return false;
        }
        if (!throttle.await(cost, timeout)) {
            throw new RadosException(
                    Errno.ETIMEDOUT,
                    "waited " + timeout.toSeconds() + " s for room among the operations in flight: " + what);
        }
        return true;
    }

    /** Begins something on the reactor that counts among what is under way, and completes where this client's futures do. */
    private <T> CompletableFuture<T> begin(long size, Object what, Supplier<CompletableFuture<T>> start) {
        int cost = client.throttle.cost(size);
        boolean counted;
        try {
            counted = takeRoom(cost, what);
        } catch (RadosException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Executor where = client.callbacks;
        client.call(start).whenComplete((value, error) -> {
            if (counted) {
                client.throttle.release(cost);
            }
            if (where == null) {
                finish(result, value, error);
            } else {
                where.execute(() -> finish(result, value, error));
            }
        });
        return result;
    }

    private static <T> void finish(CompletableFuture<T> result, T value, @Nullable Throwable error) {
        if (error == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(error);
        }
    }

    private static <T> CompletableFuture<T> failed(int errno, String what) {
        return CompletableFuture.failedFuture(new RadosException(errno, what));
    }

    /** One page of a listing, and where the next one begins. */
    public record Listing(List<ListedObject> objects, ObjectCursor next) {}

    /** Up to {@code max} objects of this namespace from the cursor on. Objects made or removed meanwhile may be missed or seen. */
    public CompletableFuture<Listing> list(ObjectCursor from, int max) {
        Bytes cookie = ObjectId.CODEC.toBytes(from.position());
        ObjectOp op = new ObjectOp(
                OsdOpCode.PGNLS, new ObjectOpArgs.PgList(max, client.osdMap().epoch()), cookie);
        return submit(
                new OperationTarget.OfPg(pool.id, namespace, from.position().hash()),
                "listing pool '" + pool.name + "'",
                List.of(op),
                cookie.size(),
                OsdOp.FLAG_READ | OsdOp.FLAG_PGOP | OsdOp.FLAG_IGNORE_OVERLAY,
                AsyncIoCtx::readListing);
    }

    /** Ceph: pg_nls_response_t. */
    private static Listing readListing(OsdOpReply reply) {
        return new Decoder(firstOutput(reply)).struct(1, (in, version) -> {
            ObjectCursor next = new ObjectCursor(in.get(ObjectId.CODEC));
            int count = in.count(12);
            List<ListedObject> objects = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                objects.add(new ListedObject(in.name(), in.name(), in.name()));
            }
            return new Listing(objects, next);
        });
    }
}
