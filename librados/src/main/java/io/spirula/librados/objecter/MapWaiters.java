package io.spirula.librados.objecter;

import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Those who wait for an OSD map of some epoch. Used on the reactor. */
public final class MapWaiters {
    private record Waiter(int epoch, CompletableFuture<OsdMap> done, Reactor.Timer deadline) {}

    private final Reactor reactor;
    private final List<Waiter> waiters = new ArrayList<>();

    MapWaiters(Reactor reactor) {
        this.reactor = reactor;
    }

    /** Completes with a map of at least {@code epoch}; fails with TimeoutException. */
    public CompletableFuture<OsdMap> await(@Nullable OsdMap current, int epoch, Duration timeout) {
        CompletableFuture<OsdMap> done = new CompletableFuture<>();
        if (current != null && current.epoch() >= epoch) {
            done.complete(current);
            return done;
        }
        Reactor.Timer deadline = reactor.schedule(timeout, () -> {
            waiters.removeIf(w -> w.done == done);
            done.completeExceptionally(new TimeoutException("no OSD map of epoch " + epoch + " came within "
                    + timeout.toMillis() / 1000.0 + " s; ours is "
                    + (current == null ? "none" : Integer.toString(current.epoch()))));
        });
        waiters.add(new Waiter(epoch, done, deadline));
        return done;
    }

    void reached(OsdMap map) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (map.epoch() >= waiter.epoch) {
                waiters.remove(waiter);
                waiter.deadline.cancel();
                waiter.done.complete(map);
            }
        }
    }

    void close() {
        for (Waiter waiter : List.copyOf(waiters)) {
            waiter.deadline.cancel();
            waiter.done.completeExceptionally(new TimeoutException("the client is closed"));
        }
        waiters.clear();
    }
}
