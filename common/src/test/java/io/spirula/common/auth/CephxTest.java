package io.spirula.common.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.auth.AuthServer.Reply;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Clock;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Client, monitor and service, without a network between them. */
class CephxTest {
    private static final EntityName ADMIN = EntityName.client("admin");
    private static final EntityName OSD = EntityName.parse("osd.0");

    private final Random random = new Random(1);
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
    private final KeyServer keys = new KeyServer(database::get, random, clock);
    private final MonAuthServer mon =
            new MonAuthServer(AuthSettings.defaults(EntityType.MON), keys, () -> 4100, () -> false, random);

    @BeforeEach
    void fillTheDatabase() {
        database.put(ADMIN, new EntityAuth(key(), Map.of("mon", "allow *", "osd", "allow rw")));
        database.put(OSD, new EntityAuth(key(), Map.of("mon", "allow profile osd", "osd", "allow *")));
        keys.setRotating(Objects.requireNonNull(keys.dueRotation()));
    }

    private CryptoKey key() {
        return CryptoKey.generate(random, now);
    }

    private ClientAuth client(EntityName name, CryptoKey key) {
        return new ClientAuth(
                AuthSettings.defaults(name.type()),
                name,
                Keyring.of(name, key),
                ClientAuth.CLIENT_SERVICES,
                random,
                clock);
    }

    private ClientAuth client(EntityName name) {
        return client(name, Objects.requireNonNull(database.get(name)).key());
    }

    private Reply logIn(ClientAuth client) {
        AuthServer.Exchange there = mon.begin(EntityType.CLIENT);
        AuthClient.Exchange here = client.begin(EntityType.MON);
        AuthClient.Request request = here.request();
        Reply.More more = (Reply.More) there.request(request.method(), ConnectionMode.SECURE, request.payload());
        Reply reply = there.more(here.replyMore(more.payload()));
        if (reply instanceof Reply.Done done) {
            AuthClient.Outcome outcome = here.done(done.peer().globalId(), ConnectionMode.SECURE, done.payload());
            assertThat(outcome).isEqualTo(done.secrets());
            assertThat(outcome.connectionSecret().size()).isEqualTo(64);
        }
        return reply;
    }

    @Test
    void aClientLogsInAndHasTickets() {
        ClientAuth client = client(ADMIN);
        Reply.Done done = (Reply.Done) logIn(client);
        assertThat(done.peer().name()).isEqualTo(ADMIN);
        assertThat(AuthCaps.decode(done.peer().caps())).isEqualTo("allow *");
        assertThat(client.globalId()).isEqualTo(4100);
        assertThat(client.needsTickets()).isFalse();
    }

    @Test
    void anotherKeyAndAnUnknownNameAreRefusedAlike() {
        assertThat(logIn(client(ADMIN, key())))
                .isInstanceOfSatisfying(
                        Reply.Denied.class, d -> assertThat(d.errno()).isEqualTo(Errno.EACCES));
        assertThat(logIn(client(EntityName.client("nobody"), key())))
                .isInstanceOfSatisfying(
                        Reply.Denied.class, d -> assertThat(d.errno()).isEqualTo(Errno.EACCES));
    }

    @Test
    void aNumberIsReclaimedWithItsTicketOnly() {
        ClientAuth client = client(ADMIN);
        logIn(client);
        assertThat(logIn(client)).isInstanceOf(Reply.Done.class);
        assertThat(client.globalId()).isEqualTo(4100);

        now = now.plus(Duration.ofDays(30)); // the secrets of the old ticket are gone
        keys.setRotating(Objects.requireNonNull(keys.dueRotation()));
        assertThat(logIn(client)).isInstanceOf(Reply.Denied.class);
    }

    @Test
    void loginsAtTwoMonitorsAtOnceDoNotDisturbEachOther() {
        ClientAuth client = client(ADMIN);
        logIn(client);
        AuthServer.Exchange[] there = {mon.begin(EntityType.CLIENT), mon.begin(EntityType.CLIENT)};
        AuthClient.Exchange[] here = {client.begin(EntityType.MON), client.begin(EntityType.MON)};
        Reply.Done[] done = new Reply.Done[2];
        for (int i = 0; i < 2; i++) {
            AuthClient.Request request = here[i].request();
            Reply.More more = (Reply.More) there[i].request(request.method(), ConnectionMode.SECURE, request.payload());
            done[i] = (Reply.Done) there[i].more(here[i].replyMore(more.payload()));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(here[i].done(done[i].peer().globalId(), ConnectionMode.SECURE, done[i].payload()))
                    .isEqualTo(done[i].secrets());
        }
    }

    @Test
    void ticketsAreRenewedOverTheSession() {
        ClientAuth client = client(ADMIN);
        var peer = ((Reply.Done) logIn(client)).peer();
        now = now.plus(Duration.ofMinutes(50));
        assertThat(client.needsTickets()).isTrue();
        renew(client, peer);
        assertThat(client.needsTickets()).isFalse();
        now = now.plus(Duration.ofHours(60));
        assertThat(client.needsTickets()).isTrue();
        renew(client, peer);
        assertThat(client.needsTickets()).isFalse();
    }

    private void renew(ClientAuth client, io.spirula.common.msgr.AuthenticatedPeer peer) {
        MonAuthServer.RenewalReply reply = mon.renew(peer, client.buildRequest());
        client.handleReply(reply.result(), reply.payload());
    }

    @Test
    void aServiceChecksTicketsWithTheKeysThatItFetched() {
        ClientAuth client = client(ADMIN);
        logIn(client);
        ClientAuth osd = client(OSD);
        var peer = ((Reply.Done) logIn(osd)).peer();
        assertThat(osd.needsRotatingKeys()).isTrue();
        MonAuthServer.RenewalReply reply = mon.renew(peer, osd.buildRotatingRequest());
        osd.handleReply(reply.result(), reply.payload());
        assertThat(osd.needsRotatingKeys()).isFalse();

        ServiceAuthServer service =
                new ServiceAuthServer(AuthSettings.defaults(EntityType.OSD), osd.rotatingKeys(), random);
        AuthServer.Exchange there = service.begin(EntityType.CLIENT);
        AuthClient.Exchange here = client.begin(EntityType.OSD);
        AuthClient.Request request = here.request();
        Reply.More more = (Reply.More) there.request(request.method(), ConnectionMode.CRC, request.payload());
        Reply.Done done = (Reply.Done) there.more(here.replyMore(more.payload()));
        assertThat(here.done(4100, ConnectionMode.CRC, done.payload())).isEqualTo(done.secrets());
        assertThat(done.peer().globalId()).isEqualTo(4100);
        assertThat(AuthCaps.decode(done.peer().caps())).isEqualTo("allow rw");

        assertThat(service.begin(EntityType.CLIENT)
                        .request(
                                request.method(),
                                ConnectionMode.CRC,
                                client.begin(EntityType.MGR).request().payload()))
                .isInstanceOf(Reply.Denied.class);
    }

    @Test
    void aTicketForOneServiceIsWorthNothingAtAnother() {
        ClientAuth client = client(ADMIN);
        logIn(client);
        AuthClient.Request osdTicket = client.begin(EntityType.OSD).request();
        assertThat(mon.begin(EntityType.CLIENT).request(osdTicket.method(), ConnectionMode.CRC, osdTicket.payload()))
                .isInstanceOf(Reply.Denied.class);
        ServiceAuthServer manager = new ServiceAuthServer(AuthSettings.defaults(EntityType.MGR), keys, random);
        assertThat(manager.begin(EntityType.CLIENT)
                        .request(osdTicket.method(), ConnectionMode.CRC, osdTicket.payload()))
                .isInstanceOf(Reply.Denied.class);
    }

    @Test
    void aClientDoesNotGetRotatingKeys() {
        var peer = ((Reply.Done) logIn(client(ADMIN))).peer();
        assertThat(mon.renew(peer, client(OSD).buildRotatingRequest()).result()).isEqualTo(-Errno.EPERM);
    }

    @Test
    void anAnswerWithoutTheChallengeIsRefused() {
        ClientAuth client = client(ADMIN);
        logIn(client);
        AuthServer.Exchange there =
                new ServiceAuthServer(AuthSettings.defaults(EntityType.OSD), keys, random).begin(EntityType.CLIENT);
        AuthClient.Request request = client.begin(EntityType.OSD).request();
        assertThat(there.request(request.method(), ConnectionMode.CRC, request.payload()))
                .isInstanceOf(Reply.More.class);
        assertThat(there.more(request.payload())).isInstanceOf(Reply.Denied.class);
    }

    @Test
    void damagedRequestsAreRefusedAndNothingWorse() {
        ClientAuth client = client(ADMIN);
        var peer = ((Reply.Done) logIn(client)).peer();
        now = now.plus(Duration.ofMinutes(50));
        byte[] good = client.buildRequest().toArray();
        for (int i = 0; i < 2000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
            if (bad.length > 0) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            }
            assertThat(mon.renew(peer, Bytes.wrap(bad))).isNotNull();
            AuthServer.Exchange exchange = mon.begin(EntityType.CLIENT);
            try {
                exchange.request(AuthMethod.CEPHX, ConnectionMode.CRC, Bytes.wrap(bad));
                exchange.more(Bytes.wrap(bad));
            } catch (MalformedInput expected) {
                assertThat(expected).isNotNull();
            }
        }
    }

    @Test
    void rotatingKeysRollOnAndOldTicketsLiveThroughOneRotation() {
        RotatingKeys first = keys.rotating();
        assertThat(RotatingKeys.CODEC.fromBytes(RotatingKeys.CODEC.toBytes(first)))
                .isEqualTo(first);
        assertThat(keys.dueRotation()).isNull();
        now = now.plus(Duration.ofMinutes(121));
        RotatingKeys second = Objects.requireNonNull(keys.dueRotation());
        assertThat(second.of(EntityType.OSD).secrets()).hasSize(3);
        assertThat(second.of(EntityType.OSD).secrets().firstKey()).isEqualTo(2);
    }

    @Test
    void withoutAKeyThereIsAClearError() {
        ClientAuth client = new ClientAuth(
                AuthSettings.of(EntityType.CLIENT, "cephx", "cephx", "cephx"),
                ADMIN,
                Keyring.EMPTY,
                ClientAuth.CLIENT_SERVICES,
                random,
                clock);
        assertThatThrownBy(() -> client.begin(EntityType.MON))
                .isInstanceOf(AuthException.class)
                .hasMessage("no key for client.admin in the keyring: name one with --keyring");
    }
}
