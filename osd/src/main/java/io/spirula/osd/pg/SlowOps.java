package io.spirula.osd.pg;

import java.time.Duration;
import java.util.function.Consumer;

/** Counts the clients' requests that have been here for longer than one should have to complain of. Ceph: OSD::get_health_metrics. */
public final class SlowOps implements Consumer<ClientOp> {
    private final long nowNanos;
    private final long complaintNanos;
    private int count;
    private long oldestNanos;

    SlowOps(long nowNanos, Duration complaint) {
        this.nowNanos = nowNanos;
        complaintNanos = complaint.toNanos();
    }

    @Override
    public void accept(ClientOp op) {
        long age = nowNanos - op.sinceNanos();
        if (age > complaintNanos) {
            count++;
            oldestNanos = Math.max(oldestNanos, age);
        }
    }

    public int count() {
        return count;
    }

    /** How old the oldest of them is; zero where there is none. */
    public Duration oldest() {
        return Duration.ofNanos(oldestNanos);
    }
}
