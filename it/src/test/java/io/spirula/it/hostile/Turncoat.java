package io.spirula.it.hostile;

import io.spirula.common.auth.AuthMethod;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.Keyring;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.message.MessageType;
import io.spirula.common.message.Payload;
import io.spirula.common.monclient.MonAuth;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.msgr.AsyncMessenger;
import io.spirula.common.msgr.Connection;
import io.spirula.common.msgr.Dispatcher;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.netty.NettyReactor;
import io.spirula.common.msgr.netty.NettyTransport;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A client with a good key and bad manners. */
final class Turncoat implements AutoCloseable, Dispatcher {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** As long as a connection may live that the server finds nothing wrong with. */
    private static final Duration LIFE = Duration.ofMillis(300);

    private final NettyReactor reactor = NettyReactor.start("turncoat");
    private final DamagingTransport transport;
    private final AsyncMessenger messenger;
    private final MonClient monitors;
    private final IdentityHashMap<Connection, CompletableFuture<Boolean>> closed = new IdentityHashMap<>();

    Turncoat(EntityName name, Keyring keyring, List<EntityAddrs> monitorAddrs, Random random) {
        MessengerOptions options = MessengerOptions.client();
        List<ConnectionMode> crc = List.of(ConnectionMode.CRC);
        AuthSettings settings = AuthSettings.defaults(EntityType.CLIENT)
                .withModes(crc, crc, crc)
                .withMonModes(crc, crc, crc);
        assert settings.clientMethods().contains(AuthMethod.CEPHX);
        MonAuth auth = new MonAuth(
                new ClientAuth(settings, name, keyring, ClientAuth.CLIENT_SERVICES, random, NettyReactor.SYSTEM_CLOCK));
        transport = new DamagingTransport(new NettyTransport(reactor, options), random);
        messenger = new AsyncMessenger(
                reactor, transport, new EntityId(EntityType.CLIENT, -1), options, auth, null, random);
        messenger.setDispatcher(this);
        monitors = new MonClient(
                MonClientSettings.DEFAULTS, monitorAddrs, reactor, random, messenger, auth, new MonClientListener() {});
    }

    void logIn() {
        call(() -> {
            monitors.start();
            return monitors.authenticated(PATIENCE);
        });
    }

    /** Opens a session, sends this, and returns whether the server closed it. */
    boolean send(EntityType to, EntityAddrs addrs, Payload payload, boolean damaged) {
        return call(() -> {
            transport.damage(damaged);
            Connection connection = messenger.connect(to, addrs);
            transport.damage(false);
            CompletableFuture<Boolean> end = new CompletableFuture<>();
            closed.put(connection, end);
            connection.send(new Raw(payload));
            reactor.schedule(LIFE, () -> {
                if (!end.isDone()) {
                    connection.close();
                    end.complete(false);
                }
            });
            return end;
        });
    }

    private interface Start<T> {
        CompletableFuture<T> begin();
    }

    private <T> T call(Start<T> start) {
        CompletableFuture<T> result = new CompletableFuture<>();
        reactor.execute(() -> start.begin().whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result.orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void dispatch(Connection connection, Message message) {
        monitors.dispatch(connection, message);
    }

    @Override
    public void connected(Connection connection) {
        monitors.connected(connection);
    }

    @Override
    public void reset(Connection connection) {
        monitors.reset(connection);
        CompletableFuture<Boolean> waiting = closed.remove(connection);
        if (waiting != null) {
            waiting.complete(true);
        }
    }

    @Override
    public void close() {
        reactor.execute(() -> {
            monitors.shutdown();
            messenger.shutdown();
            reactor.close();
        });
    }

    /** Any message as its bytes. */
    private record Raw(Payload payload) implements Message {
        @Override
        public MessageType<Raw> type() {
            return new MessageType<>(
                    payload.type(),
                    "raw",
                    payload.version(),
                    payload.compatVersion(),
                    Raw.class,
                    (m, out) -> {
                        out.front().raw(m.payload.front());
                        out.middle(m.payload.middle());
                        out.data(m.payload.data().isEmpty() ? Bytes.EMPTY : m.payload.data());
                    },
                    in -> {
                        throw new UnsupportedOperationException();
                    });
        }

        @Override
        public long tid() {
            return payload.tid();
        }
    }
}
