package io.spirula.common.auth;

import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.random.RandomGenerator;

/** A monitor's side of authentication towards other monitors: it makes its own ticket with the monitors' key. Ceph: Monitor::get_authorizer. */
public final class MonAuthClient implements AuthClient {
    private final AuthSettings settings;
    private final EntityName name;
    private final KeyServer keyServer;
    private final RandomGenerator random;

    /** @param name {@code mon.} with any id */
    public MonAuthClient(AuthSettings settings, EntityName name, KeyServer keyServer, RandomGenerator random) {
        this.settings = settings;
        this.name = name;
        this.keyServer = keyServer;
        this.random = random;
    }

    @Override
    public Exchange begin(EntityType peerType) {
        if (peerType != EntityType.MON) {
            throw new AuthException(Errno.EACCES, "a monitor opens connections to monitors only");
        }
        List<AuthMethod> methods = settings.methods(peerType);
        AuthMethod method = methods.isEmpty() ? AuthMethod.NONE : methods.get(0);
        List<ConnectionMode> modes = settings.modes(peerType, method);
        if (method == AuthMethod.NONE) {
            return new AuthNone(name, 0, modes);
        }
        KeyServer.Issued ticket = keyServer.issueForMonitors(name);
        if (ticket == null) {
            throw new AuthException(Errno.ENOENT, "no key for mon. to talk to other monitors with");
        }
        return new CephxAuthorizer(EntityType.MON, 0, ticket.blob(), ticket.sessionKey(), modes, random);
    }
}
