package io.spirula.librados.objecter;

import io.spirula.common.message.WatchNotify;

/**
 * What is registered at the primary of an object, and again at the next one, until it ends. It sends operations that are not repeated as they are: when the primary, the interval or the session is another one, they are given up and
 * {@link #send} begins anew. Ceph: LingerOp.
 */
sealed interface Linger permits ObjectWatch, ObjectNotify {
    long cookie();

    /** The newest registration, under way or answered: it says where the linger is registered. */
    Operation registration();

    /** Registers, for the first time or again; what was sent before is given up. */
    void send();

    /** The OSD where it is registered says something of it. */
    void take(WatchNotify message);

    /** The client is closed. */
    void stop();
}
