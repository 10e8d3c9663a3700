package io.spirula.common.msgr.netty;

import com.sun.management.OperatingSystemMXBean;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageType;
import io.spirula.common.message.Payload;
import io.spirula.common.msgr.AsyncMessenger;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.Policy;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Round trips over loopback, their rate and CPU: MODE DATA_BYTES IN_FLIGHT COUNT [lossless]. */
final class MessengerLoad {
    record Ping(Payload payload) implements Message {
        static final MessageType<Ping> TYPE = new MessageType<>(
                1,
                "Ping",
                1,
                1,
                Ping.class,
                (m, out) -> {
                    out.front().raw(m.payload.front());
                    out.data(m.payload.data());
                },
                in -> new Ping(new Payload(1, 1, 1, 127, 0, 0, Bytes.EMPTY, Bytes.EMPTY, in.data())));

        @Override
        public MessageType<Ping> type() {
            return TYPE;
        }
    }

    public static void main(String[] args) throws Exception {
        ConnectionMode mode = ConnectionMode.parseList(args[0]).get(0);
        int size = Integer.parseInt(args[1]);
        int inFlight = Integer.parseInt(args[2]);
        int count = Integer.parseInt(args[3]);
        MessengerOptions options =
                MessengerOptions.of(args.length > 4 ? Policy.LOSSLESS_PEER : Policy.STATELESS_SERVER);
        AuthSettings settings = AuthSettings.of(EntityType.MON, "cephx", "cephx", "cephx")
                .withMonModes(List.of(mode), List.of(mode), List.of(mode));
        SecureRandom random = new SecureRandom();
        CryptoKey key = CryptoKey.generate(random, NettyReactor.SYSTEM_CLOCK.now());
        KeyServer keys =
                new KeyServer(name -> new EntityAuth(key, Map.of("mon", "allow *")), random, NettyReactor.SYSTEM_CLOCK);
        NettyReactor there = NettyReactor.start("server");
        NettyReactor here = NettyReactor.start("client");
        CompletableFuture<EntityAddrs> address = new CompletableFuture<>();
        there.execute(() -> {
            AsyncMessenger server = messenger(there, 0, options, settings, keys, random);
            server.setDispatcher(Connection::send);
            server.bind(EntityAddr.msgr2("127.0.0.1", 0, 0));
            address.complete(server.addrs());
        });
        EntityAddrs target = address.join();
        Ping ping = new Ping(new Payload(1, 1, 1, 127, 0, 0, Bytes.zeros(200), Bytes.EMPTY, Bytes.zeros(size)));
        OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int round = 0; round < 4; round++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            long cpu = os.getProcessCpuTime();
            long start = System.nanoTime();
            int number = round + 1;
            here.execute(() -> {
                AsyncMessenger client = messenger(
                        here,
                        number,
                        options.equals(MessengerOptions.of(Policy.LOSSLESS_PEER)) ? options : MessengerOptions.client(),
                        settings,
                        keys,
                        random);
                client.setDispatcher(new Dispatcher() {
                    private int left = count;
                    private int toSend = count - inFlight;

                    @Override
                    public void dispatch(Connection connection, Message message) {
                        if (--left == 0) {
                            done.complete(null);
                            connection.close();
                        } else if (toSend-- > 0) {
                            connection.send(ping);
                        }
                    }
                });
                Connection connection = client.connect(EntityType.MON, target);
                for (int i = 0; i < inFlight; i++) {
                    connection.send(ping);
                }
            });
            done.join();
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuMicros = (os.getProcessCpuTime() - cpu) / 1e3 / count;
            System.out.printf(
                    "%s %d bytes x%d: %.0f round trips/s, %.2f us CPU each%n",
                    mode, size, inFlight, count / seconds, cpuMicros);
        }
        System.exit(0);
    }

    private static AsyncMessenger messenger(
            NettyReactor reactor,
            int number,
            MessengerOptions options,
            AuthSettings settings,
            KeyServer keys,
            SecureRandom random) {
        return new AsyncMessenger(
                reactor,
                new NettyTransport(reactor, options),
                new EntityId(EntityType.MON, number),
                options,
                new MonAuthClient(settings, EntityName.parse("mon.a"), keys, random),
                new MonAuthServer(settings, keys, () -> 1, () -> false, random),
                random,
                payload -> Ping.TYPE.decoder().apply(new Payload.In(payload)));
    }
}
