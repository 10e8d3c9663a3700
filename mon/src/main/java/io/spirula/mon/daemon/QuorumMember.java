package io.spirula.mon.daemon;

import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.mon.election.Connectivity;
import io.spirula.mon.election.ConnectivitySettings;
import io.spirula.mon.election.ElectionLogic;
import io.spirula.mon.election.Elector;
import io.spirula.mon.election.PeerPings;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.paxos.PaxosSettings;
import io.spirula.mon.quorum.Membership;
import io.spirula.mon.quorum.Peers;
import io.spirula.mon.quorum.StoreSync;
import io.spirula.mon.quorum.TimeCheck;
import io.spirula.mon.service.MonmapService;
import java.time.Duration;

/** What a monitor is in a quorum by: how it finds the others, votes, copies their store and compares clocks, put together. */
record QuorumMember(
        Peers reach, Connectivity connectivity, Membership membership, Elector elector, TimeCheck timeCheck) {
    static QuorumMember of(
            String name,
            EntityAddrs addrs,
            MonDaemon.Env env,
            MonmapService monmap,
            PaxosDriver paxos,
            Messenger messenger,
            Membership.Listener listener) {
        Config config = env.config();
        Peers reach = new Peers(messenger, monmap::map);
        Live<ConnectivitySettings> links = Live.of(config, ConnectivitySettings::of);
        Connectivity connectivity = new Connectivity(name, monmap::map, env.store(), env.committer(), links);
        Duration ping =
                config.span("mon_elector_ping_timeout", Duration.ofSeconds(2)).dividedBy(4);
        Membership membership = new Membership(
                name,
                addrs,
                env.store(),
                env.reactor(),
                new Membership.Settings(config.span("mon_probe_timeout", Duration.ofSeconds(2)), ping),
                monmap::map,
                reach,
                connectivity,
                new PeerPings(env.reactor(), reach, connectivity, monmap::map, links),
                listener);
        Elector elector = new Elector(
                new ElectionLogic(
                        Elector.storedEpoch(env.store()),
                        env.clock(),
                        config.span("mon_election_timeout", Duration.ofSeconds(5)),
                        PaxosSettings.of(config).lease()),
                env.committer(),
                env.reactor(),
                reach,
                membership.electionListener(),
                monmap::map,
                membership::electorate,
                connectivity,
                env.metadata(),
                Features.PACIFIC);
        StoreSync sync = new StoreSync(
                env.store(),
                env.committer(),
                env.reactor(),
                env.random(),
                paxos,
                membership.syncListener(),
                config.span("mon_sync_timeout", Duration.ofSeconds(60)));
        membership.wire(elector, paxos, sync);
        paxos.sendWith(reach::send);
        TimeCheck timeCheck =
                new TimeCheck(env.reactor(), reach::send, () -> config.real("mon_clock_drift_allowed", 0.05));
        return new QuorumMember(reach, connectivity, membership, elector, timeCheck);
    }
}
