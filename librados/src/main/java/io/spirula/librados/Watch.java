package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.types.Errno;
import io.spirula.librados.objecter.ObjectWatch;
import io.spirula.librados.objecter.Operation;
import io.spirula.librados.objecter.OperationTarget;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An object being watched, until this is closed or {@link WatchHandler#lost} is told. Outlives the deaths of OSDs and broken connections. */
public final class Watch implements AutoCloseable {
    private final RadosClient client;
    private final Duration timeout;
    private final Deliveries deliveries;
    private final CompletableFuture<Watch> registered = new CompletableFuture<>();
    private @Nullable ObjectWatch core;

    private Watch(RadosClient client, Duration timeout, WatchHandler handler) {
        this.client = client;
        this.timeout = timeout;
        deliveries = new Deliveries(handler, client.deliveries());
    }

    /** Begins to watch; used on the reactor. */
    static CompletableFuture<Watch> begin(
            RadosClient client,
            OperationTarget.OfObject object,
            Object what,
            Duration life,
            Duration timeout,
            WatchHandler handler) {
        Watch watch = new Watch(client, timeout, handler);
        watch.core = client.lingers()
                .watch(object, Math.clamp(life.toSeconds(), 0, Integer.MAX_VALUE), timeout, watch.new Events(what));
        return watch.registered;
    }

    private final class Events implements ObjectWatch.Listener {
        private final Object what;

        Events(Object what) {
            this.what = what;
        }

        @Override
        public void registered() {
            registered.complete(Watch.this);
        }

        @Override
        public void failed(int errno, String reason) {
            registered.completeExceptionally(new RadosException(errno, reason));
        }

        @Override
        public void notified(WatchNotify message) {
            deliveries.add(new Notification(message, Watch.this::acknowledge));
        }

        @Override
        public void lost(int errno, String reason) {
            deliveries.end(cookie(), new RadosException(errno, what + " is watched no longer"));
        }
    }

    private void acknowledge(long notification, Bytes reply) {
        client.run(() -> core().acknowledge(notification, reply));
    }

    private ObjectWatch core() {
        return Objects.requireNonNull(core, "begun");
    }

    /** Its number, as {@link IoCtx#listWatchers} shows it together with {@link Rados#instanceId}. */
    public long cookie() {
        return core().cookie();
    }

    /** How long ago it was known that nothing had been missed so far. Throws RadosException where the object is watched no longer. */
    public Duration check() {
        long age = client.await(client.call(() -> CompletableFuture.completedFuture(core().ageMillis())), timeout);
        if (age < 0) {
            throw new RadosException((int) -age, "watch " + cookie());
        }
        return Duration.ofMillis(age);
    }

    /** Watches no longer. What is being told at this moment may still be on its way to its handler; after that it hears nothing more. */
    public CompletableFuture<Void> closeAsync() {
        deliveries.close();
        CompletableFuture<Void> done = new CompletableFuture<>();
        return client.call(() -> {
            core().end(new Operation.Listener() {
                @Override
                @SuppressWarnings("NullAway") // Void has no other value
                public void answered(OsdOpReply reply) {
                    if (reply.result() < 0 && reply.result() != -Errno.ENOENT) {
                        done.completeExceptionally(new RadosException(-reply.result(), "ending a watch"));
                    } else {
                        done.complete(null); // its watches go with an object
                    }
                }

                @Override
                public void failed(int errno, String reason) {
                    done.completeExceptionally(new RadosException(errno, reason));
                }
            });
            return done;
        });
    }

    @Override
    public void close() {
        if (!client.isClosed()) {
            client.await(closeAsync(), timeout);
        }
    }
}
