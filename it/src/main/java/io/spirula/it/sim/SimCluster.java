package io.spirula.it.sim;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EntityAddr;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.mgr.PgState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * A whole cluster in a {@link Simulation}: the daemons that real processes run, on simulated hosts, disks and network. Until the simulation is stepped nothing happens.
 */
public final class SimCluster {
    private final Simulation simulation;
    private final SimNetwork network;
    private final ClusterBlueprint blueprint;
    private final SimMonitor monitor;
    /** Who starts what has stopped; does not crash. */
    private final SimHost operator;

    private final List<SimOsd> osds = new ArrayList<>();

    public SimCluster(Simulation simulation, int osdCount, SortedMap<String, String> options) {
        this.simulation = simulation;
        network = new SimNetwork(simulation);
        operator = new SimHost(simulation, "operator");
        blueprint = ClusterBlueprint.of(
                osdCount,
                "cephx",
                List.of(EntityAddr.msgr2("10.0.0.1", 3300, 0)),
                options,
                simulation.newRandom(),
                operator.now());
        monitor = new SimMonitor(0, blueprint, network);
        for (int id = 0; id < osdCount; id++) {
            osds.add(new SimOsd(id, blueprint, network));
        }
    }

    public Simulation simulation() {
        return simulation;
    }

    List<SimOsd> osds() {
        return osds;
    }

    SimNetwork network() {
        return network;
    }

    /** The monitors' OSD map. */
    OsdMap osdMap() {
        return monitor.daemon().services().osdmap().map();
    }

    /** Cuts an OSD off from the other OSDs, and from the monitor too. */
    void isolate(SimOsd osd, boolean alsoFromMonitor) {
        List<SimHost> others = new ArrayList<>();
        osds.stream().filter(o -> o != osd).forEach(o -> others.add(o.host()));
        if (alsoFromMonitor) {
            others.add(monitor.host());
        }
        network.isolate(osd.host(), others);
    }

    /** A client process on a host, which may have crashed and is up again. */
    SimClient client(SimHost host) {
        return new SimClient(host, blueprint, network, simulation.newRandom());
    }

    /** The power fails: every daemon is gone at once, and of what no disk had made durable yet each keeps some. */
    public void crash() {
        monitor.crash();
        osds.forEach(SimOsd::crash);
    }

    /** The power is back: the monitor starts, and every OSD but {@code late} ones, which {@link #restartLater} brings. */
    void restart(Set<SimOsd> late) {
        monitor.restart();
        osds.stream().filter(osd -> !late.contains(osd)).forEach(SimOsd::restart);
    }

    /** Starts an OSD after a while, unless somebody did before. */
    void restartLater(SimOsd osd, Duration delay) {
        simulation.after(delay.toNanos(), operator, osd::restart);
    }

    PgMap pgMap() {
        return monitor.daemon().services().pgMap();
    }

    /** Whether every OSD is up and every placement group is active and clean, as the manager has heard. */
    public boolean isClean() {
        int up = 0;
        for (SimOsd osd : osds) {
            up += osd.isActive() ? 1 : 0;
        }
        var map = monitor.daemon().services().osdmap().map();
        int groups = map.pools().values().stream().mapToInt(p -> p.pgNum()).sum();
        return up == osds.size()
                && pgMap().pgs().size() == groups
                && pgMap().pgs().values().stream().allMatch(SimCluster::isClean);
    }

    private static boolean isClean(PgStats stats) {
        long wanted = PgState.ACTIVE | PgState.CLEAN;
        return (stats.state() & wanted) == wanted;
    }

    /** For people: the OSDs and the groups' states. */
    String state() {
        StringBuilder out = new StringBuilder();
        for (SimOsd osd : osds) {
            out.append("osd.").append(osd.id()).append(osd.isActive() ? " active, " : " not active, ");
        }
        for (Map.Entry<String, Integer> e : pgMap().states().entrySet()) {
            out.append(e.getValue()).append(' ').append(e.getKey()).append(", ");
        }
        return out + "after " + Duration.ofNanos(simulation.nowNanos());
    }
}
