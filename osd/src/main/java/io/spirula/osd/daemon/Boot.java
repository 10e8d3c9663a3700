package io.spirula.osd.daemon;

import io.spirula.common.admin.CephRelease;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.message.OsdBoot;
import io.spirula.common.message.OsdMarkMeDead;
import io.spirula.common.monclient.CommandOutcome;
import io.spirula.common.monclient.MonClient;
import io.spirula.osd.heartbeat.Markdowns;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an OSD becomes part of the cluster: it waits for the newest map, makes sure that the map and the CRUSH map have it, asks to be marked up, and asks again until it is. Ceph: OSD::start_boot, _preboot, _send_boot.
 */
final class Boot {
    private static final Logger LOG = LoggerFactory.getLogger(Boot.class);
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration HEALTH_CHECK = Duration.ofSeconds(1);
    /** Every feature bit of pacific. Ceph: CEPH_FEATURES_ALL. */
    private static final long FEATURES = 0x3f01cfbffffdffffL;

    /** What booting needs of the OSD, and tells it. */
    interface Owner {
        /** We are up since this epoch. */
        void active(int epoch);

        /** We were marked down while we were up: whom we can reach must show again. */
        void markedDown();

        /** Whether enough others answer us. */
        boolean isHealthy();

        /** There is no going on. */
        void giveUp(String why);

        /** The store was restored from a backup: it must not be used. */
        void storeIsOld(String why);
    }

    /** Where booting is. */
    enum Phase {
        /** Was marked down wrongly, and waits until it can reach others again. */
        WAITING_FOR_HEALTHY,
        /** Waits for the newest map. */
        PREBOOT,
        /** Has the monitors change the map and the CRUSH map. */
        PLACING,
        /** Has asked to be marked up. */
        BOOTING,
        ACTIVE,
        STOPPING
    }

    private final OsdSettings settings;
    private final Supplier<OsdTuning> tuning;
    private final Reactor reactor;
    private final MonClient monitors;
    private final OsdNetwork network;
    private final MetaStore meta;
    private final ObjectStore store;
    private final MapFeed maps;
    private final Markdowns markdowns;
    private final Owner owner;
    private Phase phase = Phase.PREBOOT;
    private boolean placed;
    private int bootEpoch;

    Boot(
            OsdSettings settings,
            Supplier<OsdTuning> tuning,
            Reactor reactor,
            Uplink uplink,
            MetaStore meta,
            ObjectStore store,
            MapFeed maps,
            Owner owner) {
        this.settings = settings;
        this.tuning = tuning;
        this.reactor = reactor;
        monitors = uplink.monitors();
        network = uplink.network();
        this.meta = meta;
        this.store = store;
        this.maps = maps;
        this.owner = owner;
        markdowns = new Markdowns(() -> tuning.get().markdowns());
    }

    Phase phase() {
        return phase;
    }

    boolean isActive() {
        return phase == Phase.ACTIVE;
    }

    boolean isStopping() {
        return phase == Phase.STOPPING;
    }

    /** Begins, or begins again after the map has lost us. */
    void start() {
        if (phase == Phase.STOPPING) {
            return;
        }
        phase = Phase.PREBOOT;
        monitors.versions("osdmap", COMMAND_TIMEOUT).whenComplete((versions, failure) -> {
            if (phase != Phase.PREBOOT) {
                return;
            }
            if (failure != null) {
                LOG.warn("the monitors do not say which OSD maps there are: {}", failure.getMessage());
                reactor.schedule(AGAIN, this::startIfWaiting);
            } else if (maps.current().epoch() == 0
                    || Integer.compareUnsigned(maps.current().epoch(), (int) versions.newest()) < 0) {
                monitors.subscribe("osdmap", maps.wanted());
                reactor.schedule(AGAIN, this::startIfWaiting);
            } else {
                place();
            }
        });
    }

    private void startIfWaiting() {
        if (phase == Phase.PREBOOT) {
            start();
        }
    }

    /** A newer map is there. */
    void mapChanged(OsdMap now) {
        boolean up = now.exists(settings.whoami())
                && now.isUp(settings.whoami())
                && network.isAt(now.osd(settings.whoami()));
        switch (phase) {
            case PREBOOT -> start();
            case PLACING, STOPPING, WAITING_FOR_HEALTHY -> {}
            case BOOTING -> {
                if (up) {
                    phase = Phase.ACTIVE;
                    bootEpoch = bootEpoch == 0 ? now.epoch() : bootEpoch;
                    LOG.info("osd.{} is up in epoch {}", settings.whoami(), now.epoch());
                    owner.active(now.epoch());
                }
            }
            case ACTIVE -> {
                if (!up) {
                    lost(now);
                }
            }
        }
    }

    /** The map has us as down, gone, or elsewhere. Source: OSD::_committed_osd_maps. */
    private void lost(OsdMap now) {
        if (!now.exists(settings.whoami())) {
            owner.giveUp("osdmap says I do not exist.  shutting down.");
        } else if (now.osd(settings.whoami()).has(OsdState.STOP)) {
            owner.giveUp("osdmap says I am stopped by admin.  shutting down.");
        } else if (markdowns.again(reactor.clock().nanoTime())) {
            owner.giveUp("marked down " + markdowns.count() + " > osd_max_markdown_count "
                    + tuning.get().markdowns().most()
                    + " in last " + tuning.get().markdowns().period().toSeconds() + " seconds, shutting down");
        } else {
            if (now.isDown(settings.whoami())) {
                store.submit(
                        new Transaction(), // when the store has the map for certain: see isRestored
                        () -> monitors.send(
                                new OsdMarkMeDead(now.epoch(), now.fsid(), settings.whoami(), now.epoch())));
            }
            phase = Phase.WAITING_FOR_HEALTHY;
            owner.markedDown();
            startOnceHealthy();
        }
    }

    private void startOnceHealthy() {
        if (phase != Phase.WAITING_FOR_HEALTHY) {
            return;
        }
        if (owner.isHealthy()) {
            start();
        } else {
            reactor.schedule(HEALTH_CHECK, this::startOnceHealthy);
        }
    }

    /** A store that knows less than what the monitors were told once it knew it is a copy from before: what was acknowledged since is not in it. An empty one is as new as it says. */
    private boolean isRestored(OsdMap now) {
        return meta.found() > 0
                && now.exists(settings.whoami())
                && Integer.compareUnsigned(now.osd(settings.whoami()).info().upThru(), meta.found()) > 0;
    }

    private void place() {
        if (!placed && isRestored(maps.current())) {
            phase = Phase.STOPPING;
            owner.storeIsOld("the store is as of epoch " + meta.found() + ", but osd." + settings.whoami()
                    + " was alive in epoch "
                    + maps.current().osd(settings.whoami()).info().upThru()
                    + ": it was restored from an old backup and lacks what was acknowledged since; make a new one with"
                    + " --mkfs, and recovery fills it");
            return;
        }
        phase = Phase.PLACING;
        if (placed) {
            send();
        } else if (!maps.current().exists(settings.whoami())) {
            command(
                    "osd new",
                    "\"uuid\":\"" + meta.superblock().osdFsid() + "\",\"id\":" + settings.whoami(),
                    this::placeInCrush);
        } else {
            placeInCrush();
        }
    }

    private void placeInCrush() {
        run(CrushStep.of(settings, store.usage().totalBytes()).iterator());
    }

    private void run(Iterator<CrushStep> steps) {
        if (steps.hasNext()) {
            CrushStep step = steps.next();
            command(step.prefix(), step.arguments(), () -> run(steps));
        } else {
            placed = true;
            send();
        }
    }

    private void command(String prefix, String arguments, Runnable next) {
        String json = "{\"prefix\":\"" + prefix + "\"," + arguments + "}";
        monitors.command(List.of(json), Bytes.EMPTY, COMMAND_TIMEOUT)
                .whenComplete((CommandOutcome outcome, Throwable failure) -> {
                    if (failure != null) {
                        LOG.warn("'{}' failed, trying again: {}", prefix, failure.getMessage());
                        reactor.schedule(AGAIN, () -> command(prefix, arguments, next));
                        return;
                    }
                    if (outcome.code() < 0) {
                        LOG.warn("'{}' was refused ({}): {}", prefix, outcome.code(), outcome.status());
                    }
                    next.run();
                });
    }

    private void send() {
        if (phase == Phase.STOPPING) {
            return;
        }
        phase = Phase.BOOTING;
        mapChanged(maps.current());
        if (phase != Phase.BOOTING) {
            return;
        }
        LOG.info(
                "osd.{} asks to be marked up, at {}",
                settings.whoami(),
                network.clients().addrs());
        monitors.subscribe("osdmap", maps.wanted());
        monitors.send(new OsdBoot(
                maps.current().epoch(),
                meta.superblock(),
                network.heartbeatBack().addrs(),
                network.cluster().addrs(),
                bootEpoch,
                network.heartbeatFront().addrs(),
                metadata(),
                FEATURES));
        reactor.schedule(AGAIN, () -> {
            if (phase == Phase.BOOTING) {
                send();
            }
        });
    }

    private Map<String, String> metadata() {
        SortedMap<String, String> m = new TreeMap<>(settings.metadata());
        m.put("front_addr", network.clients().addrs().toString());
        m.put("back_addr", network.cluster().addrs().toString());
        m.put("hb_front_addr", network.heartbeatFront().addrs().toString());
        m.put("hb_back_addr", network.heartbeatBack().addrs().toString());
        m.put("osd_objectstore", settings.objectStore());
        m.put("ceph_release", CephRelease.NAME);
        m.put("ceph_version", CephRelease.LONG);
        m.put("ceph_version_short", CephRelease.VERSION);
        m.put("default_device_class", settings.deviceClass());
        String rotational = settings.deviceClass().equals("hdd") ? "1" : "0";
        m.put("rotational", rotational);
        m.put("journal_rotational", rotational);
        return m;
    }

    void stopping() {
        phase = Phase.STOPPING;
    }
}
