package io.spirula.common.msgr.netty;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.Keyring;
import io.spirula.common.encoding.Bytes;
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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a running monitor for its map: HOST:PORT KEYRING|- AUTH MODES. */
final class StockClient {
    public static void main(String[] args) throws Exception {
        String[] hostPort = args[0].split(":");
        Keyring keyring = args[1].equals("-") ? Keyring.EMPTY : Keyring.load(Path.of(args[1]));
        var modes = ConnectionMode.parseList(args[3]);
        AuthSettings settings =
                AuthSettings.of(EntityType.CLIENT, args[2], args[2], args[2]).withMonModes(modes, modes, modes);
        NettyReactor reactor = NettyReactor.start("client");
        SecureRandom random = new SecureRandom();
        ClientAuth auth = new ClientAuth(
                settings, EntityName.client("admin"), keyring, ClientAuth.CLIENT_SERVICES, random, reactor.clock());
        CompletableFuture<String> answer = new CompletableFuture<>();
        reactor.execute(() -> {
            AsyncMessenger messenger = new AsyncMessenger(
                    reactor,
                    new NettyTransport(reactor, MessengerOptions.client()),
                    new EntityId(EntityType.CLIENT, -1),
                    MessengerOptions.client(),
                    auth,
                    null,
                    random,
                    RawMessage::new);
            messenger.setDispatcher(new Dispatcher() {
                @Override
                public void dispatch(Connection connection, Message message) {
                    var payload = ((RawMessage) message).payload();
                    System.out.println("type " + payload.type() + " front "
                            + payload.front().size());
                    if (payload.type() == 4) {
                        answer.complete("monmap " + payload.front().size() + " from " + connection + " features "
                                + Long.toHexString(connection.peerFeatures()) + " self " + messenger.self() + " at "
                                + messenger.addrs()
                                + " osd ticket " + auth.hasTicketFor(EntityType.OSD) + " gid " + auth.globalId());
                    }
                }

                @Override
                public void reset(Connection connection) {
                    answer.complete("reset");
                }

                @Override
                public void refused(Connection connection) {
                    System.out.println("refused");
                }
            });
            Connection mon = messenger.connect(
                    EntityType.MON, EntityAddrs.of(EntityAddr.msgr2(hostPort[0], Integer.parseInt(hostPort[1]), 0)));
            mon.send(RawMessage.of(5, Bytes.EMPTY, Bytes.EMPTY));
        });
        System.out.println(answer.get(5, TimeUnit.SECONDS));
        System.exit(0);
    }
}
