package io.spirula.common.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.auth.AuthServer.Reply;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Clock;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What dishonest parties try with cephx, by payloads made by hand or kept from honest ones. */
class CephxAbuseTest {
    private static final EntityName GOOD = EntityName.client("good");
    private static final EntityName EVIL = EntityName.client("evil");
    private static final Duration TICKET = Duration.ofMinutes(10);

    private final Random random = new Random(11);
    private Instant now = Instant.ofEpochSecond(1_700_000_000L);
    private final Clock clock = new Clock() {
        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    };
    private final Map<EntityName, EntityAuth> database = new TreeMap<>();
    private final KeyServer keys =
            new KeyServer(database::get, () -> new TicketTimes(Duration.ofHours(2), TICKET), random, clock);
    private long lastGlobalId = 4_100;
    private final MonAuthServer mon =
            new MonAuthServer(AuthSettings.defaults(EntityType.MON), keys, () -> ++lastGlobalId, () -> false, random);
    private final ServiceAuthServer osd = new ServiceAuthServer(AuthSettings.defaults(EntityType.OSD), keys, random);

    @BeforeEach
    void fillTheDatabase() {
        for (EntityName name : List.of(GOOD, EVIL)) {
            database.put(
                    name, new EntityAuth(CryptoKey.generate(random, now), Map.of("mon", "allow r", "osd", "allow r")));
        }
        rotate();
    }

    private void rotate() {
        RotatingKeys due = keys.dueRotation();
        if (due != null) {
            keys.setRotating(due);
        }
    }

    private CryptoKey keyOf(EntityName name) {
        return Objects.requireNonNull(database.get(name)).key();
    }

    private ClientAuth client(EntityName name) {
        return new ClientAuth(
                AuthSettings.defaults(EntityType.CLIENT),
                name,
                Keyring.of(name, keyOf(name)),
                ClientAuth.CLIENT_SERVICES,
                random,
                clock);
    }

    private AuthenticatedPeer logIn(ClientAuth client) {
        AuthServer.Exchange there = mon.begin(EntityType.CLIENT);
        AuthClient.Exchange here = client.begin(EntityType.MON);
        AuthClient.Request request = here.request();
        Reply.More more = (Reply.More) there.request(request.method(), ConnectionMode.CRC, request.payload());
        Reply.Done done = (Reply.Done) there.more(here.replyMore(more.payload()));
        here.done(done.peer().globalId(), ConnectionMode.CRC, done.payload());
        return done.peer();
    }

    private ClientAuth loggedIn(EntityName name) {
        ClientAuth client = client(name);
        logIn(client);
        return client;
    }

    /** Shows a ticket; gives the service's last word, null where it could not read what it got. */
    private Reply show(AuthServer service, AuthClient.Exchange here) {
        AuthServer.Exchange there = service.begin(EntityType.CLIENT);
        AuthClient.Request request = here.request();
        Reply first = there.request(request.method(), ConnectionMode.CRC, request.payload());
        return first instanceof Reply.More more ? there.more(here.replyMore(more.payload())) : first;
    }

    @Test
    void aTicketThatHasEndedIsRefusedThoughItsSecretLives() {
        ClientAuth client = loggedIn(GOOD);
        AuthClient.Exchange kept = client.begin(EntityType.OSD);
        assertThat(show(osd, kept)).isInstanceOf(Reply.Done.class);
        now = now.plus(TICKET).plusSeconds(1);
        rotate();
        assertThat(show(osd, kept)).isInstanceOf(Reply.Denied.class);
        assertThat(show(osd, client.begin(EntityType.OSD))).isInstanceOf(Reply.Denied.class);
    }

    @Test
    void aMainTicketThatHasEndedBringsNoMoreTickets() {
        ClientAuth client = client(GOOD);
        AuthenticatedPeer peer = logIn(client);
        now = now.plus(TICKET);
        Bytes kept = client.buildRequest();
        assertThat(mon.renew(peer, kept).result()).isZero();
        now = now.plus(Duration.ofHours(2));
        assertThat(mon.renew(peer, kept).result()).isNegative();
    }

    @Test
    void aConversationThatWasOverheardIsWorthNothingWhenItIsPlayedAgain() {
        ClientAuth client = loggedIn(GOOD);
        AuthClient.Exchange here = client.begin(EntityType.OSD);
        AuthServer.Exchange first = osd.begin(EntityType.CLIENT);
        Bytes shown = here.request().payload();
        Reply.More more = (Reply.More) first.request(AuthMethod.CEPHX, ConnectionMode.CRC, shown);
        Bytes answer = here.replyMore(more.payload());
        assertThat(first.more(answer)).isInstanceOf(Reply.Done.class);

        AuthServer.Exchange second = osd.begin(EntityType.CLIENT);
        assertThat(second.request(AuthMethod.CEPHX, ConnectionMode.CRC, shown)).isInstanceOf(Reply.More.class);
        assertThat(second.more(answer)).as("the answer to another challenge").isInstanceOf(Reply.Denied.class);
        assertThat(second.more(shown)).as("no answer at all").isInstanceOf(Reply.Denied.class);
        AuthServer.Exchange third = osd.begin(EntityType.CLIENT);
        assertThat(third.request(AuthMethod.CEPHX, ConnectionMode.CRC, answer))
                .as("an answer before the question")
                .isInstanceOf(Reply.More.class);
    }

    @Test
    void aLoginThatWasOverheardIsWorthNothingWhenItIsPlayedAgain() {
        AuthClient.Exchange here = client(GOOD).begin(EntityType.MON);
        AuthServer.Exchange first = mon.begin(EntityType.CLIENT);
        Bytes hello = here.request().payload();
        Reply.More more = (Reply.More) first.request(AuthMethod.CEPHX, ConnectionMode.CRC, hello);
        Bytes proof = here.replyMore(more.payload());
        assertThat(first.more(proof)).isInstanceOf(Reply.Done.class);

        AuthServer.Exchange second = mon.begin(EntityType.CLIENT);
        second.request(AuthMethod.CEPHX, ConnectionMode.CRC, hello);
        assertThat(second.more(proof)).isInstanceOf(Reply.Denied.class);
    }

    /** Whoever holds a ticket can change bits of it that he cannot read: CVE-2025-30156. */
    @Test
    void noTicketIsTakenOfWhichOneBitWasChanged() {
        ClientAuth client = loggedIn(EVIL);
        Bytes good = client.begin(EntityType.OSD).request().payload();
        Decoder in = new Decoder(good);
        in.raw(1 + 8 + 4 + 1 + 8);
        int blobAt = good.size() - in.remaining() + 4;
        int blobEnd = blobAt + in.bytes().size();
        for (int bit = blobAt * 8; bit < blobEnd * 8; bit++) {
            byte[] altered = good.toArray();
            altered[bit >> 3] ^= (byte) (1 << (bit & 7));
            assertThat(refuses(Bytes.wrap(altered)))
                    .as("bit %d of %d", bit, blobEnd * 8)
                    .isTrue();
        }
        assertThat(refuses(good)).isFalse();
    }

    private boolean refuses(Bytes authorizer) {
        try {
            return osd.begin(EntityType.CLIENT).request(AuthMethod.CEPHX, ConnectionMode.CRC, authorizer)
                    instanceof Reply.Denied;
        } catch (MalformedInput e) {
            return true;
        }
    }

    @Test
    void aTicketOfCephsOwnMonitorsIsTakenWithoutOurSeal() {
        CryptoKey secret = CryptoKey.generate(random, now);
        ServiceTicketInfo info = new ServiceTicketInfo(
                new AuthTicket(GOOD, 7, now, now.plus(TICKET), false, AuthCaps.encode("allow r")),
                CryptoKey.generate(random, now));
        Bytes sealed = secret.decrypt(info.seal(secret));
        Bytes asCephHasIt = secret.encrypt(sealed.slice(0, sealed.size() - 32));
        assertThat(ServiceTicketInfo.open(secret, asCephHasIt)).isEqualTo(info);
        Bytes cutShort = secret.encrypt(sealed.slice(0, sealed.size() - 1));
        assertThatThrownBy(() -> ServiceTicketInfo.open(secret, cutShort)).isInstanceOf(MalformedInput.class);
    }

    @Test
    void aTicketForOneServiceOpensNoOther() {
        ClientAuth client = loggedIn(GOOD);
        for (EntityType other : List.of(EntityType.MON, EntityType.MGR)) {
            Bytes shown = client.begin(EntityType.OSD).request().payload();
            byte[] relabelled = shown.toArray();
            relabelled[9] = (byte) other.code(); // says that the ticket is for the other service
            ServiceAuthServer service = new ServiceAuthServer(AuthSettings.defaults(other), keys, random);
            for (Bytes payload : List.of(shown, Bytes.wrap(relabelled))) {
                try {
                    assertThat(service.begin(EntityType.CLIENT).request(AuthMethod.CEPHX, ConnectionMode.CRC, payload))
                            .isInstanceOf(Reply.Denied.class);
                } catch (MalformedInput expected) {
                    assertThat(expected).isNotNull(); // closed with another service's secret
                }
            }
        }
    }

    @Test
    void nobodyLogsInUnderAnothersName() {
        AuthServer.Exchange there = mon.begin(EntityType.CLIENT);
        Bytes claim = new Encoder()
                .u8(Cephx.MODE_MON)
                .put(EntityName.CODEC, GOOD)
                .u64(0)
                .toBytes();
        Reply.More more = (Reply.More) there.request(AuthMethod.CEPHX, ConnectionMode.CRC, claim);
        AuthClient.Exchange evil = client(EVIL).begin(EntityType.MON);
        evil.request();
        assertThat(there.more(evil.replyMore(more.payload()))).isInstanceOf(Reply.Denied.class);
    }

    @Test
    void aTicketShowsItsHoldersNumberOnly() {
        Bytes shown = loggedIn(EVIL).begin(EntityType.OSD).request().payload();
        byte[] claimed = shown.toArray();
        claimed[1] ^= 1;
        assertThat(refuses(Bytes.wrap(claimed))).isTrue();
    }

    @Test
    void aNumberIsNotReclaimedWithoutProofNorWithAnothersTicket() {
        ClientAuth good = loggedIn(GOOD);
        ClientAuth evil = loggedIn(EVIL);
        ServiceTicketInfo ticketOfGood = new ServiceTicketInfo(
                new AuthTicket(GOOD, good.globalId(), now, now.plus(TICKET), false, Bytes.EMPTY),
                CryptoKey.generate(random, now));
        Map.Entry<Long, RotatingSecrets.Secret> secret =
                keys.rotating().of(EntityType.AUTH).current(now);
        TicketBlob stolen = new TicketBlob(
                secret.getKey(), ticketOfGood.seal(secret.getValue().key()));
        assertThat(claim(GOOD, good.globalId(), stolen)).isInstanceOf(Reply.Done.class);
        assertThat(claim(GOOD, good.globalId(), TicketBlob.NONE)).isInstanceOf(Reply.Denied.class);
        assertThat(claim(GOOD, evil.globalId(), stolen)).isInstanceOf(Reply.Denied.class);
        assertThat(claim(EVIL, good.globalId(), stolen)).isInstanceOf(Reply.Denied.class);
        assertThat(claim(GOOD, good.globalId(), new TicketBlob(99, stolen.blob())))
                .isInstanceOf(Reply.Denied.class);
    }

    /** A login with the right key and this number and ticket. */
    private Reply claim(EntityName name, long globalId, TicketBlob oldTicket) {
        AuthServer.Exchange there = mon.begin(EntityType.CLIENT);
        Bytes hello = new Encoder()
                .u8(Cephx.MODE_MON)
                .put(EntityName.CODEC, name)
                .u64(globalId)
                .toBytes();
        Reply.More more = (Reply.More) there.request(AuthMethod.CEPHX, ConnectionMode.CRC, hello);
        long challenge = new Decoder(more.payload().slice(1, 8)).u64();
        return there.more(new Encoder()
                .u16(Cephx.GET_AUTH_SESSION_KEY)
                .u8(3)
                .u64(5)
                .u64(Cephx.proof(keyOf(name), challenge, 5))
                .put(TicketBlob.CODEC, oldTicket)
                .u32(EntityType.OSD.code())
                .toBytes());
    }

    @Test
    void aServiceThatDoesNotAnswerTheClientsNonceIsNotBelieved() {
        ClientAuth client = loggedIn(GOOD);
        AuthClient.Exchange one = client.begin(EntityType.OSD);
        AuthClient.Exchange other = client.begin(EntityType.OSD);
        Reply.Done done = (Reply.Done) show(osd, one);
        assertThatThrownBy(() -> other.done(client.globalId(), ConnectionMode.CRC, done.payload()))
                .isInstanceOf(AuthException.class);
        byte[] damaged = done.payload().toArray();
        damaged[damaged.length - 1] ^= 1;
        assertThatThrownBy(() -> one.done(client.globalId(), ConnectionMode.CRC, Bytes.wrap(damaged)))
                .isInstanceOfAny(AuthException.class, MalformedInput.class);
    }

    @Test
    void nobodyAnswersAServicesQuestionWithoutTheTicketsSessionKey() {
        ClientAuth victim = loggedIn(GOOD);
        Bytes shown = victim.begin(EntityType.OSD).request().payload();
        AuthServer.Exchange there = osd.begin(EntityType.CLIENT);
        Reply.More more = (Reply.More) there.request(AuthMethod.CEPHX, ConnectionMode.CRC, shown);
        AuthClient.Exchange thief = loggedIn(EVIL).begin(EntityType.OSD);
        assertThatThrownBy(() -> thief.replyMore(more.payload())).isInstanceOf(MalformedInput.class);
    }

    @Test
    void withShortLivedTicketsThoseWhoRenewAreServedForEverAndOthersAreNot() {
        EntityName osdName = EntityName.parse("osd.0");
        database.put(osdName, new EntityAuth(CryptoKey.generate(random, now), Map.of("mon", "allow profile osd")));
        ClientAuth daemon = new ClientAuth(
                AuthSettings.defaults(EntityType.OSD),
                osdName,
                Keyring.of(osdName, keyOf(osdName)),
                List.of(EntityType.MON),
                random,
                clock);
        AuthenticatedPeer daemonsPeer = logIn(daemon);
        ServiceAuthServer service =
                new ServiceAuthServer(AuthSettings.defaults(EntityType.OSD), daemon.rotatingKeys(), random);
        ClientAuth client = client(GOOD);
        AuthenticatedPeer peer = logIn(client);
        ClientAuth idle = loggedIn(EVIL);
        List<Long> secrets = new ArrayList<>();
        for (int second = 0; second < 4 * 3600; second += 10) {
            rotate(); // as the leading monitor does, at every tick
            if (daemon.needsTickets()) {
                renew(daemon, daemonsPeer, daemon.buildRequest());
            }
            if (daemon.needsRotatingKeys()) {
                renew(daemon, daemonsPeer, daemon.buildRotatingRequest());
            }
            if (client.needsTickets()) {
                renew(client, peer, client.buildRequest());
            }
            assertThat(show(service, client.begin(EntityType.OSD)))
                    .as("after %d s", second)
                    .isInstanceOf(Reply.Done.class);
            if (second > TICKET.toSeconds()) {
                assertThat(show(service, idle.begin(EntityType.OSD))).isInstanceOf(Reply.Denied.class);
            }
            long newest = keys.rotating().of(EntityType.OSD).maxVersion();
            if (!secrets.contains(newest)) {
                secrets.add(newest);
            }
            assertThat(keys.rotating().of(EntityType.OSD).secrets()).hasSize(3);
            now = now.plusSeconds(10);
        }
        assertThat(secrets).as("a generation every ten minutes").hasSizeBetween(23, 26);
    }

    private void renew(ClientAuth who, AuthenticatedPeer peer, Bytes request) {
        MonAuthServer.RenewalReply reply = mon.renew(peer, request);
        who.handleReply(reply.result(), reply.payload());
    }
}
