package io.spirula.common.msgr;

import io.spirula.common.message.Message;

/** Who takes what arrives at a messenger. All calls come on the messenger's reactor, one at a time. */
public interface Dispatcher {
    void dispatch(Connection connection, Message message);

    /** Our side's connection has its session, for the first time or again. Ceph: ms_handle_connect. */
    default void connected(Connection connection) {}

    /** A peer's connection has its session. Ceph: ms_handle_accept. */
    default void accepted(Connection connection) {}

    /** The session is gone and with it what was queued: a lossy connection failed. The connection is closed. Ceph: ms_handle_reset. */
    default void reset(Connection connection) {}

    /** A lossless peer has lost its side of the session (it restarted); what we sent before may not have arrived, what was not on its way yet will. Ceph: ms_handle_remote_reset. */
    default void remoteReset(Connection connection) {}

    /** Nobody listens at the peer's address. Ceph: ms_handle_refused. */
    default void refused(Connection connection) {}
}
