package io.spirula.common.msgr;

import io.spirula.common.message.Message;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import org.jspecify.annotations.Nullable;

/** A session with one peer. Used on its messenger's reactor only. Identity is object identity. */
public interface Connection {
    /** Queues a message. On a closed connection it is dropped: the dispatcher has been told of the reset. */
    void send(Message message);

    EntityType peerType();

    /** Who the peer says it is; its number is -1 until the session is there. */
    EntityId peerId();

    EntityAddrs peerAddrs();

    /** From where the peer's packets come, whatever it says of itself; the port means nothing. {@link EntityAddr#NONE} while there is no link. Ceph: get_peer_socket_addr. */
    EntityAddr socketAddr();

    /** Whom the peer has proved to be; null until then, and on connections where we were not the ones to check. */
    @Nullable
    AuthenticatedPeer authenticated();

    /** The peer's feature bits; 0 until the session is there. */
    long peerFeatures();

    boolean isConnected();

    boolean isClosed();

    /** Drops the session without a reset callback. Ceph: mark_down. */
    void close();

    /** Sends a keepalive; {@link #lastKeepaliveAckNanos} tells when it was answered. */
    void sendKeepalive();

    /** The reactor clock's nanoTime at which the last keepalive's answer came; the session's start before any. */
    long lastKeepaliveAckNanos();

    /** What the dispatcher keeps for this connection: one object, its own. */
    @Nullable
    Object attachment();

    void attach(@Nullable Object state);

    /**
     * During a dispatch only: counts the message as held, until what this gives (its bytes; 0 where it is held already) is given to {@link #release}, which works on a closed connection too. While too much is held
     * the messenger reads nothing more from peers that are clients of ours.
     */
    default int hold() {
        return 0;
    }

    /** Ends a {@link #hold}. */
    default void release(int heldBytes) {}
}
