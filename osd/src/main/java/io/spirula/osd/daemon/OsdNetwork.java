package io.spirula.osd.daemon;

import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.Traffic;
import java.util.List;

/**
 * An OSD's ends of the network.
 *
 * @param clients for clients, monitors and the manager
 * @param cluster for other OSDs
 * @param heartbeatFront takes heartbeats on the clients' network
 * @param heartbeatBack takes heartbeats on the cluster's network
 * @param heartbeatClient sends heartbeats; never bound
 */
public record OsdNetwork(
        Messenger clients,
        Messenger cluster,
        Messenger heartbeatFront,
        Messenger heartbeatBack,
        Messenger heartbeatClient) {

    /** @param nonce what tells this instance from others that were at the same ports */
    void bind(OsdSettings settings, int nonce) {
        clients.bind(settings.publicAddr().withNonce(nonce));
        cluster.bind(settings.clusterAddr().withNonce(nonce));
        heartbeatFront.bind(settings.publicAddr().withPort(0).withNonce(nonce));
        heartbeatBack.bind(settings.clusterAddr().withPort(0).withNonce(nonce));
    }

    void countIn(Traffic traffic) {
        List.of(clients, cluster, heartbeatFront, heartbeatBack, heartbeatClient)
                .forEach(m -> m.countIn(traffic));
    }

    /** Whether a map's row has the addresses that we boot with. */
    boolean isAt(io.spirula.common.maps.Osd row) {
        return row.client().equals(clients.addrs()) && row.cluster().equals(cluster.addrs());
    }

    void shutdown() {
        heartbeatClient.shutdown();
        heartbeatFront.shutdown();
        heartbeatBack.shutdown();
        cluster.shutdown();
        clients.shutdown();
    }
}
