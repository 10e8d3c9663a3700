package io.spirula.osd.heartbeat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** How often an OSD was marked down lately while it was up: one that can't keep what the others think of it gives up. Ceph: osd_markdown_log. */
public final class Markdowns {
    private final Supplier<Limit> limit;
    private final ArrayDeque<Long> atNanos = new ArrayDeque<>();

    /**
     * How often is still all right.
     *
     * @param most osd_max_markdown_count
     * @param period osd_max_markdown_period
     */
    public record Limit(int most, Duration period) {}

    public Markdowns(Supplier<Limit> limit) {
        this.limit = limit;
    }

    /** It has happened again; true if that was once too often. */
    public boolean again(long nowNanos) {
        Limit now = limit.get();
        atNanos.addLast(nowNanos);
        while (nowNanos - atNanos.getFirst() > now.period.toNanos()) {
            atNanos.removeFirst();
        }
        return atNanos.size() > now.most;
    }

    /** How often within the period. */
    public int count() {
        return atNanos.size();
    }
}
