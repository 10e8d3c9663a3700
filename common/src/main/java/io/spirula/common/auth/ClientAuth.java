package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Clock;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One client's or daemon's authentication: its key, its number, its tickets. One object serves all of the process's connections: those to monitors log in and bring tickets, those to
 * services show them. Several monitors may be asked at once; the first one that answers decides the number, later ones are refused. Ceph: the auth half of MonClient.
 *
 * <p>Whoever owns the monitor session asks {@link #needsTickets} every now and then (Ceph: every 10 s), sends what {@link #buildRequest} gives in an MAuth and hands the MAuthReply
 * to {@link #handleReply}. A daemon does the same with {@link #needsRotatingKeys}, {@link #buildRotatingRequest}.
 */
public final class ClientAuth implements AuthClient {
    private final AuthSettings settings;
    private final EntityName name;
    private final Keyring keyring;
    private final int wanted;
    private final RandomGenerator random;
    private final CephxTickets tickets;
    private final RotatingKeyRing rotatingKeys;
    private @Nullable AuthMethod method;
    private long globalId;
    private long serverChallenge;
    /** The session key of the login ticket that was ours when tickets were asked for last. */
    private @Nullable CryptoKey asked;

    /** @param wantedServices what tickets are needed for; a client's are {@link #CLIENT_SERVICES} */
    public ClientAuth(
            AuthSettings settings,
            EntityName name,
            Keyring keyring,
            Collection<EntityType> wantedServices,
            RandomGenerator random,
            Clock clock) {
        this.settings = settings;
        this.name = name;
        this.keyring = keyring;
        this.random = random;
        int mask = EntityType.AUTH.code();
        for (EntityType service : wantedServices) {
            mask |= service.code();
        }
        wanted = mask;
        tickets = new CephxTickets(clock);
        rotatingKeys = new RotatingKeyRing(name.type(), clock);
    }

    /** The services that an ordinary client talks to. */
    public static final List<EntityType> CLIENT_SERVICES = List.of(EntityType.MON, EntityType.OSD, EntityType.MGR);

    /** The client's number in the cluster; 0 before the first login. */
    public long globalId() {
        return globalId;
    }

    /** By what we have logged in; null before. */
    public @Nullable AuthMethod method() {
        return method;
    }

    public boolean isAuthenticated() {
        return method != null;
    }

    /** For a daemon's {@link ServiceAuthServer}; empty until the first {@link #buildRotatingRequest} was answered. */
    public RotatingKeyRing rotatingKeys() {
        return rotatingKeys;
    }

    /** Whether a ticket is missing or due for renewal. Always false with auth none. */
    public boolean needsTickets() {
        int need = method == AuthMethod.CEPHX ? tickets.needed(wanted) : 0;
        return need != 0 && need != EntityType.MGR.code();
    }

    public boolean hasTicketFor(EntityType service) {
        return method == AuthMethod.NONE || tickets.has(service);
    }

    /** Whether a daemon's rotating keys are missing or due for renewal. Always false with auth none, and for clients: nobody shows them tickets. */
    public boolean needsRotatingKeys() {
        return method == AuthMethod.CEPHX && name.type() != EntityType.CLIENT && rotatingKeys.needsNew();
    }

    /** The number that names our method in MAuth. */
    public int protocol() {
        return method == null ? 0 : method.code();
    }

    /** The payload of the MAuth that renews what is due. */
    public Bytes buildRequest() {
        int need = tickets.needed(wanted);
        asked = tickets.offered();
        if ((need & EntityType.AUTH.code()) != 0) {
            return logIn(serverChallenge);
        }
        CephxAuthorizer authorizer = tickets.authorizer(EntityType.AUTH, globalId, List.of(), random);
        return new Encoder()
                .u16(Cephx.GET_PRINCIPAL_SESSION_KEY)
                .raw(authorizer.authorizer())
                .u8(1)
                .u32(need)
                .toBytes();
    }

    /** The payload of the MAuth that asks for our service's rotating keys. */
    public Bytes buildRotatingRequest() {
        return new Encoder().u16(Cephx.GET_ROTATING_KEY).toBytes();
    }

    /**
     * Takes an MAuthReply's answer.
     *
     * @param result negative for a refusal: AuthException
     */
    public void handleReply(int result, Bytes payload) {
        if (result < 0) {
            throw new AuthException(-result, "the monitor refused to renew our tickets (error " + result + ")");
        }
        if (method != AuthMethod.CEPHX) {
            return;
        }
        Decoder in = new Decoder(payload);
        int type = in.u16();
        int status = in.i32();
        if (status < 0) {
            throw new AuthException(-status, "the monitor refused to renew our tickets (error " + status + ")");
        }
        switch (type) {
            case Cephx.GET_AUTH_SESSION_KEY -> readLogin(in, asked);
            case Cephx.GET_PRINCIPAL_SESSION_KEY -> {
                if (asked == null) {
                    throw new MalformedInput("tickets that nobody asked for");
                }
                tickets.read(in, asked, asked);
            }
            case Cephx.GET_ROTATING_KEY ->
                rotatingKeys.set(requireKey().open(in.bytes(), body -> body.get(RotatingSecrets.CODEC)));
            default -> throw new MalformedInput("an answer of type " + type + " to no request of ours");
        }
    }

    @Override
    public Exchange begin(EntityType peerType) {
        if (peerType == EntityType.MON) {
            return new MonLogin();
        }
        AuthMethod by = method;
        if (by == null) {
            throw new AuthException(Errno.EACCES, "not logged in at a monitor yet");
        }
        List<ConnectionMode> modes = settings.modes(peerType, by);
        return by == AuthMethod.NONE
                ? new AuthNone(name, globalId, modes)
                : tickets.authorizer(peerType, globalId, modes, random);
    }

    private CryptoKey requireKey() {
        CryptoKey key = keyring.key(name);
        if (key == null) {
            throw new AuthException(Errno.ENOENT, "no key for " + name + " in the keyring");
        }
        return key;
    }

    /** The methods that we can use towards monitors: cephx needs a key. */
    private List<AuthMethod> usableMethods() {
        List<AuthMethod> methods = settings.methods(EntityType.MON);
        if (keyring.key(name) != null) {
            return methods;
        }
        List<AuthMethod> keyless =
                methods.stream().filter(m -> m != AuthMethod.CEPHX).toList();
        if (keyless.isEmpty()) {
            // Stock tells apart a keyring that is not there and one that lacks this key.
            throw new AuthException(
                    keyring.entries().isEmpty() ? Errno.ENOENT : Errno.EACCES,
                    "no key for " + name + " in the keyring: name one with --keyring");
        }
        return keyless;
    }

    /** Ceph: CephXAuthenticate. */
    private Bytes logIn(long challenge) {
        long clientChallenge = random.nextLong();
        return new Encoder(256)
                .u16(Cephx.GET_AUTH_SESSION_KEY)
                .u8(3)
                .u64(clientChallenge)
                .u64(Cephx.proof(requireKey(), challenge, clientChallenge))
                .put(TicketBlob.CODEC, tickets.blob(EntityType.AUTH))
                .u32(wanted)
                .toBytes();
    }

    /** Reads the tickets of a login; gives the connection's secret where one was sent. */
    private Bytes readLogin(Decoder in, @Nullable CryptoKey offered) {
        tickets.read(in, requireKey(), offered);
        if (!in.hasRemaining()) {
            return Bytes.EMPTY;
        }
        CryptoKey sessionKey = tickets.sessionKey(EntityType.AUTH);
        Bytes sealedSecret = in.bytes();
        Bytes extra = in.bytes();
        Bytes secret = sealedSecret.isEmpty()
                ? Bytes.EMPTY
                : sessionKey.open(
                        new Decoder(sealedSecret).bytes(), body -> body.bytes().compact());
        if (!extra.isEmpty()) {
            tickets.read(new Decoder(extra), sessionKey, null);
        }
        return secret;
    }

    private final class MonLogin implements Exchange {
        private final List<AuthMethod> usable = usableMethods();
        private AuthMethod trying = usable.get(0);
        private long challenge;
        private @Nullable CryptoKey offered;

        @Override
        public Request request() {
            Bytes payload = new Encoder()
                    .u8(Cephx.MODE_MON)
                    .put(EntityName.CODEC, name)
                    .u64(globalId)
                    .toBytes();
            return new Request(trying, settings.modes(EntityType.MON, trying), payload);
        }

        @Override
        public Bytes replyMore(Bytes payload) {
            if (trying != AuthMethod.CEPHX || challenge != 0) {
                throw new AuthException(Errno.EACCES, "an unexpected question of the monitor");
            }
            Decoder in = new Decoder(payload);
            in.u8();
            challenge = in.u64();
            offered = tickets.offered();
            return logIn(challenge);
        }

        @Override
        public Outcome done(long id, ConnectionMode mode, Bytes payload) {
            if (globalId != 0 && id != globalId) {
                throw new AuthException(Errno.EACCES, "another monitor was faster");
            }
            Outcome outcome = Outcome.NOTHING;
            if (trying == AuthMethod.CEPHX) {
                outcome = cephxDone(payload);
            }
            globalId = id;
            method = trying;
            return outcome;
        }

        private Outcome cephxDone(Bytes payload) {
            Decoder in = new Decoder(payload);
            int type = in.u16();
            int status = in.i32();
            if (type != Cephx.GET_AUTH_SESSION_KEY || status < 0) {
                throw new AuthException(Errno.EACCES, "the login failed (error " + status + ")");
            }
            Bytes secret = readLogin(in, offered);
            serverChallenge = challenge;
            return new Outcome(tickets.sessionKey(EntityType.AUTH).secret(), secret);
        }

        @Override
        public Request badMethod(int refused, int result, List<Integer> allowedMethods, List<Integer> allowedModes) {
            int next = usable.indexOf(trying) + 1;
            while (next < usable.size()
                    && !allowedMethods.contains(usable.get(next).code())) {
                next++;
            }
            if (next == usable.size()) {
                throw new AuthException(
                        Errno.EACCES,
                        allowedMethods.contains(trying.code())
                                ? "the monitors do not accept the key of " + name + " (error " + result
                                        + "): check the keyring"
                                : "the monitors allow authentication by " + allowedMethods + " and we have "
                                        + usable.stream().map(AuthMethod::code).toList()
                                        + ": check auth_client_required");
            }
            trying = usable.get(next);
            challenge = 0;
            return request();
        }
    }
}
