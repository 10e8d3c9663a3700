package io.spirula.mon.daemon;

import io.spirula.common.maps.MgrMap;
import io.spirula.common.maps.MonMap;
import io.spirula.common.maps.OsdMap;
import io.spirula.mon.Services;
import io.spirula.mon.service.LogService;
import io.spirula.mon.service.Stamps;
import java.time.Duration;
import java.util.stream.Collectors;

/** What the leader says in the cluster log of its maps: of all of them when it begins to lead, and of each new version. Source: on_active of Ceph's monitor services. */
final class MapNews {
    private final Services services;
    private final LogService log;

    MapNews(Services services) {
        this.services = services;
        log = services.log();
        services.osdmap().listen(map -> ifLeading(() -> osdmap(map)));
        services.mgrmap().listen(map -> ifLeading(() -> mgrmap(map)));
    }

    private void ifLeading(Runnable line) {
        if (services.proposals().isLeading()) {
            line.run();
        }
    }

    void begin() {
        monmap(services.monmap().map());
        log.debug("fsmap ");
        osdmap(services.osdmap().map());
        mgrmap(services.mgrmap().map());
    }

    private void monmap(MonMap map) {
        String mons = map.ranks().stream()
                .map(name -> name + "=" + map.addrs(name))
                .collect(Collectors.joining(",", "{", "}"));
        String removed = map.removedRanks().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        log.debug("monmap e" + map.epoch() + ": " + map.size() + " mons at " + mons + " removed_ranks: " + removed);
    }

    private void osdmap(OsdMap map) {
        log.debug("osdmap e" + map.epoch() + ": " + map.numOsds() + " total, " + map.numUpOsds() + " up, "
                + map.numInOsds() + " in");
    }

    private void mgrmap(MgrMap map) {
        String since = "since "
                + Stamps.span(
                        Duration.between(map.activeChange(), services.health().now()));
        String active = map.activeGid() == 0
                ? "no daemons active (" + since + ")"
                : map.activeName() + "(active, " + (map.available() ? "" : "starting, ") + since + ")";
        log.debug("mgrmap e" + map.epoch() + ": " + active);
    }
}
