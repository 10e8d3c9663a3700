package io.spirula.osd.daemon;

import io.spirula.common.env.Reactor;
import io.spirula.common.message.OsdBeacon;
import io.spirula.common.monclient.MonClient;
import io.spirula.osd.pg.PlacementGroups;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells the monitors every now and then that this OSD lives, and from which map on it needs them. Ceph: OSD::send_beacon. */
final class Beacons {
    private final Supplier<OsdTuning> tuning;
    private final Reactor reactor;
    private final MonClient monitors;
    private final MetaStore meta;
    private final MapFeed maps;
    private final PlacementGroups groups;
    private final Boot boot;
    private Reactor.@Nullable Timer next;

    Beacons(
            Supplier<OsdTuning> tuning,
            Reactor reactor,
            MonClient monitors,
            MetaStore meta,
            MapFeed maps,
            PlacementGroups groups,
            Boot boot) {
        this.tuning = tuning;
        this.reactor = reactor;
        this.monitors = monitors;
        this.meta = meta;
        this.maps = maps;
        this.groups = groups;
        this.boot = boot;
    }

    /** Sends one and goes on from now, as often as is configured now. */
    void start() {
        if (next != null) {
            next.cancel();
        }
        if (boot.isStopping()) {
            return;
        }
        send();
        next = reactor.schedule(tuning.get().beaconInterval(), this::start);
    }

    /** Sends one, if this OSD is up. */
    void send() {
        if (boot.isActive()) {
            monitors.send(new OsdBeacon(
                    maps.current().epoch(),
                    groups.byId().keySet().stream().map(id -> id.pg()).toList(),
                    meta.oldest(),
                    Instant.EPOCH,
                    (int) tuning.get().beaconInterval().toSeconds()));
        }
    }
}
