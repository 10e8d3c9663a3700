package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A daemon's side of authentication: checks the tickets that clients and other daemons show, with the rotating secrets of its service. Ceph: MonClient::handle_auth_request. */
public final class ServiceAuthServer implements AuthServer {
    private final AuthSettings settings;
    private final ServiceKeys keys;
    private final RandomGenerator random;

    public ServiceAuthServer(AuthSettings settings, ServiceKeys keys, RandomGenerator random) {
        this.settings = settings;
        this.keys = keys;
        this.random = random;
    }

    @Override
    public List<AuthMethod> methods(EntityType peerType) {
        return settings.methods(peerType);
    }

    @Override
    public List<ConnectionMode> modes(EntityType peerType, AuthMethod method) {
        return settings.modes(peerType, method);
    }

    @Override
    public Exchange begin(EntityType peerType) {
        return new Exchange() {
            private ConnectionMode mode = ConnectionMode.CRC;
            private @Nullable CephxAuthorizerCheck check;

            @Override
            public Reply request(AuthMethod method, ConnectionMode chosen, Bytes payload) {
                mode = chosen;
                if (payload.isEmpty() || payload.get(0) != Cephx.MODE_AUTHORIZER) {
                    return new Reply.Denied(Errno.EOPNOTSUPP, "an authentication that is not for a service");
                }
                if (method == AuthMethod.NONE) {
                    return AuthNone.accept(payload);
                }
                check = new CephxAuthorizerCheck(settings.self(), keys, random);
                return check.check(payload, mode);
            }

            @Override
            public Reply more(Bytes payload) {
                if (check == null) {
                    throw new MalformedInput("an answer to no question");
                }
                return check.check(payload, mode);
            }
        };
    }
}
