package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityType;
import java.util.List;

/** Our side of authentication on connections that we open. Ceph: AuthClient. */
public interface AuthClient {
    /**
     * Starts one connection's authentication.
     *
     * @throws AuthException where there is nothing to authenticate with, such as no ticket for that service yet
     */
    Exchange begin(EntityType peerType);

    /** One connection's authentication. Every call may throw {@link AuthException}, which ends the connection, and MalformedInput. */
    interface Exchange {
        /** The first AUTH_REQUEST. Ceph: get_auth_request. */
        Request request();

        /** The server has another question. Ceph: handle_auth_reply_more. */
        Bytes replyMore(Bytes payload);

        /** The server is content. Ceph: handle_auth_done. */
        Outcome done(long globalId, ConnectionMode mode, Bytes payload);

        /** The server refused the method, or us; gives the next attempt. Ceph: handle_auth_bad_method. */
        Request badMethod(int method, int result, List<Integer> allowedMethods, List<Integer> allowedModes);
    }

    /** @param preferredModes best first */
    record Request(AuthMethod method, List<ConnectionMode> preferredModes, Bytes payload) {}

    /**
     * What both ends now share.
     *
     * @param sessionKey signs the handshake; empty for auth none
     * @param connectionSecret keys for the secure mode; empty for others
     */
    record Outcome(Bytes sessionKey, Bytes connectionSecret) {
        public static final Outcome NOTHING = new Outcome(Bytes.EMPTY, Bytes.EMPTY);
    }
}
