package io.spirula.osd.daemon;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connections to other OSDs, each at the address that the current map has for it. */
final class ClusterConnections {
    private record Peer(EntityAddrs addrs, Connection connection) {}

    private final Messenger messenger;
    private final Supplier<OsdMap> map;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    /** The newest epoch that each has been sent; the link's own order and repetition see to its arrival. */
    private final TreeMap<Integer, Integer> shared = new TreeMap<>();

    ClusterConnections(Messenger messenger, Supplier<OsdMap> map) {
        this.messenger = messenger;
        this.map = map;
    }

    /** Sends to an OSD that is up; nothing to one that is not: whoever waits for its answer learns from the map. */
    void send(int osd, Message message) {
        Peer peer = peers.get(osd);
        if (peer == null || peer.connection.isClosed()) {
            OsdMap current = map.get();
            if (!current.isUp(osd)) {
                return;
            }
            EntityAddrs addrs = current.osd(osd).cluster();
            peer = new Peer(addrs, messenger.connect(EntityType.OSD, addrs));
            peers.put(osd, peer);
        }
        peer.connection.send(message);
    }

    /**
     * Sends an OSD that is up the maps that it lacks.
     *
     * @param known the epoch that it said it has
     * @param news what somebody lacks who has an epoch; null for nothing
     */
    void shareMap(int osd, int known, IntFunction<@Nullable OsdMapMessage> news) {
        OsdMap current = map.get();
        if (!current.isUp(osd)) {
            return;
        }
        int has = Math.max(known, shared.getOrDefault(osd, 0));
        if (Integer.compareUnsigned(has, current.epoch()) >= 0) {
            return;
        }
        shared.put(osd, current.epoch());
        OsdMapMessage message = news.apply(has);
        if (message != null) {
            send(osd, message);
        }
    }

    /** Drops all sessions: the others have dropped theirs with us, or will. */
    void drop() {
        peers.values().forEach(peer -> peer.connection.close());
        peers.clear();
        shared.clear();
    }

    /** Drops sessions with those who are down or have moved. */
    void mapChanged() {
        OsdMap current = map.get();
        peers.entrySet().removeIf(e -> {
            boolean gone = !current.isUp(e.getKey())
                    || !current.osd(e.getKey()).cluster().equals(e.getValue().addrs);
            if (gone) {
                shared.remove(e.getKey());
                e.getValue().connection.close();
            }
            return gone;
        });
    }
}
