package io.spirula.it.cluster;

import io.spirula.common.msgr.netty.NettyReactor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The one thread that a cluster's daemons share, and how other threads have something done on it. */
record ClusterReactor(NettyReactor reactor) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static ClusterReactor start() {
        return new ClusterReactor(NettyReactor.start("spirula-cluster"));
    }

    /** Runs a task there and returns its result, or throws what it threw. */
    <T> T call(Supplier<T> task) {
        return await(done -> done.complete(task.get()));
    }

    /** Starts something there and returns once it says that it is done. */
    <T> T await(Consumer<CompletableFuture<T>> start) {
        CompletableFuture<T> done = new CompletableFuture<>();
        reactor.execute(() -> {
            try {
                start.accept(done);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the cluster's thread does not get on", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        reactor.close();
    }
}
