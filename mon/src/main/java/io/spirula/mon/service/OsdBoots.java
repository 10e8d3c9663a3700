package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdXInfo;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.OsdBoot;
import io.spirula.common.message.OsdSuperblock;
import io.spirula.mon.failure.FailureSettings;
import io.spirula.mon.failure.MarkLimits;
import io.spirula.mon.failure.Return;
import io.spirula.mon.session.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** OSDs that ask to be marked up. Ceph: OSDMonitor::preprocess_boot, prepare_boot. */
final class OsdBoots {
    private final OsdmapService osdmap;
    private final Proposals proposals;
    private final LogService log;
    private final Clock clock;
    private final Config config;
    private final IntConsumer booted;
    /** Why OSDs were refused when they asked last: they ask every few seconds, and people want to read it once. */
    private final Map<Integer, String> refused = new HashMap<>();

    /** @param booted is told of each OSD that is about to be up */
    OsdBoots(
            OsdmapService osdmap, Proposals proposals, LogService log, Clock clock, Config config, IntConsumer booted) {
        this.osdmap = osdmap;
        this.proposals = proposals;
        this.log = log;
        this.clock = clock;
        this.config = config;
        this.booted = booted;
    }

    void boot(Session session, int osd, OsdBoot m) {
        OsdMap map = osdmap.pendingMap();
        Osd row = map.osd(osd);
        String refusal = refusal(session, osd, m, map);
        if (refusal != null) {
            if (!refusal.equals(refused.put(osd, refusal))) {
                log.log(LogEntry.Level.WARN, "osd." + osd + " may not boot: " + refusal);
            }
            return;
        }
        refused.remove(osd);
        boolean sameInstance =
                row.client().equals(session.addrs()) && row.cluster().equals(m.clusterAddrs());
        if (map.isUp(osd) && sameInstance) {
            osdmap.sendNewerMaps(session, m.superblock().currentEpoch());
            return;
        }
        if (!sameInstance && Integer.compareUnsigned(row.info().upFrom(), (int) m.version()) > 0) {
            // Another instance has come up since the sender looked at the map.
            osdmap.sendNewerMaps(session, m.superblock().currentEpoch());
            return;
        }
        if (!MarkLimits.mayMarkUp(map, osd)) {
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
        markUp(session, osd, m, row);
        log.log(LogEntry.Level.INFO, "osd." + osd + " " + session.addrs() + " boot");
        proposals.whenCommitted(
                () -> osdmap.sendNewerMaps(session, m.superblock().currentEpoch()));
    }

    private static @Nullable String refusal(Session session, int osd, OsdBoot m, OsdMap map) {
        OsdSuperblock superblock = m.superblock();
        Osd row = map.osd(osd);
        if (!map.exists(osd)) {
            return "it does not exist";
        } else if (superblock.whoami() != osd || !superblock.clusterFsid().equals(map.fsid())) {
            return "it belongs to another cluster or number";
        } else if (session.addrs().isEmpty()) {
            return "it has no address";
        }
        boolean known = row.uuid().isZero() || row.uuid().equals(superblock.osdFsid());
        return known ? null : "it is " + superblock.osdFsid() + ", and the map has it as " + row.uuid();
    }

    private void markUp(Session session, int osd, OsdBoot m, Osd row) {
        Return how = Return.of(osdmap.pendingMap(), osd, m.bootEpoch(), clock.now(), FailureSettings.of(config));
        OsdXInfo xinfo = how.xinfo()
                .withFeatures(
                        m.features() != 0 ? m.features() : session.connection().peerFeatures());
        osdmap.change(inc -> {
            inc.putUp(osd, session.addrs(), m.clusterAddrs(), m.heartbeatBackAddrs(), m.heartbeatFrontAddrs());
            if (row.uuid().isZero()) {
                inc.putUuid(osd, m.superblock().osdFsid());
            }
            int begin = m.superblock().mounted();
            int end = m.superblock().cleanThru();
            if (begin > row.info().lastCleanBegin()
                    || begin == row.info().lastCleanBegin() && end > row.info().lastCleanEnd()) {
                inc.putLastCleanInterval(osd, begin, end);
            }
            if (how.weight() != Osd.OUT) {
                inc.putWeight(osd, how.weight());
            }
            inc.putXinfo(osd, xinfo);
        });
        osdmap.rememberMetadata(osd, metadata(session, m));
        booted.accept(osd);
    }

    private static Map<String, String> metadata(Session session, OsdBoot m) {
        Map<String, String> metadata = new TreeMap<>(m.metadata());
        metadata.put("front_addr", session.addrs().toString());
        metadata.put("back_addr", m.clusterAddrs().toString());
        metadata.put("hb_front_addr", m.heartbeatFrontAddrs().toString());
        metadata.put("hb_back_addr", m.heartbeatBackAddrs().toString());
        return metadata;
    }
}
