package io.spirula.osd.daemon;

import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.monclient.MonClient;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Which other OSDs this one watches, and when it asks whether they are there: the members of its groups, while it is up or must show that it could be. Ceph: OSD::maybe_update_heartbeat_peers, heartbeat_entry. */
final class PeerWatch {
    private final Supplier<OsdTuning> tuning;
    private final Reactor reactor;
    private final RandomGenerator random;
    private final PlacementGroups groups;
    private final Boot boot;
    private final HeartbeatPeers heartbeats;

    PeerWatch(
            OsdSettings settings,
            Supplier<OsdTuning> tuning,
            Reactor reactor,
            RandomGenerator random,
            Uplink uplink,
            MapFeed maps,
            ClusterConnections peers,
            PlacementGroups groups,
            Boot boot) {
        this.tuning = tuning;
        this.reactor = reactor;
        this.random = random;
        this.groups = groups;
        this.boot = boot;
        heartbeats = new HeartbeatPeers(
                settings.whoami(),
                uplink.network().heartbeatClient(),
                reactor.clock(),
                () -> tuning.get().heartbeat(),
                new Needs(settings.whoami(), uplink.monitors(), maps, peers, boot));
    }

    private record Needs(int whoami, MonClient monitors, MapFeed maps, ClusterConnections peers, Boot boot)
            implements HeartbeatPeers.Host {
        @Override
        public OsdMap map() {
            return maps.current();
        }

        @Override
        public int upFrom() {
            OsdMap map = maps.current();
            return map.exists(whoami) ? map.osd(whoami).info().upFrom() : 0;
        }

        @Override
        public void sendToMonitor(Message message) {
            monitors.send(message);
        }

        @Override
        public void peerHasMap(int osd, int epoch) {
            if (boot.isActive()) {
                peers.shareMap(osd, epoch, maps::since);
            }
        }

        @Override
        public void mapIsOld() {
            monitors.subscribe("osdmap", maps.wanted());
        }
    }

    HeartbeatPeers heartbeats() {
        return heartbeats;
    }

    private boolean isOn() {
        return boot.isActive() || boot.phase() == Boot.Phase.WAITING_FOR_HEALTHY;
    }

    /** Asks from now on, again and again. */
    void start() {
        if (boot.isStopping()) {
            return;
        }
        if (isOn()) {
            heartbeats.beat();
        }
        // Not all OSDs at the same moments. Source: OSD::heartbeat_entry.
        long millis =
                500 + random.nextInt(10) * tuning.get().heartbeat().interval().toMillis() / 10;
        reactor.schedule(Duration.ofMillis(millis), this::start);
    }

    /** Tells the monitors of those who stay silent; to be called every second. */
    void report() {
        if (isOn()) {
            heartbeats.report();
        }
    }

    /** Groups may have other members now. */
    void mapChanged() {
        if (isOn()) {
            choose();
        }
    }

    /** We are up: who is to be watched is asked at once. */
    void begin() {
        choose();
        heartbeats.beat();
    }

    /** The map has us as down: whether others answer us is to be seen anew. */
    void doubt() {
        choose();
        heartbeats.doubt();
        heartbeats.beat();
    }

    private void choose() {
        TreeSet<Integer> members = new TreeSet<>();
        for (PlacementGroup pg : groups.all()) {
            members.addAll(pg.map().up());
            members.addAll(pg.map().acting());
        }
        heartbeats.choose(members);
    }
}
