package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.librados.objecter.Operation;
import io.spirula.librados.objecter.OperationTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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
                new OperationTarget.OfObject(pool.id, namespace, locatorKey, object),
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
        boolean counted = throttle.tryAcquire(cost);
        if (!counted && !client.onReactor()) { // which must never wait: there the bounds are exceeded instead
            if (!throttle.await(cost, timeout)) {
                return failed(
                        Errno.ETIMEDOUT,
                        "waited " + timeout.toSeconds() + " s for room among the operations in flight: " + what);
            }
            counted = true;
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
