package io.spirula.librados;

import io.spirula.common.types.Errno;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The bounds on what a client has under way: operations, and bytes with them. Callers wait here, which is how the cluster's pace reaches them. Ceph: objecter_inflight_ops, objecter_inflight_op_bytes. */
final class Throttle {
    private final int maxBytes;
    private final Semaphore ops;
    private final Semaphore bytes;

    Throttle(int maxOps, int maxBytes) {
        this.maxBytes = maxBytes;
        ops = new Semaphore(maxOps);
        bytes = new Semaphore(maxBytes);
    }

    /** What an operation of that size is counted as: one larger than everything allowed goes alone. */
    int cost(long size) {
        return (int) Math.min(size, maxBytes);
    }

    /** Takes room if there is some now. */
    boolean tryAcquire(int cost) {
        return ops.tryAcquire() && tryBytes(cost);
    }

    private boolean tryBytes(int cost) {
        if (cost == 0 || bytes.tryAcquire(cost)) {
            return true;
        }
        ops.release();
        return false;
    }

    /** Waits for room; false if there was none in time. */
    boolean await(int cost, Duration timeout) {
        try {
            if (!ops.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            if (cost > 0 && !bytes.tryAcquire(cost, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                ops.release();
                return false;
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RadosException(Errno.EINTR, "interrupted while waiting for room among the operations in flight");
        }
    }

    void release(int cost) {
        ops.release();
        if (cost > 0) {
            bytes.release(cost);
        }
    }
}
