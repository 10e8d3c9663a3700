package io.spirula.osd.heartbeat;

import io.spirula.common.types.EntityAddrs;

/** What the monitors are to be told of a peer, which clients reach at {@code addrs}. */
public sealed interface FailureNotice {
    int osd();

    EntityAddrs addrs();

    /** It has not answered since then. */
    record Failed(int osd, EntityAddrs addrs, long sinceNanos) implements FailureNotice {}

    /** It answers again: what was said before is taken back. */
    record StillAlive(int osd, EntityAddrs addrs, long sinceNanos) implements FailureNotice {}
}
