package io.spirula.osd.heartbeat;

import java.time.Duration;
import java.util.ArrayDeque;

/** How often an OSD was marked down lately while it was up: one that can't keep what the others think of it gives up. Ceph: osd_markdown_log. */
public final class Markdowns {
    private final int most;
    private final Duration period;
    private final ArrayDeque<Long> atNanos = new ArrayDeque<>();

    /**
     * @param most osd_max_markdown_count
     * @param period osd_max_markdown_period
     */
    public Markdowns(int most, Duration period) {
        this.most = most;
        this.period = period;
    }

    /** It has happened again; true if that was once too often. */
    public boolean again(long nowNanos) {
        atNanos.addLast(nowNanos);
        while (nowNanos - atNanos.getFirst() > period.toNanos()) {
            atNanos.removeFirst();
        }
        return atNanos.size() > most;
    }

    /** How often within the period. */
    public int count() {
        return atNanos.size();
    }
}
