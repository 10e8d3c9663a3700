package io.spirula.common.msgr.netty;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.Keyring;
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
import io.spirula.common.msgr.Transport;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A monitor that knows nothing but its map, for stock programs to log in at: PORT KEYRING AUTH MODES MONMAP [FILE to record the first peer's bytes in]. */
final class StockServer {
    public static void main(String[] args) throws Exception {
        Keyring keyring = Keyring.load(Path.of(args[1]));
        var modes = ConnectionMode.parseList(args[3]);
        AuthSettings settings =
                AuthSettings.of(EntityType.MON, args[2], args[2], args[2]).withMonModes(modes, modes, modes);
        Bytes monMap = Bytes.wrap(Files.readAllBytes(Path.of(args[4])));
        NettyReactor reactor = NettyReactor.start("mon");
        SecureRandom random = new SecureRandom();
        KeyServer keys = new KeyServer(keyring::find, random, reactor.clock());
        var due = keys.dueRotation();
        if (due != null) {
            keys.setRotating(due);
        }
        AtomicLong ids = new AtomicLong(5000);
        MonAuthServer server = new MonAuthServer(settings, keys, ids::incrementAndGet, () -> false, random);
        reactor.execute(() -> {
            AsyncMessenger messenger = new AsyncMessenger(
                    reactor,
                    args.length > 5
                            ? recording(new NettyTransport(reactor, MessengerOptions.mon()), Path.of(args[5]))
                            : new NettyTransport(reactor, MessengerOptions.mon()),
                    new EntityId(EntityType.MON, 0),
                    MessengerOptions.mon(),
                    new MonAuthClient(settings, EntityName.parse("mon.a"), keys, random),
                    server,
                    random,
                    RawMessage::new);
            messenger.setDispatcher(new Dispatcher() {
                @Override
                public void accepted(Connection connection) {
                    System.out.println("accepted " + connection + " " + connection.authenticated());
                }

                @Override
                public void dispatch(Connection connection, Message message) {
                    var payload = ((RawMessage) message).payload();
                    System.out.println("got type " + payload.type() + " v" + payload.version() + " front "
                            + payload.front().size());
                    if (payload.type() == 15 || payload.type() == 5) {
                        connection.send(
                                RawMessage.of(4, new Encoder().bytes(monMap).toBytes(), Bytes.EMPTY));
                    }
                }

                @Override
                public void reset(Connection connection) {
                    System.out.println("reset " + connection);
                }
            });
            messenger.bind(EntityAddr.msgr2("127.0.0.1", Integer.parseInt(args[0]), 0));
            System.out.println("listening " + messenger.addrs());
        });
        new java.util.concurrent.CountDownLatch(1).await();
    }

    private static Transport recording(Transport transport, Path file) {
        AtomicBoolean first = new AtomicBoolean(true);
        return new Transport() {
            @Override
            public void connect(EntityAddr target, LinkHandler handler) {
                transport.connect(target, handler);
            }

            @Override
            public EntityAddr bind(EntityAddr address, Acceptor acceptor) {
                return transport.bind(
                        address, () -> first.getAndSet(false) ? recording(acceptor.accept(), file) : acceptor.accept());
            }

            @Override
            public void close() {
                transport.close();
            }
        };
    }

    private static Transport.LinkHandler recording(Transport.LinkHandler handler, Path file) {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        return new Transport.LinkHandler() {
            @Override
            public void connected(Transport.Link link) {
                handler.connected(link);
            }

            @Override
            public void received(Transport.ByteSource source) {
                handler.received(new Transport.ByteSource() {
                    @Override
                    public int available() {
                        return source.available();
                    }

                    @Override
                    public void read(byte[] target, int at, int count) {
                        source.read(target, at, count);
                        seen.write(target, at, count);
                    }
                });
            }

            @Override
            public void writable() {
                handler.writable();
            }

            @Override
            public void closed(String reason, boolean refused) {
                try {
                    Files.write(file, seen.toByteArray());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                handler.closed(reason, refused);
            }
        };
    }
}
