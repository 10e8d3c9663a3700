package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
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
import java.util.List;
import java.util.Map;

/** What OSDs tell the monitors: that they boot, live, stop, fail each other, and need something of the map. Ceph: OSDMonitor's prepare_alive, prepare_pgtemp and so on. */
public final class OsdReports {
    private final OsdmapService osdmap;
    private final Proposals proposals;
    private final OsdBoots boots;
    private final OsdFailures failures;
    private final PgMerges merges;

    public OsdReports(OsdmapService osdmap, Proposals proposals, LogService log, Clock clock, Config config) {
        this.osdmap = osdmap;
        this.proposals = proposals;
        merges = new PgMerges(osdmap);
        failures = new OsdFailures(osdmap, proposals, log, clock, config);
        boots = new OsdBoots(osdmap, proposals, log, clock, config, failures::booted);
    }

    /** This monitor decides from now on: what it heard before it did is void. */
    public void begin() {
        failures.begin();
    }

    /** Marks out what has been down for long, and down what has not been heard of for long. Runs while the map may be changed. */
    public void tick() {
        failures.tick();
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
            session.finished();
            return isReport;
        }
        proposals.whenWriteable(() -> {
            take(session, osd, message);
            proposals.whenCommitted(session::finished);
        });
        return true;
    }

    private void take(Session session, int osd, Message message) {
        switch (message) {
            case OsdBoot m -> boots.boot(session, osd, m);
            case OsdAlive m -> alive(session, osd, m);
            case OsdBeacon m -> failures.beacon(session, osd, m);
            case OsdFailure m -> failures.failure(session, osd, m);
            case OsdMarkMeDown m -> failures.markMeDown(session, osd, m);
            case OsdMarkMeDead m -> failures.markMeDead(osd, m);
            case OsdPgTemp m -> pgTemp(session, osd, m);
            case OsdFull m -> full(session, osd, m);
            case OsdPgCreated m -> {
                osdmap.created(m.pg());
                osdmap.tick();
            }
            case OsdPgReadyToMerge m -> merges.ready(m);
            default -> {}
        }
    }

    private void alive(Session session, int osd, OsdAlive m) {
        if (!osdmap.isUpInstance(session, osd)) {
            return;
        }
        if (osdmap.pendingMap().osd(osd).info().upThru() < m.want()) {
            int epoch = Math.max((int) m.version(), m.want());
            osdmap.change(inc -> inc.putUpThru(osd, Math.min(epoch, osdmap.map().epoch() + 1)));
            proposals.whenCommitted(() -> osdmap.sendNewerMaps(session, (int) m.version()));
        } else {
            osdmap.sendNewerMaps(session, (int) m.version());
        }
    }

    private void pgTemp(Session session, int osd, OsdPgTemp m) {
        if (!osdmap.isUpInstance(session, osd)) {
            return;
        }
        OsdMap pending = osdmap.pendingMap();
        boolean changed = false;
        for (Map.Entry<PgId, List<Integer>> e : m.pgTemp().entrySet()) {
            PgId pg = e.getKey();
            if (exists(pending, pg)
                    && exists(osdmap.map(), pg)
                    && e.getValue().stream().allMatch(pending::exists)
                    && (m.forced() || isNews(osd, pg, e.getValue()))) {
                osdmap.change(inc -> inc.putPgTemp(pg, e.getValue()));
                if (pending.primaryTemp().containsKey(pg)) {
                    osdmap.change(inc -> inc.putPrimaryTemp(pg, -1));
                }
                changed = true;
            }
        }
        if (changed) {
            // A group that asks has lived: its OSD's up_thru must cover the change, as in Ceph.
            osdmap.change(inc -> inc.putUpThru(
                    osd, Math.max(m.epoch(), pending.osd(osd).info().upThru())));
            proposals.whenCommitted(() -> osdmap.sendNewerMaps(session, m.epoch()));
        } else {
            osdmap.sendNewerMaps(session, m.epoch());
        }
    }

    private static boolean exists(OsdMap map, PgId pg) {
        PgPool pool = map.pool(pg.pool());
        return pool != null && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0;
    }

    /**
     * Whether a group's primary asks for what the committed map does not have. Who was its primary in an earlier interval may not undo what the present one has asked for and waits to see, nor may a request that was
     * granted already and comes late. Ceph: OSDMonitor::preprocess_pgtemp.
     */
    private boolean isNews(int osd, PgId pg, List<Integer> acting) {
        OsdMap map = osdmap.map();
        return map.pgToUpActing(pg).actingPrimary() == osd
                && (!map.pgTemp().getOrDefault(pg, List.of()).equals(acting)
                        || map.primaryTemp().containsKey(pg));
    }

    private void full(Session session, int osd, OsdFull m) {
        int mask = OsdState.FULL | OsdState.BACKFILLFULL | OsdState.NEARFULL;
        OsdMap map = osdmap.pendingMap();
        int flipped = (map.osd(osd).state() ^ m.state()) & mask;
        if (osdmap.isUpInstance(session, osd) && flipped != 0) {
            osdmap.change(inc -> inc.xorState(osd, flipped));
        }
        osdmap.sendNewerMaps(session, m.epoch());
    }
}
