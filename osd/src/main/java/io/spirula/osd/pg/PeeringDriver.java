package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgMergeMeta;
import io.spirula.common.message.OsdPgCreated;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.Effects;
import io.spirula.osd.peering.OsdMapView;
import io.spirula.osd.peering.PeerMessage;
import io.spirula.osd.peering.PeerMessages;
import io.spirula.osd.peering.PeeringEvent;
import io.spirula.osd.peering.PeeringMap;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group's peering: tells {@link PgPeering} what happens, and carries out what it decides, in the order that {@link Effects} says. */
final class PeeringDriver {
    private static final Logger LOG = LoggerFactory.getLogger(PeeringDriver.class);

    /** What follows for the rest of the group. */
    interface Owner {
        /** The interval is over, and all that was under way in it. */
        void intervalChanged();

        /** What was to be made durable is submitted, what was to be sent is sent. */
        void noticed(Set<Effects.Notice> notices);

        /** All is carried out. */
        void done(Set<Effects.Notice> notices);
    }

    private final PlacementGroup pg;
    private final PgHost host;
    private final PgPeering peering;
    private final Owner owner;
    private final PgReservations reservations;
    private boolean dismissed;
    private boolean ended;

    PeeringDriver(PlacementGroup pg, PgHost host, PgPeering peering, Owner owner) {
        this.pg = pg;
        this.host = host;
        this.peering = peering;
        this.owner = owner;
        reservations = new PgReservations(pg, host);
    }

    private ShardPgId id() {
        return pg.id();
    }

    private PeeringEvent next(OsdMap map) {
        return new PeeringEvent.AdvMap(OsdMapView.of(map, id().pg()));
    }

    /** The next map. */
    void advance(OsdMap map) {
        handle(next(map));
    }

    /** The next map, in which a part of what this group has belongs to new ones, which are returned. */
    List<PgPeering> split(OsdMap map, Iterable<ShardPgId> children) {
        PeeringMap before = peering.map();
        TreeMap<Integer, PeeringMap> maps = new TreeMap<>();
        children.forEach(child -> maps.put(child.pg().seed(), OsdMapView.of(map, child.pg())));
        List<PgPeering> born = new ArrayList<>();
        handle(next(map), transaction -> born.addAll(peering.split(before, maps, transaction)));
        return born;
    }

    /** The next map, in which other groups are a part of this one. They have ended. */
    void merge(OsdMap map, List<PgPeering> sources, boolean allThere, PgMergeMeta meta) {
        Transaction merged = new Transaction();
        peering.merge(sources, allThere, meta, merged);
        handle(next(map), transaction -> transaction.addAll(merged.ops()));
    }

    /** A peer's message; its epoch is not above ours. */
    void received(PgShard from, PeerMessage message) {
        handle(PeeringEvent.received(from, message, reservations.isTooFullFor(message)));
    }

    void handle(PeeringEvent event) {
        handle(event, transaction -> {});
    }

    /** @param more adds to what the event makes durable */
    private void handle(PeeringEvent event, Consumer<Transaction> more) {
        String before = peering.state().cephName();
        Effects effects = peering.handle(event);
        if (!before.equals(peering.state().cephName())) {
            LOG.debug(
                    "{} epoch {} {} -> {}",
                    pg,
                    host.map().epoch(),
                    before,
                    peering.state().cephName());
        }
        dismissed |= effects.notices().contains(Effects.Notice.REMOVE);
        if (effects.notices().contains(Effects.Notice.INTERVAL_CHANGED)) {
            owner.intervalChanged();
        }
        Transaction transaction = effects.transaction();
        more.accept(transaction);
        List<PeeringEvent> then = effects.whenDurable();
        if (!transaction.isEmpty() || !then.isEmpty()) {
            host.store().submit(transaction, () -> {
                if (!ended) {
                    then.forEach(this::handle);
                }
            });
        }
        effects.now().forEach(this::send);
        effects.monitor().forEach(this::ask);
        owner.noticed(effects.notices());
        effects.reservations().forEach(reservations::carryOut);
        owner.done(effects.notices());
    }

    private void send(Effects.Send send) {
        host.sendToOsd(send.to().osd(), PeerMessages.toWire(id(), pg.self(), send.to(), send.message()));
    }

    private void ask(Effects.MonitorRequest request) {
        switch (request) {
            case Effects.MonitorRequest.UpThru r -> host.wantUpThru(r.epoch());
            case Effects.MonitorRequest.PgTemp r -> host.wantActing(pg, r.acting());
            case Effects.MonitorRequest.PgCreated r ->
                host.sendToMonitor(new OsdPgCreated(host.map().epoch(), id().pg()));
        }
    }

    /** Tells the others what the group's info is. */
    void shareInfo() {
        peering.members().infoForOthers().forEach(this::send);
    }

    /** Has the primary's lease begin when the former one's is over, and renewed in time. */
    void keepLease() {
        checkReadableLater();
        renewLeaseLater();
    }

    private void checkReadableLater() {
        Duration wait = peering.waitForFormer();
        if (!wait.isZero()) {
            host.reactor().schedule(wait, pg.inThisInterval(() -> {
                handle(new PeeringEvent.CheckReadable());
                checkReadableLater();
            }));
        }
    }

    private void renewLeaseLater() {
        Duration soon = host.readLease(id().pg().pool()).dividedBy(2);
        host.reactor().schedule(soon, pg.inThisInterval(() -> {
            handle(new PeeringEvent.RenewLease());
            renewLeaseLater();
        }));
    }

    /** Whether its primary has told the group to leave this OSD. */
    boolean isDismissed() {
        return dismissed;
    }

    /** Nothing that is on its way matters any more. */
    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** The group leaves this OSD: others may have its places. */
    void giveUpPlaces() {
        reservations.removed();
    }
}
