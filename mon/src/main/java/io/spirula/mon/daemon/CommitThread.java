package io.spirula.mon.daemon;

import io.spirula.common.env.Reactor;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreFailure;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The one thread that writes to a monitor's store: everything queued becomes durable with one sync, and then its owners hear of it. A failed write stops the process: nothing may go on without it. */
final class CommitThread implements Committer {
    private record Work(StoreTransaction transaction, Runnable whenDurable) {}

    private static final Work STOP = new Work(new StoreTransaction(), () -> {});

    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final KeyValueStore store;
    private final Reactor reactor;
    private final Consumer<RuntimeException> onFailure;
    private final Thread thread;

    CommitThread(KeyValueStore store, Reactor reactor, Consumer<RuntimeException> onFailure) {
        this.store = store;
        this.reactor = reactor;
        this.onFailure = onFailure;
        thread = new Thread(this::run, "mon-commit");
        thread.start();
    }

    @Override
    public void commit(StoreTransaction transaction, Runnable whenDurable) {
        queue.add(new Work(transaction, whenDurable));
    }

    private void run() {
        boolean stopping = false;
        while (!stopping) {
            List<Work> batch = new ArrayList<>();
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                return;
            }
            queue.drainTo(batch);
            stopping = batch.contains(STOP);
            StoreTransaction together = new StoreTransaction();
            batch.forEach(w -> together.append(w.transaction));
            try {
                if (!together.isEmpty()) {
                    store.apply(together);
                }
            } catch (StoreFailure e) {
                onFailure.accept(e);
                return;
            }
            reactor.execute(() -> batch.forEach(w -> w.whenDurable.run()));
        }
    }

    /** What is queued is still written. */
    void close() throws InterruptedException {
        queue.add(STOP);
        thread.join();
    }
}
