package io.spirula.librados;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one watch's handler has still to hear, one after the other. With too much of it what is new is left out: its notifier is told that this watcher has not answered. */
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int MOST_WAITING = 1024;

    private final WatchHandler handler;
    private final Executor executor;
    private final ArrayDeque<Notification> waiting = new ArrayDeque<>();
    private @Nullable RadosException lost;
    private long lostCookie;
    private boolean running;
    private boolean closed;

    Deliveries(WatchHandler handler, Executor executor) {
        this.handler = handler;
        this.executor = executor;
    }

    synchronized void add(Notification notification) {
        if (!closed && waiting.size() < MOST_WAITING) {
            waiting.add(notification);
            start();
        }
    }

    /** The last that the handler hears. */
    synchronized void end(long cookie, RadosException why) {
        lostCookie = cookie;
        lost = why;
        start();
    }

    /** The handler hears nothing more. */
    synchronized void close() {
        closed = true;
        waiting.clear();
    }

    private void start() {
        if (!running) {
            running = true;
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException e) { // the user has shut it down
                close();
            }
        }
    }

    private void run() {
        Runnable next = next();
        while (next != null) {
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.warn("a watch's handler failed", e);
            }
            next = next();
        }
    }

    private synchronized @Nullable Runnable next() {
        Notification notification = waiting.poll();
        RadosException why = lost;
        if (notification != null) {
            return () -> {
                handler.notified(notification);
                notification.handled();
            };
        }
        running = false;
        if (closed || why == null) {
            return null;
        }
        closed = true;
        return () -> handler.lost(lostCookie, why);
    }
}
