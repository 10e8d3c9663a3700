package io.spirula.osd.daemon;

import io.spirula.common.env.Reactor;
import io.spirula.common.message.OsdMarkMeDown;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an OSD leaves the cluster: serves nobody any more, tells the monitors, and ends when they have noted it or do not answer. Ceph: OSD::prepare_to_stop, shutdown. */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final int whoami;
    private final Reactor reactor;
    private final Uplink uplink;
    private final MapFeed maps;
    private final ManagerReports reports;
    private final Boot boot;
    private int cleanThru;
    private @Nullable Runnable done;

    Departure(int whoami, Reactor reactor, Uplink uplink, MapFeed maps, ManagerReports reports, Boot boot) {
        this.whoami = whoami;
        this.reactor = reactor;
        this.uplink = uplink;
        this.maps = maps;
        this.reports = reports;
        this.boot = boot;
    }

    /** @param whenDone runs when all is closed */
    void begin(Runnable whenDone) {
        done = whenDone;
        boolean wasActive = boot.isActive();
        cleanThru = wasActive ? maps.current().epoch() : 0;
        boot.stopping();
        reports.stop();
        uplink.clusterLog().flush(); // nobody hears why it goes otherwise: the monitors' answer to what follows ends it
        if (wasActive && uplink.monitors().hasSession()) {
            uplink.monitors()
                    .send(new OsdMarkMeDown(
                            maps.current().epoch(),
                            maps.current().fsid(),
                            whoami,
                            uplink.network().clients().addrs(),
                            maps.current().epoch(),
                            true,
                            true));
            reactor.schedule(TIMEOUT, this::end);
        } else {
            end();
        }
    }

    /** The monitors have noted that we are going, or do not answer. */
    void end() {
        Runnable then = done;
        if (then == null) {
            return;
        }
        done = null;
        if (cleanThru != 0) {
            maps.left(cleanThru);
        }
        uplink.monitors().shutdown();
        uplink.network().shutdown();
        LOG.info("osd.{} stopped", whoami);
        then.run();
    }
}
