package io.spirula.common.auth;

import io.spirula.common.auth.AuthServer.Reply;
import io.spirula.common.auth.KeyServer.Issued;
import io.spirula.common.auth.MonAuthServer.RenewalReply;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The monitors' part of cephx: proves entities by their keys and gives tickets. Ceph: CephxServiceHandler. */
final class CephxKeyService {
    private final KeyServer keyServer;
    private final BooleanSupplier allowInsecureReclaim;
    private final RandomGenerator random;

    CephxKeyService(KeyServer keyServer, BooleanSupplier allowInsecureReclaim, RandomGenerator random) {
        this.keyServer = keyServer;
        this.allowInsecureReclaim = allowInsecureReclaim;
        this.random = random;
    }

    /** @param newId whether the number was just assigned: then no old ticket is due */
    record Login(EntityName name, long globalId, boolean newId, long serverChallenge) {}

    /** Ceph: CephXAuthenticate. */
    private record Authenticate(
            long clientChallenge, long proof, TicketBlob oldTicket, int otherKeys, boolean oldTicketMayBeOmitted) {
        static Authenticate decode(Decoder in) {
            int version = in.u8();
            return new Authenticate(
                    in.u64(), in.u64(), in.get(TicketBlob.CODEC), version >= 2 ? in.i32() : 0, version < 3);
        }
    }

    /** The first login, as part of a connection's handshake. */
    Reply logIn(Login login, Bytes payload, ConnectionMode mode) {
        Decoder in = new Decoder(payload);
        if (in.u16() != Cephx.GET_AUTH_SESSION_KEY) {
            return new Reply.Denied(Errno.EACCES, "a request before the login");
        }
        Bytes connectionSecret = CephxAuthorizerCheck.randomBytes(mode.connectionSecretSize(), random);
        return authenticate(login, in, connectionSecret);
    }

    /** A request over an established session: another login to renew the main ticket, more tickets, or a service's own secrets. */
    RenewalReply renew(AuthenticatedPeer peer, Bytes payload) {
        Decoder in = new Decoder(payload);
        int type = in.u16();
        return switch (type) {
            case Cephx.GET_AUTH_SESSION_KEY -> {
                Login login = new Login(peer.name(), peer.globalId(), false, peer.serverChallenge());
                yield switch (authenticate(login, in, null)) {
                    case Reply.Done done -> new RenewalReply(0, done.payload());
                    case Reply.Denied denied -> new RenewalReply(-denied.errno(), Bytes.EMPTY);
                    case Reply.More more -> throw new IllegalStateException("a login asks once");
                };
            }
            case Cephx.GET_PRINCIPAL_SESSION_KEY -> serviceTickets(in);
            case Cephx.GET_ROTATING_KEY -> {
                Bytes secrets = keyServer.rotatingFor(peer.name());
                yield secrets == null
                        ? new RenewalReply(-Errno.EPERM, Bytes.EMPTY)
                        : new RenewalReply(0, header(type, 0).raw(secrets).toBytes());
            }
            default -> new RenewalReply(-Errno.EINVAL, Bytes.EMPTY);
        };
    }

    private Reply authenticate(Login login, Decoder in, @Nullable Bytes connectionSecret) {
        Authenticate request = Authenticate.decode(in);
        EntityAuth auth = keyServer.find(login.name);
        if (auth == null) {
            return new Reply.Denied(Errno.EACCES, "no entity " + login.name);
        }
        if (login.serverChallenge == 0) {
            return new Reply.Denied(Errno.EACCES, "a login without a challenge");
        }
        long expected = Cephx.proof(auth.key(), login.serverChallenge, request.clientChallenge);
        if ((expected ^ request.proof) != 0) {
            return new Reply.Denied(Errno.EACCES, login.name + " has another key");
        }
        CryptoKey oldSessionKey = null;
        AuthenticatedPeer.Claim claim = AuthenticatedPeer.Claim.NEW_OK;
        if (login.newId) {
            if (!request.oldTicket.blob().isEmpty()) {
                return new Reply.Denied(Errno.EINVAL, login.name + " shows a ticket for a new global id");
            }
        } else {
            oldSessionKey = oldSessionKey(login, request);
            if (oldSessionKey == null && !(allowInsecureReclaim.getAsBoolean() && request.oldTicketMayBeOmitted)) {
                return new Reply.Denied(
                        Errno.EACCES,
                        login.name + " claims global id " + login.globalId + " without a valid ticket for it");
            }
            claim = oldSessionKey == null
                    ? AuthenticatedPeer.Claim.RECLAIM_INSECURE
                    : AuthenticatedPeer.Claim.RECLAIM_OK;
        }
        String monCaps = auth.caps().getOrDefault("mon", "");
        if (monCaps.isEmpty()) {
            return new Reply.Denied(Errno.EACCES, login.name + " has no mon capabilities");
        }
        Issued main = keyServer.issue(EntityType.AUTH, login.name, login.globalId, auth);
        if (main == null) {
            return new Reply.Denied(Errno.EIO, "no secret to make tickets with yet");
        }
        Encoder out = header(Cephx.GET_AUTH_SESSION_KEY, 0);
        writeTickets(out, List.of(main), auth.key(), oldSessionKey);
        if (request.otherKeys != 0) {
            writeExtras(out, login, auth, main.sessionKey(), request.otherKeys, connectionSecret);
        }
        return new Reply.Done(
                new AuthenticatedPeer(
                        login.name, login.globalId, claim, AuthCaps.encode(monCaps), login.serverChallenge),
                out.toBytes(),
                new AuthClient.Outcome(
                        main.sessionKey().secret(), connectionSecret == null ? Bytes.EMPTY : connectionSecret));
    }

    /** What nautilus and later ask for along with the login: the connection's secret and the tickets of all services. */
    private void writeExtras(
            Encoder out,
            Login login,
            EntityAuth auth,
            CryptoKey sessionKey,
            int otherKeys,
            @Nullable Bytes connectionSecret) {
        if (connectionSecret == null) {
            out.bytes(Bytes.EMPTY);
        } else {
            Bytes sealed = sessionKey.seal(o -> o.bytes(connectionSecret));
            out.bytes(new Encoder().bytes(sealed).toBytes());
        }
        // The ticket for AUTH has been given already, perhaps closed with the old session key.
        List<Issued> extra = issue(otherKeys & ~EntityType.AUTH.code(), login.name, login.globalId, auth);
        Encoder tickets = new Encoder(512);
        if (!extra.isEmpty()) {
            writeTickets(tickets, extra, sessionKey, null);
        }
        out.bytes(tickets.toBytes());
    }

    /** The session key of the ticket by which a returning client proves that its global id is its own; null where it does not. */
    private @Nullable CryptoKey oldSessionKey(Login login, Authenticate request) {
        CryptoKey secret = keyServer.serviceSecret(EntityType.AUTH, request.oldTicket.secretId());
        if (request.oldTicket.blob().isEmpty() || secret == null) {
            return null;
        }
        try {
            ServiceTicketInfo info = ServiceTicketInfo.open(secret, request.oldTicket.blob());
            boolean its = info.ticket().globalId() == login.globalId
                    && info.ticket().name().equals(login.name);
            return its ? info.sessionKey() : null;
        } catch (MalformedInput e) {
            return null;
        }
    }

    private RenewalReply serviceTickets(Decoder in) {
        CephxAuthorizerCheck.Shown shown = CephxAuthorizerCheck.read(in, keyServer, EntityType.AUTH);
        if (shown == null) {
            return new RenewalReply(-Errno.EPERM, Bytes.EMPTY);
        }
        in.u8();
        int keys = in.i32();
        AuthTicket ticket = shown.info().ticket();
        EntityAuth auth = keyServer.find(ticket.name());
        if (auth == null) {
            return new RenewalReply(-Errno.EPERM, Bytes.EMPTY);
        }
        List<Issued> issued = issue(keys, ticket.name(), ticket.globalId(), auth);
        int result = issued.isEmpty() && keys != 0 ? -Errno.ENOENT : 0;
        Encoder out = header(Cephx.GET_PRINCIPAL_SESSION_KEY, result);
        writeTickets(out, issued, shown.info().sessionKey(), null);
        return new RenewalReply(result, out.toBytes());
    }

    private List<Issued> issue(int keys, EntityName name, long globalId, EntityAuth auth) {
        List<Issued> issued = new ArrayList<>();
        for (EntityType service : RotatingKeys.SERVICES) {
            Issued ticket = (keys & service.code()) != 0 ? keyServer.issue(service, name, globalId, auth) : null;
            if (ticket != null) {
                issued.add(ticket);
            }
        }
        return issued;
    }

    private static Encoder header(int type, int status) {
        return new Encoder(1024).u16(type).u32(status);
    }

    /** Ceph: cephx_build_service_ticket_reply. */
    private static void writeTickets(
            Encoder out, List<Issued> tickets, CryptoKey principalKey, @Nullable CryptoKey ticketKey) {
        out.u8(1);
        out.list(tickets, (issued, o) -> {
            o.u32(issued.service().code());
            o.u8(1);
            o.bytes(principalKey.seal(
                    body -> body.u8(1).put(CryptoKey.CODEC, issued.sessionKey()).span(issued.validity())));
            Bytes blob = TicketBlob.CODEC.toBytes(issued.blob());
            o.bool(ticketKey != null);
            o.bytes(ticketKey == null ? blob : ticketKey.seal(body -> body.bytes(blob)));
        });
    }
}
