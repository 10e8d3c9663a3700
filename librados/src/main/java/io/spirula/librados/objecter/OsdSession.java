package io.spirula.librados.objecter;

import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddrs;
import org.jspecify.annotations.Nullable;

/** Our side of the session with one OSD at one address. Ceph: OSDSession. */
final class OsdSession {
    final int osd;
    final EntityAddrs addrs;
    final Backoffs backoffs = new Backoffs();
    /** Null between a reset and the next attempt. */
    @Nullable
    Connection connection;

    /** Resets since the last time the session was there. */
    int failures;

    OsdSession(int osd, EntityAddrs addrs) {
        this.osd = osd;
        this.addrs = addrs;
    }
}
