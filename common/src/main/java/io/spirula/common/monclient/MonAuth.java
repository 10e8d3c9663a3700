package io.spirula.common.monclient;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthException;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Auth;
import io.spirula.common.message.AuthReply;
import io.spirula.common.types.EntityType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process's authentication as its messenger and its {@link MonClient} share it: the messenger uses it for handshakes, the client for renewals within the session; and why a monitor turned us away is remembered for the
 * person who gave the wrong key.
 */
public final class MonAuth implements AuthClient {
    private final ClientAuth auth;
    private @Nullable AuthException refusal;

    public MonAuth(ClientAuth auth) {
        this.auth = auth;
    }

    public ClientAuth clientAuth() {
        return auth;
    }

    long globalId() {
        return auth.globalId();
    }

    boolean needsTickets() {
        return auth.needsTickets();
    }

    boolean needsRotatingKeys() {
        return auth.needsRotatingKeys();
    }

    Auth ticketRequest() {
        return new Auth(0, auth.protocol(), auth.buildRequest(), 0);
    }

    Auth rotatingKeysRequest() {
        return new Auth(0, auth.protocol(), auth.buildRotatingRequest(), 0);
    }

    /** Throws AuthException for a refusal. */
    void renewed(AuthReply reply) {
        auth.handleReply(reply.result(), reply.payload());
    }

    /** Why the last handshake with a monitor failed, if it was for our name or key; forgotten with the asking. */
    @Nullable
    AuthException takeRefusal() {
        AuthException taken = refusal;
        refusal = null;
        return taken;
    }

    @Override
    public Exchange begin(EntityType peerType) {
        if (peerType != EntityType.MON) {
            return auth.begin(peerType);
        }
        Exchange exchange = noting(() -> auth.begin(peerType));
        return new Exchange() {
            @Override
            public Request request() {
                return noting(exchange::request);
            }

            @Override
            public Bytes replyMore(Bytes payload) {
                return noting(() -> exchange.replyMore(payload));
            }

            @Override
            public Outcome done(long globalId, ConnectionMode mode, Bytes payload) {
                return noting(() -> exchange.done(globalId, mode, payload));
            }

            @Override
            public Request badMethod(int method, int result, List<Integer> allowedMethods, List<Integer> allowedModes) {
                return noting(() -> exchange.badMethod(method, result, allowedMethods, allowedModes));
            }
        };
    }

    private <T> T noting(Supplier<T> step) {
        try {
            return step.get();
        } catch (AuthException e) {
            refusal = e;
            throw e;
        }
    }
}
