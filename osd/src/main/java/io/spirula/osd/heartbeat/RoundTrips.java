package io.spirula.osd.heartbeat;

import io.spirula.common.pg.OsdStat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** How long heartbeats of one peer on one network took, by minutes: averages, minima and maxima over the last one, five and fifteen of them. In microseconds. Ceph: HeartbeatInfo's hb_* vectors. */
final class RoundTrips {
    private static final int MOST_MINUTES = 15;
    private static final List<Integer> SPANS = List.of(1, 5, MOST_MINUTES);

    private record Minute(int average, int least, int most) {}

    /** The newest first. */
    private final ArrayDeque<Minute> minutes = new ArrayDeque<>();

    private int last;
    private long total;
    private int count;
    private int least;
    private int most;

    void add(int micros) {
        last = micros;
        total += micros;
        least = count == 0 ? micros : Math.min(least, micros);
        most = Math.max(most, micros);
        count++;
    }

    /** A minute is over. */
    void close() {
        if (count == 0) {
            return;
        }
        minutes.addFirst(new Minute((int) (total / count), least, most));
        if (minutes.size() > MOST_MINUTES) {
            minutes.removeLast();
        }
        total = 0;
        count = 0;
        most = 0;
    }

    /** Zeros for the spans that are not over yet. */
    OsdStat.Network summary() {
        List<Integer> averages = new ArrayList<>(List.of(0, 0, 0));
        List<Integer> minima = new ArrayList<>(averages);
        List<Integer> maxima = new ArrayList<>(averages);
        long sum = 0;
        int min = Integer.MAX_VALUE;
        int max = 0;
        int seen = 0;
        for (Minute minute : minutes) {
            sum += minute.average;
            min = Math.min(min, minute.least);
            max = Math.max(max, minute.most);
            int span = SPANS.indexOf(++seen);
            if (span >= 0) {
                averages.set(span, (int) (sum / seen));
                minima.set(span, min);
                maxima.set(span, max);
            }
        }
        return new OsdStat.Network(averages, minima, maxima, last);
    }
}
