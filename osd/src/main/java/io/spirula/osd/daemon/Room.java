package io.spirula.osd.daemon;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.OsdFull;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.msgr.Connection;
import io.spirula.osd.pg.Fullness;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How full this OSD's store is, who is told of it, and whose writes it had no room for. Source: OSDService::recalc_full_state, OSD::send_full_update (osd/OSD.cc). */
final class Room {
    private final int whoami;
    private final ClusterLog clusterLog;
    private Fullness fullness = Fullness.NONE;
    /** Clients whose writes were dropped for lack of room. */
    private final LinkedHashSet<Connection> turnedAway = new LinkedHashSet<>();

    Room(int whoami, ClusterLog clusterLog) {
        this.whoami = whoami;
        this.clusterLog = clusterLog;
    }

    Fullness fullness() {
        return fullness;
    }

    void turnedAway(Connection client) {
        if (turnedAway.add(client)) {
            turnedAway.removeIf(Connection::isClosed);
        }
    }

    /** Looks at the store anew; what the monitors are to be told of it, if the map does not have it yet. */
    @Nullable
    OsdFull look(OsdMap map, double used, double failsafeRatio) {
        Fullness before = fullness;
        fullness = Fullness.of(map, used, failsafeRatio);
        if (before != fullness && (before == Fullness.FAILSAFE || fullness == Fullness.FAILSAFE)) {
            clusterLog.error("full status failsafe "
                    + (fullness == Fullness.FAILSAFE
                            ? "engaged, dropping updates, now "
                            : "disengaged, no longer dropping updates, now ")
                    + Math.round(used * 100) + "% full");
        }
        return fullness.isIn(map.osd(whoami)) ? null : new OsdFull(map.epoch(), map.epoch(), fullness.state());
    }

    /** Where there is room again, hands over those who were turned away: a client whose connection breaks sends what is unanswered once more. */
    void letIn(Consumer<Connection> client) {
        if (fullness != Fullness.FAILSAFE && !turnedAway.isEmpty()) {
            List<Connection> clients = List.copyOf(turnedAway);
            turnedAway.clear();
            clients.forEach(client);
        }
    }
}
