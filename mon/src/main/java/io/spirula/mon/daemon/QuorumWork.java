package io.spirula.mon.daemon;

import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.quorum.Membership;
import io.spirula.mon.service.Proposals;

/** Tells the services what Paxos has done, and membership when a quorum does not work. */
record QuorumWork(Proposals proposals, Membership membership) implements PaxosDriver.Listener {
    @Override
    public void committed(long version) {
        proposals.committed(version);
    }

    @Override
    public void writeable() {
        proposals.writeable();
    }

    @Override
    public void readable() {
        proposals.readable();
    }

    @Override
    public void bootstrap(String why) {
        membership.bootstrap(why);
    }
}
