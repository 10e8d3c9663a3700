package io.spirula.osd.heartbeat;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.OsdStat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The OSDs that one OSD watches, what each has answered, and what the monitors were told. Moments are the monotonic clock's nanoseconds. */
public final class Heartbeats {
    private final Supplier<HeartbeatSettings> settings;
    private final TreeMap<Integer, WatchedPeer> peers = new TreeMap<>();
    /** What stands at the monitors. */
    private final TreeMap<Integer, FailureNotice.Failed> reported = new TreeMap<>();

    public Heartbeats(Supplier<HeartbeatSettings> settings) {
        this.settings = settings;
    }

    /** Watches these from now on, as far as they are up. What is known of one that stays as it was is kept. */
    public void watch(SortedSet<Integer> wanted, OsdMap map) {
        peers.keySet().removeIf(osd -> !wanted.contains(osd) || !map.isUp(osd));
        for (int osd : wanted) {
            Osd row = map.osd(osd);
            WatchedPeer known = peers.get(osd);
            if (row.isUp() && (known == null || !known.isAt(row))) {
                peers.put(osd, new WatchedPeer(row));
                reported.remove(osd);
            }
        }
        // Of somebody who is up but no longer watched nobody else would take a report back.
        reported.keySet().removeIf(map::isDown);
    }

    /** Forgets all that was heard: we may have been cut off ourselves. */
    public void forgetAnswers(OsdMap map) {
        peers.replaceAll((osd, peer) -> new WatchedPeer(map.osd(osd)));
    }

    public NavigableSet<Integer> watched() {
        return peers.navigableKeySet();
    }

    /** A heartbeat goes to everybody now. */
    public void sent(long nowNanos) {
        peers.values().forEach(peer -> peer.sent(nowNanos, settings.get().grace()));
    }

    /** @param sentNanos when the heartbeat was sent that is answered */
    public void answered(int osd, Side side, long sentNanos, long nowNanos, Instant wall) {
        WatchedPeer peer = peers.get(osd);
        if (peer != null) {
            peer.answered(side, sentNanos, nowNanos, wall);
        }
    }

    /** What is new for the monitors: whom they must hear of, and whom not any more. */
    public List<FailureNotice> check(long nowNanos) {
        List<FailureNotice> notices = new ArrayList<>();
        peers.forEach((osd, peer) -> {
            FailureNotice.Failed said = reported.get(osd);
            if (peer.isUnhealthy(nowNanos)) {
                if (said == null) {
                    FailureNotice.Failed failed =
                            new FailureNotice.Failed(osd, peer.client(), peer.silentSince(nowNanos));
                    reported.put(osd, failed);
                    notices.add(failed);
                }
            } else if (said != null && peer.isHealthy(nowNanos)) {
                reported.remove(osd);
                notices.add(new FailureNotice.StillAlive(osd, said.addrs(), said.sinceNanos()));
            }
        });
        for (int osd : List.copyOf(reported.keySet())) {
            FailureNotice.Failed said = reported.get(osd);
            if (said != null && !peers.containsKey(osd)) {
                reported.remove(osd);
                notices.add(new FailureNotice.StillAlive(osd, said.addrs(), said.sinceNanos()));
            }
        }
        return notices;
    }

    /** What a monitor must be told that has not heard it yet. */
    public List<FailureNotice> standing() {
        return List.copyOf(reported.values());
    }

    /** Whether so many of the peers answer that it can't be us who is cut off. */
    public boolean mostAreHealthy(long nowNanos) {
        long healthy =
                peers.values().stream().filter(p -> p.isHealthy(nowNanos)).count();
        return (float) healthy >= (float) (peers.size() * settings.get().minHealthyRatio());
    }

    /** How long the peers took to answer, for those that have been watched for a minute. */
    public Map<Integer, OsdStat.PingTimes> pingTimes() {
        Map<Integer, OsdStat.PingTimes> times = new TreeMap<>();
        peers.forEach((osd, peer) -> {
            OsdStat.PingTimes known = peer.times();
            if (known != null) {
                times.put(osd, known);
            }
        });
        return times;
    }
}
