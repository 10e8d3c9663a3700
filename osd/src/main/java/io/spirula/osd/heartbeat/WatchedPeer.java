package io.spirula.osd.heartbeat;

import io.spirula.common.maps.Osd;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.types.EntityAddrs;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an OSD knows of one that it watches. Ceph: HeartbeatInfo. */
final class WatchedPeer {
    /** Unanswered heartbeats that are remembered: the oldest decides, and any of the newer may be answered. */
    private static final int MOST_OUTSTANDING = 100;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private record Outstanding(long deadlineNanos, boolean back, boolean front) {}

    private final EntityAddrs client;
    private final EntityAddrs back;
    private final EntityAddrs front;
    private final TreeMap<Long, Outstanding> outstanding = new TreeMap<>();
    private final RoundTrips backTrips = new RoundTrips();
    private final RoundTrips frontTrips = new RoundTrips();
    private @Nullable Long firstSent;
    private @Nullable Long lastBack;
    private @Nullable Long lastFront;
    private long minuteSince;
    private OsdStat.@Nullable PingTimes times;

    WatchedPeer(Osd row) {
        client = row.client();
        back = row.heartbeatBack();
        front = row.heartbeatFront();
    }

    EntityAddrs client() {
        return client;
    }

    boolean isAt(Osd row) {
        return back.equals(row.heartbeatBack()) && front.equals(row.heartbeatFront());
    }

    void sent(long nowNanos, Duration grace) {
        if (firstSent == null) {
            firstSent = nowNanos;
            minuteSince = nowNanos;
        }
        if (outstanding.size() >= MOST_OUTSTANDING) {
            Long second = outstanding.higherKey(outstanding.firstKey());
            if (second != null) {
                outstanding.remove(second);
            }
        }
        outstanding.put(nowNanos, new Outstanding(nowNanos + grace.toNanos(), false, front.isEmpty()));
    }

    /** An answer; ones to heartbeats that later ones have overtaken are of no interest. */
    void answered(Side side, long sentNanos, long nowNanos, Instant wall) {
        Outstanding ping = outstanding.get(sentNanos);
        if (ping == null || (side == Side.BACK ? ping.back : ping.front)) {
            return;
        }
        int micros = (int) Math.min((nowNanos - sentNanos) / 1000, Integer.MAX_VALUE);
        boolean answeredBack = ping.back;
        boolean answeredFront = ping.front;
        switch (side) {
            case BACK -> {
                answeredBack = true;
                lastBack = nowNanos;
                if (front.isEmpty()) {
                    lastFront = nowNanos;
                }
                backTrips.add(micros);
            }
            case FRONT -> {
                answeredFront = true;
                lastFront = nowNanos;
                frontTrips.add(micros);
            }
        }
        if (answeredBack && answeredFront) {
            outstanding.headMap(sentNanos, true).clear();
            closeMinute(nowNanos, wall);
        } else {
            outstanding.put(sentNanos, new Outstanding(ping.deadlineNanos, answeredBack, answeredFront));
        }
    }

    private void closeMinute(long nowNanos, Instant wall) {
        if (nowNanos - minuteSince >= MINUTE_NANOS) {
            minuteSince = nowNanos;
            backTrips.close();
            frontTrips.close();
            times = new OsdStat.PingTimes((int) wall.getEpochSecond(), backTrips.summary(), frontTrips.summary());
        }
    }

    /** A heartbeat's time is over and one of its answers is not there. */
    boolean isUnhealthy(long nowNanos) {
        return !outstanding.isEmpty() && nowNanos - outstanding.firstEntry().getValue().deadlineNanos > 0;
    }

    /** It has answered on both networks, and answers still. */
    boolean isHealthy(long nowNanos) {
        return lastBack != null && lastFront != null && !isUnhealthy(nowNanos);
    }

    /** The last moment at which it is known to have answered on both networks. */
    long silentSince(long nowNanos) {
        if (lastBack == null || lastFront == null) {
            return firstSent == null ? nowNanos : firstSent;
        }
        return Math.min(lastBack, lastFront);
    }

    OsdStat.@Nullable PingTimes times() {
        return times;
    }
}
