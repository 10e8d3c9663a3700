package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.OsdBeacon;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdMarkMeDead;
import io.spirula.common.message.OsdMarkMeDown;
import io.spirula.common.types.EntityAddr;
import io.spirula.crush.CrushContent;
import io.spirula.mon.failure.Beacons;
import io.spirula.mon.failure.DownOsds;
import io.spirula.mon.failure.FailureReports;
import io.spirula.mon.failure.FailureSettings;
import io.spirula.mon.failure.MarkLimits;
import io.spirula.mon.failure.Moment;
import io.spirula.mon.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** OSDs that go down and out: carries out what {@code mon.failure} decides. Ceph: OSDMonitor's prepare_failure, prepare_mark_me_down, prepare_beacon, tick. */
final class OsdFailures {
    private final OsdmapService osdmap;
    private final Proposals proposals;
    private final LogService log;
    private final Clock clock;
    private final Config config;
    private final FailureReports reports = new FailureReports();
    private final DownOsds down = new DownOsds();
    private final Beacons beacons = new Beacons();

    OsdFailures(OsdmapService osdmap, Proposals proposals, LogService log, Clock clock, Config config) {
        this.osdmap = osdmap;
        this.proposals = proposals;
        this.log = log;
        this.clock = clock;
        this.config = config;
        beacons.begin(clock.nanoTime());
        osdmap.listen(map -> {
            reports.follow(map);
            down.follow(map, clock.nanoTime());
        });
    }

    void begin() {
        reports.forgetAll();
        beacons.begin(clock.nanoTime());
    }

    void booted(int osd) {
        reports.forget(osd);
        beacons.heard(osd, clock.nanoTime(), Duration.ZERO);
    }

    void beacon(Session session, int osd, OsdBeacon m) {
        if (osdmap.isUpInstance(session, osd)) {
            beacons.heard(osd, clock.nanoTime(), Duration.ofSeconds(m.reportIntervalSeconds()));
        } else {
            osdmap.sendNewerMaps(session, (int) m.version());
        }
    }

    void failure(Session session, int reporter, OsdFailure m) {
        OsdMap map = osdmap.pendingMap();
        int target = m.target();
        if (isOutdated(session, reporter, m, map)) {
            osdmap.sendNewerMaps(session, m.epoch());
            return;
        }
        if ((m.flags() & OsdFailure.FLAG_FAILED) == 0) {
            log.log(LogEntry.Level.DEBUG, "osd." + target + " failure report canceled by osd." + reporter);
            reports.cancel(target, reporter);
            return;
        }
        FailureSettings settings = FailureSettings.of(config);
        if (!MarkLimits.mayMarkDown(map, target, settings)) {
            return;
        }
        boolean immediate = (m.flags() & OsdFailure.FLAG_IMMEDIATE) != 0;
        String how = immediate ? " reported immediately failed by osd." : " reported failed by osd.";
        log.log(LogEntry.Level.DEBUG, "osd." + target + how + reporter);
        if (immediate) {
            refused(target, reporter, map);
            return;
        }
        Moment now = Moment.of(clock);
        reports.add(
                target,
                reporter,
                now.nanos() - Duration.ofSeconds(m.failedForSeconds()).toNanos());
        FailureReports.Verdict verdict = reports.judge(map, target, now, settings);
        if (verdict != null) {
            failed(verdict, settings, map);
        }
    }

    /** Whether a report is by or of somebody who is not there any more. */
    private boolean isOutdated(Session session, int reporter, OsdFailure m, OsdMap map) {
        Osd target = map.osd(m.target());
        boolean knownReporter =
                map.exists(reporter) && map.osd(reporter).client().equals(session.addrs());
        boolean fails = (m.flags() & OsdFailure.FLAG_FAILED) != 0;
        return !knownReporter
                || fails && map.isDown(reporter)
                || !target.isUp()
                || !target.client().equals(m.targetAddrs())
                || Integer.compareUnsigned(target.info().upFrom(), m.epoch()) > 0;
    }

    /** Nobody listens there: its process is gone, so it is not just down, it writes no more. */
    private void refused(int target, int reporter, OsdMap map) {
        log.log(
                LogEntry.Level.INFO,
                "osd." + target + " failed (" + location(map, target) + ") (connection refused reported by osd."
                        + reporter + ")");
        markDown(target, map, osdmap.map().epoch() + 1);
    }

    private void failed(FailureReports.Verdict v, FailureSettings settings, OsdMap map) {
        log.log(
                LogEntry.Level.INFO,
                "osd." + v.osd() + " failed (" + location(map, v.osd()) + ") (" + v.subtrees()
                        + " reporters from different " + settings.reporterSubtreeLevel() + " after "
                        + seconds(v.failedFor()) + " >= grace " + seconds(v.grace()) + ")");
        markDown(v.osd(), map, 0);
    }

    /** @param deadEpoch the last epoch in which it may have written; 0 where that is not known */
    private void markDown(int osd, OsdMap map, int deadEpoch) {
        osdmap.change(inc -> {
            inc.xorState(osd, OsdState.UP);
            if (deadEpoch != 0) {
                inc.putXinfo(osd, map.osd(osd).xinfo().withDeadEpoch(deadEpoch));
            }
        });
    }

    private static String seconds(Duration span) {
        return String.format(Locale.ROOT, "%d.%06d", span.toSeconds(), span.toNanosPart() / 1000);
    }

    private static String location(OsdMap map, int osd) {
        List<CrushContent.Location> path = new ArrayList<>(map.crushMap().fullLocation(osd));
        Collections.reverse(path);
        return String.join(
                ",", path.stream().map(l -> l.type() + "=" + l.name()).toList());
    }

    void markMeDown(Session session, int osd, OsdMarkMeDown m) {
        Runnable acknowledge = () -> {
            if (m.requestAck()) {
                session.send(new OsdMarkMeDown(
                        m.version(), m.fsid(), m.target(), m.targetAddrs(), m.epoch(), false, m.downAndDead()));
            }
        };
        OsdMap map = osdmap.pendingMap();
        boolean same =
                m.target() == osd && map.isUp(osd) && map.osd(osd).client().equals(m.targetAddrs());
        if (!same || !MarkLimits.mayMarkDown(map, osd, FailureSettings.of(config))) {
            acknowledge.run();
            return;
        }
        log.log(LogEntry.Level.INFO, "osd." + osd + " marked itself down" + (m.downAndDead() ? " and dead" : ""));
        markDown(osd, map, m.downAndDead() ? m.epoch() : 0);
        proposals.whenCommitted(acknowledge);
    }

    void markMeDead(int osd, OsdMarkMeDead m) {
        OsdMap map = osdmap.pendingMap();
        if (m.target() == osd && map.exists(osd) && map.isDown(osd)) {
            log.info("osd." + osd + " marked itself dead as of e" + m.epoch());
            osdmap.change(inc -> inc.putXinfo(osd, map.osd(osd).xinfo().withDeadEpoch(m.epoch())));
        }
    }

    void tick() {
        FailureSettings settings = FailureSettings.of(config);
        Moment now = Moment.of(clock);
        for (Beacons.Verdict v : beacons.silent(osdmap.pendingMap(), now, settings)) {
            log.log(
                    LogEntry.Level.INFO,
                    "osd." + v.osd() + " marked down after no beacon for " + seconds(v.silent()) + " seconds");
            markDown(v.osd(), osdmap.pendingMap(), 0);
        }
        for (FailureReports.Verdict v : reports.judge(osdmap.pendingMap(), now, settings)) {
            failed(v, settings, osdmap.pendingMap());
        }
        for (DownOsds.Verdict v : down.due(osdmap.pendingMap(), now, settings)) {
            markOut(v);
        }
        expireBlocklist(osdmap.pendingMap());
    }

    private void markOut(DownOsds.Verdict v) {
        int osd = v.osd();
        Osd row = osdmap.pendingMap().osd(osd);
        log.log(
                LogEntry.Level.INFO,
                "Marking osd." + osd + " out (has been down for " + v.down().toSeconds() + " seconds)");
        osdmap.change(inc -> {
            inc.putWeight(osd, Osd.OUT);
            if (!row.has(OsdState.AUTOOUT)) {
                inc.xorState(osd, OsdState.AUTOOUT);
            }
            inc.putXinfo(osd, row.xinfo().withOldWeight(row.weight()));
        });
    }

    private void expireBlocklist(OsdMap map) {
        List<EntityAddr> expired = new ArrayList<>();
        map.blocklist().forEach((addr, until) -> {
            if (until.isBefore(clock.now())) {
                expired.add(addr);
            }
        });
        List<EntityAddr> networks = new ArrayList<>();
        map.rangeBlocklist().forEach((addr, until) -> {
            if (until.isBefore(clock.now())) {
                networks.add(addr);
            }
        });
        if (!expired.isEmpty() || !networks.isEmpty()) {
            osdmap.change(inc -> {
                expired.forEach(inc::unblock);
                networks.forEach(inc::unblockRange);
            });
        }
    }
}
