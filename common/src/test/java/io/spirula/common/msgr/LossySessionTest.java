package io.spirula.common.msgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageRegistry;
import io.spirula.common.message.Payload;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client's sessions with a server: they end with their link, and both sides are told. */
class LossySessionTest {
    private static final EntityAddr SERVER = EntityAddr.msgr2("127.0.0.1", 7000, 0);
    private static final EntityName NAME = EntityName.client("admin");
    private static final int THROTTLE = 10_000;
    private static final int HELD_MESSAGES = 20;

    private final Random random = new Random(9);
    private final VirtualReactor reactor = new VirtualReactor();
    private final VirtualNetwork network = new VirtualNetwork(reactor, random);
    private final CryptoKey key = CryptoKey.generate(random, reactor.clock().now());
    private final KeyServer keys =
            new KeyServer(name -> new EntityAuth(key, Map.of("mon", "allow *")), random, reactor.clock());
    private final Log clientLog = new Log(false);
    private final Log serverLog = new Log(true);

    /** Writes down what a dispatcher is told; may hold what it gets. */
    private static final class Log implements Dispatcher {
        final boolean holding;
        final List<String> events = new ArrayList<>();
        final List<Runnable> releases = new ArrayList<>();
        int messages;

        Log(boolean holding) {
            this.holding = holding;
        }

        @Override
        public void dispatch(Connection connection, Message message) {
            messages++;
            if (holding) {
                int held = connection.hold();
                releases.add(() -> connection.release(held));
            }
        }

        @Override
        public void connected(Connection connection) {
            events.add("connected");
        }

        @Override
        public void accepted(Connection connection) {
            events.add("accepted " + connection.peerId());
        }

        @Override
        public void reset(Connection connection) {
            events.add("reset");
        }

        @Override
        public void refused(Connection connection) {
            events.add("refused");
        }
    }

    @BeforeEach
    void rotateTheKeys() {
        keys.setRotating(Objects.requireNonNull(keys.dueRotation()));
    }

    private AsyncMessenger client(Keyring keyring) {
        ClientAuth auth = new ClientAuth(
                AuthSettings.defaults(EntityType.CLIENT),
                NAME,
                keyring,
                ClientAuth.CLIENT_SERVICES,
                random,
                reactor.clock());
        AsyncMessenger messenger = new AsyncMessenger(
                reactor,
                network.transport(),
                new EntityId(EntityType.CLIENT, -1),
                MessengerOptions.client(),
                auth,
                null,
                random,
                RawMessage::new);
        messenger.setDispatcher(clientLog);
        return messenger;
    }

    private AsyncMessenger server(Function<Payload, Message> decoder) {
        AuthSettings settings = AuthSettings.defaults(EntityType.MON);
        MessengerOptions options = MessengerOptions.mon().withHeldMax(THROTTLE, HELD_MESSAGES);
        AsyncMessenger messenger = new AsyncMessenger(
                reactor,
                network.transport(),
                new EntityId(EntityType.MON, 0),
                options,
                new MonAuthClient(settings, EntityName.parse("mon.a"), keys, random),
                new MonAuthServer(settings, keys, () -> 4711, () -> false, random),
                random,
                decoder);
        messenger.setDispatcher(serverLog);
        messenger.bind(SERVER);
        return messenger;
    }

    private Connection connect(AsyncMessenger client) {
        Connection connection = client.connect(EntityType.MON, EntityAddrs.of(SERVER));
        reactor.run(Duration.ofSeconds(2));
        return connection;
    }

    private static RawMessage message(int size) {
        return RawMessage.of(60000, Bytes.EMPTY, Bytes.zeros(size));
    }

    @Test
    void aClientIsKnownByTheNumberThatItWasGiven() {
        server(RawMessage::new);
        AsyncMessenger client = client(Keyring.of(NAME, key));
        assertThat(connect(client).isConnected()).isTrue();
        assertThat(serverLog.events).containsExactly("accepted client.4711");
        assertThat(client.self()).isEqualTo(new EntityId(EntityType.CLIENT, 4711));
    }

    @Test
    void aBrokenLinkResetsBothSidesAndTheNextConnectionIsANewOne() {
        server(RawMessage::new);
        AsyncMessenger client = client(Keyring.of(NAME, key));
        Connection first = connect(client);
        network.breakAll();
        reactor.run(Duration.ofSeconds(1));
        assertThat(first.isClosed()).isTrue();
        assertThat(clientLog.events).containsExactly("connected", "reset");
        assertThat(serverLog.events).containsExactly("accepted client.4711", "reset");
        assertThat(connect(client)).isNotSameAs(first);
        assertThat(clientLog.events).endsWith("connected");
    }

    @Test
    void aRefusedConnectionSaysSoAndIsReset() {
        assertThat(connect(client(Keyring.of(NAME, key))).isClosed()).isTrue();
        assertThat(clientLog.events).containsExactly("refused", "reset");
    }

    @Test
    void aWrongKeyIsResetAndNothingIsAccepted() {
        server(RawMessage::new);
        CryptoKey wrong = CryptoKey.generate(random, reactor.clock().now());
        assertThat(connect(client(Keyring.of(NAME, wrong))).isClosed()).isTrue();
        assertThat(clientLog.events).containsExactly("reset");
        assertThat(serverLog.events).isEmpty();
    }

    @Test
    void anUnknownMessageTypeEndsTheSession() {
        server(MessageRegistry::decode);
        Connection connection = connect(client(Keyring.of(NAME, key)));
        connection.send(message(10));
        reactor.run(Duration.ofSeconds(1));
        assertThat(connection.isClosed()).isTrue();
        assertThat(serverLog.events).endsWith("reset");
        assertThat(serverLog.messages).isZero();
    }

    @Test
    void heldBytesStopTheReadingUntilTheyAreReleased() {
        server(RawMessage::new);
        Connection connection = connect(client(Keyring.of(NAME, key)));
        for (int i = 0; i < 100; i++) {
            connection.send(message(THROTTLE / 3));
        }
        reactor.run(Duration.ofSeconds(5));
        assertThat(serverLog.messages).isBetween(3, 4);
        while (!serverLog.releases.isEmpty()) {
            serverLog.releases.remove(0).run();
            reactor.run(Duration.ofSeconds(1));
        }
        assertThat(serverLog.messages).isEqualTo(100);
    }

    @Test
    void aClientWaitsWhileTooManyMessagesAreHeldHoweverSmall() {
        server(RawMessage::new);
        Connection connection = connect(client(Keyring.of(NAME, key)));
        for (int i = 0; i < 100; i++) {
            connection.send(message(1));
        }
        reactor.run(Duration.ofSeconds(5));
        assertThat(serverLog.messages).isEqualTo(HELD_MESSAGES);
        for (int i = 1; i <= 80; i++) {
            serverLog.releases.remove(0).run();
            reactor.run(Duration.ofSeconds(1));
            assertThat(serverLog.messages).isEqualTo(HELD_MESSAGES + i);
        }
    }

    @Test
    void whatAClientHadHeldIsRoomForOthersOnceItIsReleased() {
        server(RawMessage::new);
        Connection first = connect(client(Keyring.of(NAME, key)));
        Connection second = connect(client(Keyring.of(NAME, key)));
        for (int i = 0; i < HELD_MESSAGES; i++) {
            first.send(message(1));
        }
        reactor.run(Duration.ofSeconds(1));
        first.close();
        reactor.run(Duration.ofSeconds(1));
        second.send(message(1));
        reactor.run(Duration.ofSeconds(1));
        assertThat(serverLog.messages).isEqualTo(HELD_MESSAGES);
        serverLog.releases.remove(0).run();
        reactor.run(Duration.ofSeconds(1));
        assertThat(serverLog.messages).isEqualTo(HELD_MESSAGES + 1);
    }

    @Test
    void aKeepaliveIsAnswered() {
        server(RawMessage::new);
        Connection connection = connect(client(Keyring.of(NAME, key)));
        long before = connection.lastKeepaliveAckNanos();
        connection.sendKeepalive();
        reactor.run(Duration.ofSeconds(1));
        assertThat(connection.lastKeepaliveAckNanos()).isGreaterThan(before);
    }
}
