package io.spirula.osd.pg;

import io.spirula.common.msgr.Connection;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.op.ObjectContexts;
import io.spirula.osd.op.OpEnvironment;
import io.spirula.osd.peering.PeeringState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Clients' requests to one placement group whose primary we are. A request is in exactly one place: held back by its client because we asked for that, waiting here for the group to be active, or in {@link OpProgress}. When
 * the interval ends, all that were not answered start again from the first, in the order they came in.
 */
public final class ClientOps {
    /** Requests held for one group beyond which its clients' connections are closed: they send again. */
    private static final int MAX_HELD = 20_000;

    private final PlacementGroup pg;
    private final PgHost host;
    private final GroupBackoffs backoffs;
    private final OpProgress progress;
    private final ArrayDeque<ClientOp> waitingForActive = new ArrayDeque<>();

    ClientOps(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
        backoffs = new GroupBackoffs(pg, host);
        progress = new OpProgress(pg, host, backoffs);
    }

    OpEnvironment environment() {
        return progress.environment();
    }

    public ObjectContexts contexts() {
        return progress.contexts();
    }

    /** Shows all requests that are somewhere on their way. */
    public void visit(Consumer<ClientOp> visitor) {
        progress.visit(visitor);
        waitingForActive.forEach(visitor);
    }

    /** How many requests are somewhere on their way. */
    public int held() {
        return progress.held() + waitingForActive.size();
    }

    /** Takes a request that belongs to this group in the current map. */
    public void handle(ClientOp op) {
        if (op.connection().isClosed() || backoffs.covers(op)) {
            op.done();
            return;
        }
        if (held() >= MAX_HELD) {
            op.connection().close();
            op.done();
            return;
        }
        op.reached(ClientOp.Stage.REACHED_PG, "reached_pg");
        if (pg.isActive() && !isAnyHeldUp()) {
            progress.begin(op);
        } else if (isFarFromActive() && backoffs.blockGroup(op)) {
            op.done();
        } else {
            boolean peered = pg.state() instanceof PeeringState.Active;
            op.reached(ClientOp.Stage.DELAYED, peered ? "waiting for active" : "waiting for peered");
            waitingForActive.add(op);
        }
    }

    /** Whether earlier requests wait for the lease, which may have been renewed a moment ago: nobody overtakes them. */
    private boolean isAnyHeldUp() {
        return !waitingForActive.isEmpty() || progress.isAnyWaitingForLease();
    }

    /** Whether it may take long until the group serves anybody. Source: PrimaryLogPG::do_request. */
    private boolean isFarFromActive() {
        return switch (pg.state()) {
            case PeeringState.Down s -> true;
            case PeeringState.Incomplete s -> true;
            case PeeringState.Activating s -> false;
            case PeeringState.Active s -> !pg.isServing();
            case PeeringState.Peering s -> host.backoffPolicy().onPeering();
            case PeeringState.Initial s -> false;
            case PeeringState.Reset s -> false;
            case PeeringState.Stray s -> false;
            case PeeringState.ReplicaActive s -> false;
        };
    }

    /** The group's state may have changed: what waits here gives up its place if that may take long. */
    void stateChanged() {
        if (waitingForActive.isEmpty() || !isFarFromActive()) {
            return;
        }
        waitingForActive.removeIf(op -> {
            boolean heldBack = backoffs.covers(op) || backoffs.blockGroup(op);
            if (heldBack) {
                op.drop();
            }
            return heldBack;
        });
    }

    /** The group has become active: those that waited begin, in their order, and before what clients held back. */
    void activated() {
        progress.mapAdvanced();
        progress.leaseRenewed();
        List<ClientOp> waiting = new ArrayList<>(waitingForActive);
        waitingForActive.clear();
        waiting.forEach(this::handle);
        backoffs.releaseAll();
    }

    /** An object that somebody may have waited for has been recovered. */
    void recovered(ObjectId object) {
        backoffs.release(object);
    }

    /** A client has heard that it shall hold something back. */
    void acknowledged(Connection client, long backoff) {
        backoffs.acknowledged(client, backoff);
    }

    /** A client's connection is gone: what of it waits for the group to be active will not be answered. */
    void closed(Connection connection) {
        waitingForActive.removeIf(op -> op.isGone(connection));
        backoffs.forget(connection);
        pg.watches().closed(connection);
    }

    /** The interval is over. Everything that was not answered waits for the next one, if we are the primary then. */
    void reset(boolean primary) {
        List<ClientOp> unanswered = progress.reset();
        unanswered.addAll(waitingForActive);
        waitingForActive.clear();
        for (ClientOp op : unanswered) {
            // Its client sends again now. And it must know of the interval before it is answered in it: a watch's ping
            // finds nobody connected here, which its client minds unless it knows why. Source: OSD::dequeue_op.
            host.shareMap(op.connection());
            if (primary && pg.mayServe(op.message().epoch())) {
                waitingForActive.add(op.again());
            } else {
                op.drop();
            }
        }
        backoffs.releaseAll();
    }

    /** The map has moved on within the interval. */
    void mapAdvanced() {
        progress.mapAdvanced();
    }
}
