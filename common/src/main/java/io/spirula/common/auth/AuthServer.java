package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityType;
import java.util.List;

/** Our side of authentication on connections that others open. Ceph: AuthServer. */
public interface AuthServer {
    /** What a peer of this kind may use. */
    List<AuthMethod> methods(EntityType peerType);

    List<ConnectionMode> modes(EntityType peerType, AuthMethod method);

    /** Starts one connection's authentication. */
    Exchange begin(EntityType peerType);

    /** One connection's authentication. Calls may throw MalformedInput, which is a refusal. */
    interface Exchange {
        /** The peer's first request by a method and in a mode that are allowed. */
        Reply request(AuthMethod method, ConnectionMode mode, Bytes payload);

        /** The peer's answer to a {@link Reply.More}. */
        Reply more(Bytes payload);
    }

    /** What the peer is told. */
    sealed interface Reply {
        /** Another question. */
        record More(Bytes payload) implements Reply {}

        record Done(AuthenticatedPeer peer, Bytes payload, AuthClient.Outcome secrets) implements Reply {}

        /**
         * A refusal.
         *
         * @param errno positive; the peer sees it as AUTH_BAD_METHOD's result
         */
        record Denied(int errno, String reason) implements Reply {}
    }
}
