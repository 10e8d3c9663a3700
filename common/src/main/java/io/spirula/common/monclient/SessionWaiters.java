package io.spirula.common.monclient;

import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Those who wait for one thing to come true, each with its deadline. */
final class SessionWaiters {
    private record Waiter(CompletableFuture<Void> done, Reactor.Timer deadline) {}

    private final Reactor reactor;
    private final List<Waiter> waiters = new ArrayList<>();

    SessionWaiters(Reactor reactor) {
        this.reactor = reactor;
    }

    CompletableFuture<Void> await(boolean alreadyTrue, Duration timeout, Supplier<MonClientException> late) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (alreadyTrue) {
            done.complete(null);
            return done;
        }
        Reactor.Timer deadline = reactor.schedule(timeout, () -> {
            waiters.removeIf(w -> w.done == done);
            done.completeExceptionally(late.get());
        });
        waiters.add(new Waiter(done, deadline));
        return done;
    }

    void succeedIf(boolean cameTrue) {
        if (cameTrue) {
            take().forEach(w -> w.done.complete(null));
        }
    }

    void failAll(MonClientException error) {
        take().forEach(w -> w.done.completeExceptionally(error));
    }

    private List<Waiter> take() {
        List<Waiter> taken = List.copyOf(waiters);
        waiters.clear();
        taken.forEach(w -> w.deadline.cancel());
        return taken;
    }
}
