package io.spirula.it.sim;

import io.spirula.common.encoding.Bytes;
import io.spirula.mon.quorum.MonState;
import io.spirula.mon.quorum.QuorumStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What must hold of monitors after every event: no two ever commit different values for one version, no monitor goes back behind a version that it committed (but for one whose store is being replaced), and no election epoch has
 * two leaders. That no read is answered from before what was acknowledged is judged by the clients.
 */
public final class MonitorInvariants {
    private static final String PAXOS = "paxos";

    private final List<SimMonitor> monitors;
    private final Map<Long, Bytes> values = new HashMap<>();
    private final Map<Integer, String> leaders = new HashMap<>();
    private final long[] seen;

    public MonitorInvariants(List<SimMonitor> monitors) {
        this.monitors = monitors;
        seen = new long[monitors.size()];
    }

    int leaders() {
        return leaders.size();
    }

    /** A monitor's disk was replaced. */
    void forget(SimMonitor monitor) {
        seen[monitors.indexOf(monitor)] = 0;
    }

    public void check() {
        for (int i = 0; i < seen.length; i++) {
            SimMonitor monitor = monitors.get(i);
            checkValues(i, monitor);
            if (monitor.host().isUp()) {
                checkLeader(monitor);
            }
        }
    }

    private void checkLeader(SimMonitor monitor) {
        QuorumStatus status = monitor.daemon().services().quorum().get();
        if (status.state() == MonState.LEADER) {
            String other = leaders.putIfAbsent(status.electionEpoch(), monitor.name());
            if (other != null && !other.equals(monitor.name())) {
                throw new SimulationFailure("mon." + other + " and mon." + monitor.name() + " both lead in epoch "
                        + status.electionEpoch());
            }
        }
    }

    private void checkValues(int index, SimMonitor monitor) {
        if (monitor.store().get("mon_sync", "in_sync") != null) {
            seen[index] = 0;
            return;
        }
        long last = monitor.store().number(PAXOS, "last_committed");
        if (last == seen[index]) {
            return;
        }
        if (last < seen[index]) {
            throw new SimulationFailure(
                    "mon." + monitor.name() + " had committed " + seen[index] + ", now it has " + last);
        }
        long first = monitor.store().number(PAXOS, "first_committed");
        for (long v = Math.max(first, seen[index] + 1); v <= last; v++) {
            Bytes value = monitor.store().get(PAXOS, Long.toString(v));
            if (value == null) {
                throw new SimulationFailure("mon." + monitor.name() + " lacks the value of version " + v);
            }
            Bytes others = values.putIfAbsent(v, value);
            if (others != null && !others.equals(value)) {
                throw new SimulationFailure("mon." + monitor.name() + " has another value for version " + v);
            }
        }
        seen[index] = last;
    }

    /** Whether every monitor has committed the same version, the newest that any ever had. */
    boolean allHaveTheSame() {
        for (SimMonitor monitor : monitors) {
            if (monitor.store().number(PAXOS, "last_committed") != values.size()) {
                return false;
            }
        }
        return true;
    }

    /** What was acknowledged must be in every store. */
    void mustHave(String prefix, String key) {
        for (SimMonitor monitor : monitors) {
            if (!Objects.equals(Bytes.of(key), monitor.store().get("mon_config_key", key))) {
                throw new SimulationFailure("mon." + monitor.name() + " lost " + prefix + " " + key);
            }
        }
    }
}
