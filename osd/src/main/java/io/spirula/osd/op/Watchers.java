package io.spirula.osd.op;

import io.spirula.common.types.EntityId;
import io.spirula.common.types.ObjectId;

/** What operations on watches ask of who knows the clients' connections. */
public interface Watchers {
    /** A number for a notification that no other has. */
    long nextNotifyId();

    /** Whether a watch's client is connected with us now. */
    boolean isConnected(ObjectId object, long cookie, EntityId client);

    /** How long a watch lasts without a sign of life, where its client does not say: osd_client_watch_timeout. */
    int watchSeconds();

    /** How long a notification waits for answers, where its client does not say: osd_default_notify_timeout. */
    int notifySeconds();
}
