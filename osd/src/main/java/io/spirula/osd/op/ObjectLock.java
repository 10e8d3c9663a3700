package io.spirula.osd.op;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Who may work on one object now: several readers, or several writers whose changes are on their way to the disks, or one that does both. Those who can't start wait in their order, and
 * nobody overtakes them. Ceph: RWState.
 */
final class ObjectLock {
    /** What a holder does. */
    enum Mode {
        /** Sees nothing that is not durable yet. */
        READ,
        /** Changes without looking: may follow other changes that are still on their way. */
        WRITE,
        /** Looks and changes. */
        EXCLUSIVE
    }

    private record Waiter(Mode mode, Runnable granted) {}

    private @Nullable Mode held;
    private int holders;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(0);
    private boolean waking;

    /** Takes the lock at once, or runs {@code granted} with the lock taken later. */
    boolean acquire(Mode mode, Runnable granted) {
        if (waiters.isEmpty() && compatible(mode)) {
            take(mode);
            return true;
        }
        waiters.add(new Waiter(mode, granted));
        return false;
    }

    void release() {
        if (holders <= 0) {
            throw new IllegalStateException("a lock released that nobody holds");
        }
        if (--holders == 0) {
            held = null;
        }
        wake();
    }

    boolean isIdle() {
        return holders == 0 && waiters.isEmpty();
    }

    /** Forgets all who wait; who holds it goes on. */
    void dropWaiters() {
        waiters.clear();
    }

    private void wake() {
        if (waking) {
            return; // a waiter that was just granted has released already: the loop below goes on
        }
        waking = true;
        try {
            Waiter next = waiters.peek();
            while (next != null && compatible(next.mode)) {
                waiters.remove();
                take(next.mode);
                next.granted.run();
                next = waiters.peek();
            }
        } finally {
            waking = false;
        }
    }

    private void take(Mode mode) {
        held = mode;
        holders++;
    }

    private boolean compatible(Mode mode) {
        return held == null || held == mode && mode != Mode.EXCLUSIVE;
    }
}
