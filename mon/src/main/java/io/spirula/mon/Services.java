package io.spirula.mon;

import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.mgr.Progress;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.quorum.QuorumStatus;
import io.spirula.mon.quorum.TimeCheck;
import io.spirula.mon.service.AuthService;
import io.spirula.mon.service.ConfigKeyService;
import io.spirula.mon.service.ConfigService;
import io.spirula.mon.service.HealthService;
import io.spirula.mon.service.LogService;
import io.spirula.mon.service.MgrmapService;
import io.spirula.mon.service.MonmapService;
import io.spirula.mon.service.OsdmapService;
import io.spirula.mon.service.Proposals;
import io.spirula.mon.session.Sessions;
import java.util.function.Supplier;

/** A monitor's services and what they share, for those who need several of them. */
public record Services(
        MonmapService monmap,
        OsdmapService osdmap,
        AuthService auth,
        MgrmapService mgrmap,
        ConfigService config,
        ConfigKeyService configKeys,
        LogService log,
        HealthService health,
        PgMap pgMap,
        Progress progress,
        Sessions sessions,
        Proposals proposals,
        PaxosDriver paxos,
        Supplier<QuorumStatus> quorum,
        Supplier<TimeCheck.Status> clocks) {

    public long paxosVersion() {
        return paxos.lastCommitted();
    }
}
