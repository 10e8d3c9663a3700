package io.spirula.osd.pg;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.peering.ActingCosts;
import io.spirula.osd.peering.OsdMapView;
import io.spirula.osd.peering.PeeringEvent;
import io.spirula.osd.peering.PeeringMap;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.recovery.Landing;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;

/** How placement groups come to be on this OSD, but for those that others split off: made new, or read from the store. */
final class GroupOrigins {
    private final PgHost host;

    GroupOrigins(PgHost host) {
        this.host = host;
    }

    private PgShard shard(ShardPgId id) {
        return new PgShard(host.whoami(), id.shard());
    }

    /**
     * A group that did not exist here: made as of the map {@code from} and led up to the current one. What makes it is often a peer's message from an earlier epoch, which a group born at the current
     * map would take for one of the past and ignore. Ceph: handle_pg_create_info.
     */
    PlacementGroup create(ShardPgId id, PgHistory history, PastIntervals past, OsdMap from) {
        PlacementGroup pg = createAt(id, history, past, OsdMapView.of(from, id.pg()));
        for (int e = from.epoch() + 1; e <= host.map().epoch(); e++) {
            OsdMap next = host.map(e);
            if (next != null && next.pool(id.pg().pool()) != null) {
                pg.advance(next);
            }
        }
        pg.handle(new PeeringEvent.ActMap());
        return pg;
    }

    /** A group of which this OSD has nothing, but something of {@code source}, which is to end in it: as of that one's map. */
    PlacementGroup placeholder(ShardPgId id, PlacementGroup source) {
        if (!(source.map() instanceof OsdMapView view)) {
            throw new IllegalStateException(source + " follows no OSD map");
        }
        return createAt(id, PgHistory.EMPTY, PastIntervals.EMPTY, OsdMapView.of(view.map(), id.pg()));
    }

    private PlacementGroup createAt(ShardPgId id, PgHistory history, PastIntervals past, PeeringMap map) {
        Transaction transaction = new Transaction();
        PgPeering peering = PgPeering.create(
                shard(id),
                id,
                history,
                past,
                map,
                host.logLimits(),
                host.clock(),
                () -> host.readLease(id.pg().pool()),
                () -> ActingCosts.of(host.config()),
                transaction);
        host.store().submit(transaction, () -> {});
        return PlacementGroup.begin(id, host, peering, map);
    }

    /** A group as the store has it, at the map that it had followed last; later ones have to follow. Throws MalformedInput and StoreException where that is damaged. */
    PlacementGroup load(ShardPgId id) {
        PgPeering.Stored stored = PgPeering.stored(host.store(), id);
        OsdMap then = host.map(stored.epoch());
        int epoch = stored.epoch();
        while (then == null && epoch < host.map().epoch()) {
            then = host.map(++epoch); // older maps are gone: nobody needs those intervals any more
        }
        OsdMap from = then == null ? host.map() : then;
        PeeringMap map = OsdMapView.of(from, id.pg());
        PgPeering peering = PgPeering.load(
                shard(id),
                host.store(),
                stored,
                map,
                host.logLimits(),
                host.clock(),
                () -> host.readLease(id.pg().pool()),
                () -> ActingCosts.of(host.config()));
        Transaction leftovers = new Transaction();
        Landing.removeLeftovers(host.store(), CollectionId.of(id), leftovers);
        if (!leftovers.isEmpty()) {
            host.store().submit(leftovers, () -> {});
        }
        return PlacementGroup.begin(id, host, peering, map);
    }
}
