package io.spirula.osd.daemon;

import io.spirula.common.auth.AuthCaps;
import io.spirula.common.auth.caps.OsdCaps;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;

/** What this OSD keeps for one client's connection. Ceph: Session. */
final class ClientSession {
    private final OsdCaps caps;
    /** The newest map that the client has, as far as we know. */
    int knownEpoch;

    private ClientSession(OsdCaps caps) {
        this.caps = caps;
    }

    static ClientSession of(Connection connection) {
        if (connection.attachment() instanceof ClientSession known) {
            return known;
        }
        AuthenticatedPeer peer = connection.authenticated();
        Bytes granted = peer == null ? Bytes.EMPTY : peer.caps();
        ClientSession session = new ClientSession(
                OsdCaps.of(AuthCaps.decode(granted), connection.socketAddr().ip()));
        connection.attach(session);
        return session;
    }

    OsdCaps caps() {
        return caps;
    }
}
