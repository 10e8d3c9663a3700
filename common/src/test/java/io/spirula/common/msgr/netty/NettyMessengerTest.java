package io.spirula.common.msgr.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.AsyncMessenger;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.RawMessage;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two messengers over real sockets. */
class NettyMessengerTest {
    private static final int DEADLINE_SECONDS = 60;

    private final Random random = new Random(4);
    private final NettyReactor here = NettyReactor.start("here");
    private final NettyReactor there = NettyReactor.start("there");
    private final CryptoKey key = CryptoKey.generate(random, here.clock().now());
    private final List<AsyncMessenger> messengers = new ArrayList<>();
    private KeyServer keys = new KeyServer(name -> null, random, here.clock());

    @BeforeEach
    void makeTheKeys() {
        keys = new KeyServer(name -> new EntityAuth(key, Map.of("mon", "allow *")), random, here.clock());
    }

    @AfterEach
    void stop() {
        here.execute(() -> messengers.get(1).shutdown());
        there.execute(() -> messengers.get(0).shutdown());
        here.close();
        there.close();
    }

    private AsyncMessenger messenger(NettyReactor reactor, ConnectionMode mode, Dispatcher dispatcher) {
        AuthSettings settings = AuthSettings.of(EntityType.MON, "cephx", "cephx", "cephx")
                .withMonModes(List.of(mode), List.of(mode), List.of(mode));
        AsyncMessenger messenger = new AsyncMessenger(
                reactor,
                new NettyTransport(reactor, MessengerOptions.mon()),
                new EntityId(EntityType.MON, messengers.size()),
                MessengerOptions.mon(),
                new MonAuthClient(settings, EntityName.parse("mon.a"), keys, random),
                new MonAuthServer(settings, keys, () -> 1, () -> false, random),
                random,
                RawMessage::new);
        messenger.setDispatcher(dispatcher);
        messengers.add(messenger);
        return messenger;
    }

    @ParameterizedTest
    @EnumSource
    void messagesOfAllSizesComeBackInOrderAndNoiseBesideThemDoesNoHarm(ConnectionMode mode) throws Exception {
        AsyncMessenger server = messenger(there, mode, Connection::send);
        CompletableFuture<EntityAddrs> bound = new CompletableFuture<>();
        there.execute(() -> {
            server.bind(EntityAddr.msgr2("127.0.0.1", 0, 0));
            bound.complete(server.addrs());
        });
        EntityAddrs address = bound.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        makeNoise(address.front());

        List<RawMessage> sent = messages();
        List<Message> back = new ArrayList<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        AsyncMessenger client = messenger(here, mode, (connection, message) -> {
            back.add(message);
            if (back.size() == sent.size()) {
                done.complete(null);
            }
        });
        here.execute(() -> {
            client.bind(EntityAddr.msgr2("127.0.0.1", 0, 5));
            Connection connection = client.connect(EntityType.MON, address);
            sent.forEach(connection::send);
        });
        done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(back).isEqualTo(sent);
    }

    private List<RawMessage> messages() {
        List<RawMessage> messages = new ArrayList<>();
        int[] sizes = {0, 1, 7, 15, 16, 17, 48, 511, 512, 513, 4096, 65_535, 65_536, 1 << 20, 9 << 20};
        for (int i = 0; i < 300; i++) {
            int size = i < sizes.length ? sizes[i] : random.nextInt(5000);
            byte[] data = new byte[size];
            random.nextBytes(data);
            Bytes front = new Encoder().u32(i).zeros(random.nextInt(100)).toBytes();
            messages.add(RawMessage.of(99, i % 3 == 0 ? Bytes.EMPTY : front, Bytes.wrap(data)));
        }
        return messages;
    }

    /** Strangers that send nonsense, and hang up. */
    private void makeNoise(EntityAddr address) throws IOException {
        for (int i = 0; i < 50; i++) {
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            try (Socket socket = new Socket(address.host(), address.port())) {
                socket.getOutputStream().write(noise);
            }
        }
    }
}
