package io.spirula.it.sim;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EntityAddr;
import io.spirula.it.cluster.ClusterBlueprint;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.quorum.MonState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * A whole cluster in a {@link Simulation}: the daemons that real processes run, on simulated hosts, disks and network. Until the simulation is stepped nothing happens.
 */
public final class SimCluster {
    private final Simulation simulation;
    private final SimNetwork network;
    private final ClusterBlueprint blueprint;
    private final List<SimMonitor> monitors = new ArrayList<>();
    /** Who starts what has stopped; does not crash. */
    private final SimHost operator;

    private final List<SimOsd> osds = new ArrayList<>();

    public SimCluster(Simulation simulation, int osdCount, SortedMap<String, String> options) {
        this(simulation, 1, osdCount, options);
    }

    public SimCluster(Simulation simulation, int monitorCount, int osdCount, SortedMap<String, String> options) {
        this.simulation = simulation;
        network = new SimNetwork(simulation);
        operator = new SimHost(simulation, "operator");
        List<EntityAddr> addrs = IntStream.rangeClosed(1, monitorCount)
                .mapToObj(i -> EntityAddr.msgr2("10.0.0." + i, 3300, 0))
                .toList();
        blueprint = ClusterBlueprint.of(osdCount, "cephx", addrs, options, simulation.newRandom(), operator.now());
        for (int rank = 0; rank < monitorCount; rank++) {
            monitors.add(new SimMonitor(rank, blueprint, network));
        }
        for (int id = 0; id < osdCount; id++) {
            osds.add(new SimOsd(id, blueprint, network, operator));
        }
    }

    public Simulation simulation() {
        return simulation;
    }

    public List<SimOsd> osds() {
        return osds;
    }

    public List<SimMonitor> monitors() {
        return monitors;
    }

    public SimNetwork network() {
        return network;
    }

    /** Who starts what has stopped; does not crash. */
    public SimHost operator() {
        return operator;
    }

    /** The leading monitor; where none leads, one that did or will. */
    public SimMonitor leader() {
        for (SimMonitor monitor : monitors) {
            if (monitor.host().isUp()
                    && monitor.daemon().services().quorum().get().state() == MonState.LEADER) {
                return monitor;
            }
        }
        return monitors.getFirst();
    }

    /** The monitors' OSD map. */
    public OsdMap osdMap() {
        return leader().daemon().services().osdmap().map();
    }

    /** Cuts an OSD off from the other OSDs, and from the monitors too. */
    public void isolate(SimOsd osd, boolean alsoFromMonitor) {
        List<SimHost> others = new ArrayList<>();
        osds.stream().filter(o -> o != osd).forEach(o -> others.add(o.host()));
        if (alsoFromMonitor) {
            monitors.forEach(m -> others.add(m.host()));
        }
        network.isolate(osd.host(), others);
    }

    /** A client process on a host, which may have crashed and is up again. */
    public SimClient client(SimHost host) {
        return new SimClient(host, blueprint, network, simulation.newRandom());
    }

    /** The power fails: every daemon is gone at once, and of what no disk had made durable yet each keeps some. */
    public void crash() {
        monitors.forEach(SimMonitor::crash);
        osds.forEach(SimOsd::crash);
    }

    /** The power is back: the monitors start, and every OSD but {@code late} ones, which {@link #restartLater} brings. */
    public void restart(Set<SimOsd> late) {
        monitors.forEach(SimMonitor::restart);
        osds.stream().filter(osd -> !late.contains(osd)).forEach(SimOsd::restart);
    }

    /** Starts an OSD after a while, unless somebody did before. */
    public void restartLater(SimOsd osd, Duration delay) {
        simulation.after(delay.toNanos(), operator, osd::restart);
    }

    public PgMap pgMap() {
        return leader().daemon().services().pgMap();
    }

    /** Whether there is a quorum of all monitors, every OSD is up, and every placement group is active and clean, as its primary says and the manager has heard. */
    public boolean isClean() {
        for (SimMonitor monitor : monitors) {
            if (!monitor.host().isUp()
                    || monitor.daemon().services().quorum().get().quorum().size() != monitors.size()) {
                return false;
            }
        }
        OsdMap map = osdMap();
        for (SimOsd osd : osds) {
            if (!osd.isActive() || osd.daemon().map().epoch() != map.epoch()) {
                return false;
            }
        }
        int groups = map.pools().values().stream().mapToInt(p -> p.pgNum()).sum();
        Map<?, PgStats> reported = pgMap().pgs();
        return reported.size() == groups
                && reported.values().stream().allMatch(SimCluster::isClean)
                && primaries() == groups;
    }

    /** Whether it is clean and stays so: no pool is still on its way to another number of groups, or to where they should be. */
    public boolean isSettled() {
        return isClean()
                && osdMap().pools().values().stream()
                        .allMatch(p -> p.pgNum() == p.pgNumTarget() && p.pgpNum() == p.pgpNumTarget());
    }

    /** How many groups have a primary that says that they are clean. */
    private long primaries() {
        return osds.stream()
                .flatMap(osd -> osd.daemon().groups().all().stream())
                .filter(pg -> pg.isPrimary() && isClean(pg.stats()))
                .count();
    }

    private static boolean isClean(PgStats stats) {
        long wanted = PgState.ACTIVE | PgState.CLEAN;
        return (stats.state() & wanted) == wanted;
    }

    /** For people: the daemons and the groups' states. */
    public String state() {
        StringBuilder out = new StringBuilder();
        for (SimMonitor monitor : monitors) {
            out.append("mon.").append(monitor.name()).append(' ');
            out.append(
                            monitor.host().isUp()
                                    ? monitor.daemon().services().quorum().get()
                                    : "down")
                    .append(", ");
        }
        for (SimOsd osd : osds) {
            out.append("osd.").append(osd.id()).append(osd.isActive() ? " active" : " not active");
            if (osd.isUp()) {
                out.append(" in ").append(osd.daemon().map().epoch());
                osd.daemon().groups().all().stream()
                        .filter(pg -> pg.isPrimary() && !isClean(pg.stats()))
                        .forEach(pg -> out.append(" [")
                                .append(pg)
                                .append(' ')
                                .append(pg.state().cephName())
                                .append(" up ")
                                .append(pg.map().up())
                                .append(" acting ")
                                .append(pg.map().acting())
                                .append(']'));
                osd.daemon()
                        .groups()
                        .all()
                        .forEach(pg -> pg.ops()
                                .visit(op -> out.append(" {")
                                        .append(pg)
                                        .append(": ")
                                        .append(op)
                                        .append(' ')
                                        .append(op.timeline().events().getLast().name())
                                        .append('}')));
            }
            out.append(", ");
        }
        for (Map.Entry<String, Integer> e : pgMap().states().entrySet()) {
            out.append(e.getValue()).append(' ').append(e.getKey()).append(", ");
        }
        return out + "after " + Duration.ofNanos(simulation.nowNanos());
    }
}
