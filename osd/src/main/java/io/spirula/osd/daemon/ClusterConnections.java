package io.spirula.osd.daemon;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The connections to other OSDs, each at the address that the current map has for it. */
final class ClusterConnections {
    private record Peer(EntityAddrs addrs, Connection connection) {}

    private final Messenger messenger;
    private final Supplier<OsdMap> map;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();

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

    /** Drops sessions with those who are down or have moved. */
    void mapChanged() {
        OsdMap current = map.get();
        peers.entrySet().removeIf(e -> {
            boolean gone = !current.isUp(e.getKey())
                    || !current.osd(e.getKey()).cluster().equals(e.getValue().addrs);
            if (gone) {
                e.getValue().connection.close();
            }
            return gone;
        });
    }
}
