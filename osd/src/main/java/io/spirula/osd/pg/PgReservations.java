package io.spirula.osd.pg;

import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.Effects;
import io.spirula.osd.peering.PeerMessage;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.recovery.RecoveryResources;
import io.spirula.osd.store.ObjectStore;

/** A group's places among those that its OSD has for recovery and backfill, and whether there is room on the disk for what is to come. */
final class PgReservations {
    private final PlacementGroup pg;
    private final PgHost host;

    PgReservations(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    private RecoveryResources resources() {
        return host.recovery();
    }

    void carryOut(Effects.Reservation reservation) {
        ShardPgId id = pg.id();
        switch (reservation) {
            case Effects.Reservation.RequestLocal r ->
                resources()
                        .local()
                        .request(
                                id,
                                r.priority(),
                                later(new RecoveryEvent.LocalReserved()),
                                later(new RecoveryEvent.LocalPreempted()));
            case Effects.Reservation.UpdateLocal r -> resources().local().update(id, r.priority());
            case Effects.Reservation.CancelLocal r -> resources().local().cancel(id);
            case Effects.Reservation.RequestRemote r ->
                resources()
                        .remote()
                        .request(
                                id,
                                r.priority(),
                                pg.inThisInterval(() -> pg.handle(new RecoveryEvent.RemoteReserved(isTooFull()))),
                                later(new RecoveryEvent.RemotePreempted()));
            case Effects.Reservation.CancelRemote r -> {
                resources().remote().cancel(id);
                resources().expect(id, 0);
            }
            case Effects.Reservation.Retry r ->
                host.reactor().schedule(resources().settings().retry(r.backfill()), later(r.event()));
        }
    }

    private Runnable later(RecoveryEvent event) {
        return pg.inThisInterval(() -> pg.handle(event));
    }

    /** The group leaves this OSD. */
    void removed() {
        carryOut(new Effects.Reservation.CancelLocal());
        carryOut(new Effects.Reservation.CancelRemote());
    }

    private boolean isTooFull() {
        return host.fullness().compareTo(Fullness.BACKFILLFULL) >= 0;
    }

    /** Whether what a primary asks a place for would fill the disk too much, with what others bring. Ceph: OSDService::tentative_backfill_full. */
    boolean isTooFullFor(PeerMessage message) {
        if (!(message instanceof PeerMessage.Reserve r)
                || !r.backfill()
                || r.kind() != PeerMessage.Reserve.Kind.REQUEST) {
            return false;
        }
        resources().expect(pg.id(), Math.max(0, r.primaryBytes() - r.shardBytes()));
        ObjectStore.Usage usage = host.store().usage();
        double used = (double) usage.totalBytes()
                - usage.availableBytes()
                + resources().expectedBytes();
        boolean tooFull = isTooFull() || used > host.map().backfillfullRatio() * (double) usage.totalBytes();
        if (tooFull) {
            resources().expect(pg.id(), 0);
        }
        return tooFull;
    }
}
