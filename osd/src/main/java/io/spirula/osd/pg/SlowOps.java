package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts the clients' requests that have been here for longer than one should have to complain of. Ceph: OSD::get_health_metrics. */
public final class SlowOps implements Consumer<ClientOp> {
    private final long nowNanos;
    private final long complaintNanos;
    private int count;
    private long oldestNanos;
    private final TreeMap<String, Integer> stages = new TreeMap<>();
    private final TreeMap<Long, Integer> pools = new TreeMap<>();

    SlowOps(long nowNanos, Duration complaint) {
        this.nowNanos = nowNanos;
        complaintNanos = complaint.toNanos();
    }

    @Override
    public void accept(ClientOp op) {
        long age = nowNanos - op.sinceNanos();
        if (age > complaintNanos) {
            count++;
            stages.merge(op.stage().cephName(), 1, Integer::sum);
            pools.merge(op.message().pg().pg().pool(), 1, Integer::sum);
            oldestNanos = Math.max(oldestNanos, age);
        }
    }

    /** What the cluster log says of them. */
    public String describe(OsdMap map) {
        StringBuilder types = new StringBuilder();
        stages.forEach((stage, n) ->
                types.append("'").append(stage).append("' : ").append(n).append(' '));
        Map.Entry<Long, Integer> most =
                pools.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(Map.entry(0L, 0));
        return count + " slow requests (by type [ " + types + "] most affected pool [ '"
                + Objects.requireNonNullElse(map.poolName(most.getKey()), "") + "' : " + most.getValue() + " ])";
    }

    public int count() {
        return count;
    }

    /** How old the oldest of them is; zero where there is none. */
    public Duration oldest() {
        return Duration.ofNanos(oldestNanos);
    }
}
