package io.spirula.common.msgr;

import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;

/**
 * One party's end of the network. A messenger belongs to one reactor: all its methods are called there, and all its dispatcher's are.
 */
public interface Messenger {
    /** Who takes what arrives. Set once, before {@link #bind} or {@link #connect}. */
    void setDispatcher(Dispatcher dispatcher);

    /**
     * Listens. A port of 0 takes a free one, of those that the messenger was {@linkplain MessengerOptions#ports given} where it was.
     *
     * @throws java.io.UncheckedIOException where the address can't be had
     */
    void bind(EntityAddr address);

    /** Our addresses: known after {@link #bind}; a client's learnt address without a port otherwise. */
    EntityAddrs addrs();

    /** Who we say we are in message headers; a client's number becomes known once it has authenticated. */
    EntityId self();

    void setSelf(EntityId self);

    /**
     * The connection to a peer, made if there is none; it connects in the background and what is sent meanwhile is queued. Under a lossless policy the same object is returned until
     * it is closed; under a lossy one a dead connection is never returned.
     */
    Connection connect(EntityType peerType, EntityAddrs addrs);

    /** What is carried from now on is counted there. Several messengers may share one. */
    default void countIn(Traffic traffic) {}

    /** Closes every connection and stops listening, for good: what {@link #connect} returns from then on is closed. */
    void shutdown();
}
