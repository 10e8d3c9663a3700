package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdAlive;
import io.spirula.common.message.OsdBeacon;
import io.spirula.common.message.OsdBoot;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdFull;
import io.spirula.common.message.OsdMarkMeDead;
import io.spirula.common.message.OsdMarkMeDown;
import io.spirula.common.message.OsdPgCreated;
import io.spirula.common.message.OsdPgReadyToMerge;
import io.spirula.common.message.OsdPgTemp;
import io.spirula.common.types.PgId;
import io.spirula.mon.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What OSDs tell the monitors: that they boot, live, stop, fail each other, and need something of the map. Ceph: OSDMonitor's prepare_boot, prepare_failure and so on. */
public final class OsdReports {
    private final OsdmapService osdmap;
    private final Proposals proposals;
    private final LogService log;
    private final Clock clock;
    private final Config config;
    /** Who says of whom that it failed. */
    private final Map<Integer, Set<Integer>> failures = new TreeMap<>();
    /** When an OSD was last heard of, and when it was first seen down: the reactor clock's nanoseconds. */
    private final Map<Integer, Long> lastBeacon = new TreeMap<>();

    private final Map<Integer, Long> downSince = new TreeMap<>();

    public OsdReports(OsdmapService osdmap, Proposals proposals, LogService log, Clock clock, Config config) {
        this.osdmap = osdmap;
        this.proposals = proposals;
        this.log = log;
        this.clock = clock;
        this.config = config;
    }

    /** Takes a message if it is an OSD's report. */
    public boolean dispatch(Session session, Message message) {
        boolean isReport = switch (message) {
            case OsdBoot m -> true;
            case OsdAlive m -> true;
            case OsdBeacon m -> true;
            case OsdFailure m -> true;
            case OsdMarkMeDown m -> true;
            case OsdMarkMeDead m -> true;
            case OsdPgTemp m -> true;
            case OsdFull m -> true;
            case OsdPgCreated m -> true;
            case OsdPgReadyToMerge m -> true;
            default -> false;
        };
        int osd = OsdmapService.osdOf(session);
        if (!isReport || osd < 0 || !session.caps().allows("osd", "rwx")) {
            return isReport;
        }
        proposals.whenWriteable(() -> take(session, osd, message));
        return true;
    }

    private void take(Session session, int osd, Message message) {
        switch (message) {
            case OsdBoot m -> boot(session, osd, m);
            case OsdAlive m -> alive(session, osd, m);
            case OsdBeacon m -> beacon(session, osd, m);
            case OsdFailure m -> failure(session, osd, m);
            case OsdMarkMeDown m -> markMeDown(session, osd, m);
            case OsdMarkMeDead m -> markMeDead(osd, m);
            case OsdPgTemp m -> pgTemp(session, osd, m);
            case OsdFull m -> full(session, osd, m);
            case OsdPgCreated m -> {
                osdmap.created(m.pg());
                osdmap.tick();
            }
            default -> {}
        }
    }

    private void boot(Session session, int osd, OsdBoot m) {
        OsdMap map = osdmap.pendingMap();
        if (m.superblock().whoami() != osd
                || !m.superblock().clusterFsid().equals(map.fsid())
                || !map.exists(osd)
                || session.addrs().isEmpty()) {
            log.log(
                    LogEntry.Level.WARN,
                    "osd." + osd + " may not boot: "
                            + (map.exists(osd) ? "it belongs to another cluster or number" : "it does not exist"));
            return;
        }
        Osd row = map.osd(osd);
        if (!row.uuid().isZero() && !row.uuid().equals(m.superblock().osdFsid())) {
            log.log(
                    LogEntry.Level.WARN,
                    "osd." + osd + " (" + m.superblock().osdFsid() + ") may not boot: the map has it as " + row.uuid());
            return;
        }
        if (noUp(map, row)) {
            return;
        }
        if (map.isUp(osd)
                && row.client().equals(session.addrs())
                && row.cluster().equals(m.clusterAddrs())) {
            sendNewerMaps(session, m.superblock().currentEpoch());
            return;
        }
        boolean isUp = osdmap.map().isUp(osd);
        if (isUp || map.isUp(osd)) {
            // A new instance while the old one still counts as up: first it goes down, in an epoch of its own, so that
            // everybody sees an interval end. Then this is looked at again.
            if (isUp && map.isUp(osd)) {
                osdmap.change(inc -> inc.xorState(osd, OsdState.UP));
            }
            proposals.whenCommitted(() -> proposals.whenWriteable(() -> boot(session, osd, m)));
            return;
        }
        markUp(session, osd, m, row, map);
        log.log(LogEntry.Level.INFO, "osd." + osd + " " + session.addrs() + " boot");
        proposals.whenCommitted(() -> sendNewerMaps(session, m.superblock().currentEpoch()));
    }

    private static boolean noUp(OsdMap map, Osd row) {
        return map.has(OsdMapFlag.NOUP) || row.has(OsdState.NOUP);
    }

    private void markUp(Session session, int osd, OsdBoot m, Osd row, OsdMap map) {
        osdmap.change(inc -> {
            inc.putUp(osd, session.addrs(), m.clusterAddrs(), m.heartbeatBackAddrs(), m.heartbeatFrontAddrs());
            if (row.uuid().isZero()) {
                inc.putUuid(osd, m.superblock().osdFsid());
            }
            if (m.superblock().mounted() > row.info().lastCleanBegin()
                    || m.superblock().mounted() == row.info().lastCleanBegin()
                            && m.superblock().cleanThru() > row.info().lastCleanEnd()) {
                int begin = m.superblock().mounted();
                int end = m.superblock().cleanThru();
                inc.putLastCleanInterval(osd, begin, end);
            }
            var xinfo = row.xinfo().withFeatures(session.connection().peerFeatures());
            boolean wasNew = row.has(OsdState.NEW);
            boolean wasAutoOut = row.has(OsdState.AUTOOUT);
            boolean comesIn = config.bool("mon_osd_auto_mark_in", false)
                    || wasAutoOut && config.bool("mon_osd_auto_mark_auto_out_in", true)
                    || wasNew && config.bool("mon_osd_auto_mark_new_in", true);
            if (comesIn && row.weight() == Osd.OUT && !map.has(OsdMapFlag.NOIN) && !row.has(OsdState.NOIN)) {
                inc.putWeight(osd, xinfo.oldWeight() > 0 ? xinfo.oldWeight() : Osd.IN);
                xinfo = xinfo.withOldWeight(0);
            }
            inc.putXinfo(osd, xinfo);
        });
        osdmap.rememberMetadata(osd, metadata(session, m));
        failures.remove(osd);
        downSince.remove(osd);
        lastBeacon.put(osd, clock.nanoTime());
    }

    private static Map<String, String> metadata(Session session, OsdBoot m) {
        Map<String, String> metadata = new TreeMap<>(m.metadata());
        metadata.put("front_addr", session.addrs().toString());
        metadata.put("back_addr", m.clusterAddrs().toString());
        metadata.put("hb_front_addr", m.heartbeatFrontAddrs().toString());
        metadata.put("hb_back_addr", m.heartbeatBackAddrs().toString());
        return metadata;
    }

    private void sendNewerMaps(Session session, int from) {
        int has = Math.max(from, session.osdEpoch());
        if (has < osdmap.map().epoch()) {
            osdmap.sendIncrements(session, has + 1);
            session.osdEpoch(osdmap.map().epoch());
        }
    }

    /** Whether this session is the very instance that the map has as up. */
    private boolean isUpInstance(Session session, int osd) {
        OsdMap map = osdmap.pendingMap();
        return map.isUp(osd) && map.osd(osd).client().equals(session.addrs());
    }

    private void alive(Session session, int osd, OsdAlive m) {
        if (!isUpInstance(session, osd)) {
            return;
        }
        if (osdmap.pendingMap().osd(osd).info().upThru() < m.want()) {
            int epoch = Math.max((int) m.version(), m.want());
            osdmap.change(inc -> inc.putUpThru(osd, Math.min(epoch, osdmap.map().epoch() + 1)));
            proposals.whenCommitted(() -> sendNewerMaps(session, (int) m.version()));
        } else {
            sendNewerMaps(session, (int) m.version());
        }
    }

    private void beacon(Session session, int osd, OsdBeacon m) {
        if (isUpInstance(session, osd)) {
            lastBeacon.put(osd, clock.nanoTime());
        } else {
            sendNewerMaps(session, (int) m.version());
        }
    }

    private void failure(Session session, int reporter, OsdFailure m) {
        OsdMap map = osdmap.pendingMap();
        int target = m.target();
        if (!map.isUp(target)
                || !map.isUp(reporter)
                || !map.osd(target).client().equals(m.targetAddrs())) {
            sendNewerMaps(session, m.epoch());
            return;
        }
        if ((m.flags() & OsdFailure.FLAG_FAILED) == 0) {
            Set<Integer> reporters = failures.get(target);
            if (reporters != null && reporters.remove(reporter) && reporters.isEmpty()) {
                failures.remove(target);
            }
            return;
        }
        if (map.has(OsdMapFlag.NODOWN) || map.osd(target).has(OsdState.NODOWN)) {
            return;
        }
        failures.computeIfAbsent(target, t -> new TreeSet<>()).add(reporter);
        boolean immediate = (m.flags() & OsdFailure.FLAG_IMMEDIATE) != 0;
        log.log(
                LogEntry.Level.DEBUG,
                "osd." + target + (immediate ? " reported immediately failed by osd." : " reported failed by osd.")
                        + reporter);
        checkFailure(map, target, immediate);
    }

    private void checkFailure(OsdMap map, int target, boolean immediate) {
        Set<Integer> reporters = failures.getOrDefault(target, Set.of());
        int others = map.numUpOsds() - 1;
        int needed = Math.clamp(others, 1, (int) config.integer("mon_osd_min_down_reporters", 2));
        if (immediate || reporters.size() >= needed) {
            log.log(
                    LogEntry.Level.INFO,
                    "osd." + target + " failed (" + reporters.size() + " reporters from different osd"
                            + (immediate ? ", connection refused" : "") + ")");
            failures.remove(target);
            osdmap.change(inc -> {
                inc.xorState(target, OsdState.UP);
                if (immediate) {
                    // Nobody listens there: it is not just down, it writes no more.
                    inc.putXinfo(target, map.osd(target).xinfo().withDeadEpoch(inc.epoch()));
                }
            });
        }
    }

    private void markMeDown(Session session, int osd, OsdMarkMeDown m) {
        Runnable acknowledge = () -> {
            if (m.requestAck()) {
                session.send(new OsdMarkMeDown(
                        m.version(), m.fsid(), m.target(), m.targetAddrs(), m.epoch(), false, m.downAndDead()));
            }
        };
        OsdMap map = osdmap.pendingMap();
        boolean same = map.isUp(m.target())
                && m.target() == osd
                && map.osd(osd).client().equals(m.targetAddrs());
        if (!same || map.has(OsdMapFlag.NODOWN)) {
            acknowledge.run();
            return;
        }
        log.log(LogEntry.Level.INFO, "osd." + osd + " marked itself down" + (m.downAndDead() ? " and dead" : ""));
        osdmap.change(inc -> {
            inc.xorState(osd, OsdState.UP);
            if (m.downAndDead()) {
                inc.putXinfo(osd, map.osd(osd).xinfo().withDeadEpoch(m.epoch()));
            }
        });
        proposals.whenCommitted(acknowledge);
    }

    private void markMeDead(int osd, OsdMarkMeDead m) {
        OsdMap map = osdmap.pendingMap();
        if (m.target() == osd && map.exists(osd) && map.isDown(osd)) {
            osdmap.change(inc -> inc.putXinfo(osd, map.osd(osd).xinfo().withDeadEpoch(m.epoch())));
        }
    }

    private void pgTemp(Session session, int osd, OsdPgTemp m) {
        if (!isUpInstance(session, osd)) {
            return;
        }
        OsdMap map = osdmap.pendingMap();
        boolean changed = false;
        for (Map.Entry<PgId, List<Integer>> e : m.pgTemp().entrySet()) {
            var pool = map.pool(e.getKey().pool());
            boolean exists = pool != null && Integer.compareUnsigned(e.getKey().seed(), pool.pgNum()) < 0;
            List<Integer> now = map.pgTemp().getOrDefault(e.getKey(), List.of());
            if (exists && !now.equals(e.getValue()) && e.getValue().stream().allMatch(map::exists)) {
                // A group that asks has lived: its OSD's up_thru must cover the change, as in Ceph.
                osdmap.change(inc -> inc.putPgTemp(e.getKey(), e.getValue()));
                changed = true;
            }
        }
        if (changed) {
            osdmap.change(inc ->
                    inc.putUpThru(osd, Math.max(m.epoch(), map.osd(osd).info().upThru())));
            proposals.whenCommitted(() -> sendNewerMaps(session, m.epoch()));
        } else {
            sendNewerMaps(session, m.epoch());
        }
    }

    private void full(Session session, int osd, OsdFull m) {
        int mask = OsdState.FULL | OsdState.BACKFILLFULL | OsdState.NEARFULL;
        OsdMap map = osdmap.pendingMap();
        int flipped = (map.osd(osd).state() ^ m.state()) & mask;
        if (isUpInstance(session, osd) && flipped != 0) {
            osdmap.change(inc -> inc.xorState(osd, flipped));
        }
        sendNewerMaps(session, m.epoch());
    }

    /** Marks out what has been down for long, and down what has not been heard of for long. Runs while the map may be changed. */
    public void tick() {
        OsdMap map = osdmap.pendingMap();
        long now = clock.nanoTime();
        expireBlocklist(map);
        Duration outAfter = config.span("mon_osd_down_out_interval", Duration.ofMinutes(10));
        Duration beaconGrace = config.span("mon_osd_report_timeout", Duration.ofMinutes(15));
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            int number = osd;
            Osd row = map.osd(osd);
            if (!row.exists()) {
                continue;
            }
            if (row.isUp()) {
                downSince.remove(osd);
                long heard = lastBeacon.computeIfAbsent(osd, o -> now);
                if (now - heard > beaconGrace.toNanos() && !map.has(OsdMapFlag.NODOWN)) {
                    log.log(
                            LogEntry.Level.INFO,
                            "osd." + osd + " marked down after no beacon for " + beaconGrace.toSeconds() + " seconds");
                    osdmap.change(inc -> inc.xorState(number, OsdState.UP));
                }
                continue;
            }
            lastBeacon.remove(osd);
            long since = downSince.computeIfAbsent(osd, o -> now);
            boolean held = map.has(OsdMapFlag.NOOUT) || row.has(OsdState.NOOUT);
            if (row.isIn() && !held && outAfter.toSeconds() > 0 && now - since >= outAfter.toNanos()) {
                log.log(
                        LogEntry.Level.INFO,
                        "Marking osd." + osd + " out (has been down for " + outAfter.toSeconds() + " seconds)");
                osdmap.change(inc -> {
                    inc.putWeight(number, Osd.OUT);
                    inc.xorState(number, OsdState.AUTOOUT & ~row.state());
                    inc.putXinfo(number, row.xinfo().withOldWeight(row.weight()));
                });
            }
        }
    }

    private void expireBlocklist(OsdMap map) {
        List<io.spirula.common.types.EntityAddr> expired = new ArrayList<>();
        map.blocklist().forEach((addr, until) -> {
            if (until.isBefore(clock.now())) {
                expired.add(addr);
            }
        });
        if (!expired.isEmpty()) {
            osdmap.change(inc -> expired.forEach(inc::unblock));
        }
    }
}
