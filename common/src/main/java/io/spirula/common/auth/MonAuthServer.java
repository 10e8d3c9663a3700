package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The monitors' side of authentication: clients and daemons by their keys, other monitors by the monitors' key. Ceph: Monitor::handle_auth_request. */
public final class MonAuthServer implements AuthServer {
    private final AuthSettings settings;
    private final CephxKeyService cephx;
    private final KeyServer keyServer;
    private final GlobalIds globalIds;
    private final RandomGenerator random;

    /** @param allowInsecureReclaim auth_allow_insecure_global_id_reclaim: old clients may keep their number without proof */
    public MonAuthServer(
            AuthSettings settings,
            KeyServer keyServer,
            GlobalIds globalIds,
            BooleanSupplier allowInsecureReclaim,
            RandomGenerator random) {
        this.settings = settings;
        this.keyServer = keyServer;
        this.globalIds = globalIds;
        this.random = random;
        cephx = new CephxKeyService(keyServer, allowInsecureReclaim, random);
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
        return new MonExchange();
    }

    /** The answer to an MAuth that came over an established session. Ceph: AuthMonitor::prep_auth. */
    public RenewalReply renew(AuthenticatedPeer peer, Bytes payload) {
        try {
            return cephx.renew(peer, payload);
        } catch (MalformedInput e) {
            return new RenewalReply(-Errno.EPERM, Bytes.EMPTY);
        }
    }

    /**
     * What MAuthReply carries.
     *
     * @param result 0 or a negative errno
     */
    public record RenewalReply(int result, Bytes payload) {}

    private final class MonExchange implements Exchange {
        private ConnectionMode mode = ConnectionMode.CRC;
        private @Nullable CephxAuthorizerCheck authorizer;
        private CephxKeyService.@Nullable Login login;

        @Override
        public Reply request(AuthMethod method, ConnectionMode chosen, Bytes payload) {
            mode = chosen;
            Decoder in = new Decoder(payload);
            int purpose = in.u8();
            if (purpose == Cephx.MODE_AUTHORIZER) {
                if (method == AuthMethod.NONE) {
                    return AuthNone.accept(payload);
                }
                authorizer = new CephxAuthorizerCheck(EntityType.MON, keyServer, random);
                return authorizer.check(payload, mode);
            }
            if (purpose < Cephx.MODE_MON || purpose > Cephx.MODE_MON_MAX) {
                return new Reply.Denied(Errno.EACCES, "an authentication for purpose " + purpose);
            }
            EntityName name = in.get(EntityName.CODEC);
            long claimed = in.u64();
            long globalId = !globalIds.isServing() ? 0 : claimed != 0 ? claimed : globalIds.assign();
            if (globalId == 0) {
                return new Reply.Denied(Errno.EBUSY, "no global id to give right now");
            }
            if (method == AuthMethod.NONE) {
                return new Reply.Done(
                        new AuthenticatedPeer(name, globalId, AuthCaps.ALLOW_ALL),
                        Bytes.EMPTY,
                        AuthClient.Outcome.NOTHING);
            }
            long challenge = nonZero();
            login = new CephxKeyService.Login(name, globalId, claimed == 0, challenge);
            return new Reply.More(new Encoder().u8(1).u64(challenge).toBytes());
        }

        private long nonZero() {
            long value = random.nextLong();
            return value == 0 ? 1 : value;
        }

        @Override
        public Reply more(Bytes payload) {
            if (authorizer != null) {
                return authorizer.check(payload, mode);
            }
            if (login == null) {
                throw new MalformedInput("an answer to no question");
            }
            try {
                return cephx.logIn(login, payload, mode);
            } catch (
                    MalformedInput e) { // such as a client without a key sends: it has to be told, or it tries for ever
                return new Reply.Denied(Errno.EPERM, login.name() + " answers with nonsense: " + e.getMessage());
            }
        }
    }
}
