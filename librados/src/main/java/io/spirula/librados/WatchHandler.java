package io.spirula.librados;

/**
 * Hears what comes to those who watch an object. Called by one thread at a time for each watch, in order, on the builder's executor, or on a thread of its own that may block.
 *
 * @see IoCtx#watch
 */
@FunctionalInterface
public interface WatchHandler {
    /**
     * Somebody notifies the watchers, and waits for their answers. When this returns, the notification is answered with nothing, unless it has been answered here or is to be {@linkplain Notification#answerLater later}. It is not
     * answered where this throws. The same notification may come again, with another number, where its notifier had to begin anew.
     */
    void notified(Notification notification);

    /** The object is watched no longer: it was removed, or the cluster has heard nothing of us for too long. Nothing more will come: to go on, watch anew. ENOTCONN or ETIMEDOUT. */
    default void lost(long cookie, RadosException why) {}
}
