package io.spirula.mon.store;

/** Who makes transactions durable without holding up the caller. Transactions become durable in the order given. */
@FunctionalInterface
public interface Committer {
    /** Queues a transaction; {@code whenDurable} runs on the owner's reactor, never inside this call. */
    void commit(StoreTransaction transaction, Runnable whenDurable);
}
