package io.spirula.common.optracker;

import io.spirula.common.env.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** When a request passed which point of its way, in Ceph's words. Ceph: TrackedOp::mark_event. */
public final class OpTimeline {
    /** What waits again and again is not remembered without end. */
    private static final int MAX = 64;

    /** @param nanos by the reactor's clock */
    public record Event(String name, long nanos) {}

    private final Clock clock;
    private String[] names = new String[6];
    private long[] nanos = new long[6];
    private int count;

    public OpTimeline(Clock clock) {
        this.clock = clock;
        mark("initiated");
    }

    public void mark(String name) {
        if (count == MAX) {
            return;
        }
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        names[count] = name;
        nanos[count++] = clock.nanoTime();
    }

    public long startNanos() {
        return nanos[0];
    }

    /** How long it took until a point was passed for the first time; 0 where it was not. */
    public long nanosUntil(String event) {
        for (int i = 0; i < count; i++) {
            if (names[i].equals(event)) {
                return nanos[i] - nanos[0];
            }
        }
        return 0;
    }

    public List<Event> events() {
        List<Event> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(new Event(names[i], nanos[i]));
        }
        return all;
    }
}
