package io.spirula.tools.objectstore;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.RocksOptions;
import io.spirula.osd.store.RocksStore;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A stopped OSD's store, opened for as long as a command runs; every call waits until it is done. */
final class OfflineStore implements AutoCloseable {
    private static final long DEADLINE_MINUTES = 10;

    private final NettyReactor reactor;
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private final ObjectStore store;

    /** Throws StoreException where the store can't be opened. */
    OfflineStore(Path directory) {
        reactor = NettyReactor.start("objectstore", broken::completeExceptionally);
        try {
            store = onReactor(
                    () -> RocksStore.open(directory, RocksOptions.DEFAULT, reactor, broken::completeExceptionally));
        } catch (RuntimeException e) {
            reactor.close();
            throw e;
        }
    }

    private <T> T onReactor(java.util.function.Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        reactor.execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return await(result);
    }

    /** Throws what the task threw, or what broke the store meanwhile. */
    private <T> T await(CompletableFuture<T> result) {
        broken.whenComplete((nothing, why) -> result.completeExceptionally(why));
        try {
            return result.orTimeout(DEADLINE_MINUTES, TimeUnit.MINUTES).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    <T> T ask(Function<ObjectStore, T> question) {
        return onReactor(() -> question.apply(store));
    }

    Bytes read(CollectionId collection, ObjectId object) {
        CompletableFuture<Bytes> result = new CompletableFuture<>();
        reactor.execute(() -> store.read(collection, object, 0, 0, new ObjectStore.ReadDone() {
            @Override
            public void done(Bytes data) {
                result.complete(data);
            }

            @Override
            public void failed(StoreException why) {
                result.completeExceptionally(why);
            }
        }));
        return await(result);
    }

    /** Returns once it is durable. */
    void submit(Transaction transaction) {
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        onReactor(() -> {
            store.submit(transaction, () -> durable.complete(true));
            return true;
        });
        await(durable);
    }

    @Override
    public void close() {
        onReactor(() -> {
            store.close();
            return true;
        });
        reactor.close();
    }
}
