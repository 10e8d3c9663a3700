package io.spirula.osd.daemon;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdAlive;
import io.spirula.common.message.OsdPgTemp;
import io.spirula.common.monclient.MonClient;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What groups want of the monitors: to be noted as alive, and to have others act for them. Asked until a map shows it; not heard for certain by a monitor that is gone. Source: OSDService's queue_want_up_thru and queue_want_pg_temp. */
final class MonitorRequests {
    private final int whoami;
    private final MonClient monitors;
    private final ObjectStore store;
    private final Supplier<OsdMap> map;
    private final Map<PlacementGroup, List<Integer>> wantedActing = new LinkedHashMap<>();
    private int wantedUpThru;
    private int askedUpThru;

    MonitorRequests(int whoami, MonClient monitors, ObjectStore store, Supplier<OsdMap> map) {
        this.whoami = whoami;
        this.monitors = monitors;
        this.store = store;
        this.map = map;
    }

    /** Whether it is to be asked for now. */
    boolean upThru(int epoch) {
        wantedUpThru = Math.max(wantedUpThru, epoch);
        return askedUpThru < wantedUpThru;
    }

    void acting(PlacementGroup pg, List<Integer> acting) {
        wantedActing.put(pg, acting);
    }

    /** The group has other members now. */
    void settled(PlacementGroup pg) {
        wantedActing.remove(pg);
    }

    void mapChanged() {
        if (wantedUpThru > 0 && map.get().osd(whoami).info().upThru() >= wantedUpThru) {
            wantedUpThru = 0;
        }
    }

    /** Asks for all that has not been granted yet. */
    void ask() {
        if (wantedUpThru > 0) {
            askedUpThru = wantedUpThru;
            sendOnceMapsAreKept(new OsdAlive(map.get().epoch(), wantedUpThru));
        }
        wantedActing.forEach(this::askActing);
    }

    void askActing(PlacementGroup pg, List<Integer> acting) {
        int epoch = map.get().epoch();
        sendOnceMapsAreKept(
                new OsdPgTemp(epoch, epoch, new TreeMap<>(Map.of(pg.id().pg(), acting)), false));
    }

    /** What moves our up_thru waits until the store has the maps for certain that it speaks of: so a store that knows less than the monitors do was restored from a backup. */
    private void sendOnceMapsAreKept(Message message) {
        store.submit(new Transaction(), () -> monitors.send(message));
    }
}
