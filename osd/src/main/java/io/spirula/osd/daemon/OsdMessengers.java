package io.spirula.osd.daemon;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.msgr.Messenger;
import org.jspecify.annotations.Nullable;

/** Makes an OSD's ends of the network, all on its reactor. */
public interface OsdMessengers {
    /** What an end is for, which decides how its sessions live. */
    enum Role {
        /** Clients, monitors, the manager. */
        CLIENTS,
        /** Other OSDs. */
        CLUSTER,
        HEARTBEAT_SERVER,
        HEARTBEAT_CLIENT
    }

    /** @param server null for an end that is never bound */
    Messenger make(Role role, AuthClient client, @Nullable AuthServer server);
}
