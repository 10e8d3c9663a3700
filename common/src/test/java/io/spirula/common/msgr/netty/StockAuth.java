package io.spirula.common.msgr.netty;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.ServiceAuthServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
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
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Logs in at a running stock monitor as client and as OSD, renews tickets, fetches rotating keys: HOST:PORT CLIENT_KEYRING OSD_KEYRING OSD_ADDR(HOST:PORT/NONCE). */
final class StockAuth {
    private static final int AUTH = 17;
    private static final int AUTH_REPLY = 18;

    static final class Shifted implements Clock {
        volatile Duration shift = Duration.ZERO;

        @Override
        public Instant now() {
            return Instant.now().plus(shift);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }

    static final class Party implements Dispatcher {
        final ClientAuth auth;
        final AsyncMessenger messenger;
        final NettyReactor reactor;
        CompletableFuture<Bytes> reply = new CompletableFuture<>();
        CompletableFuture<Connection> connected = new CompletableFuture<>();

        Party(NettyReactor reactor, EntityName name, long number, Keyring keyring, Clock clock) {
            this.reactor = reactor;
            SecureRandom random = new SecureRandom();
            auth = new ClientAuth(
                    AuthSettings.defaults(name.type()), name, keyring, ClientAuth.CLIENT_SERVICES, random, clock);
            messenger = new AsyncMessenger(
                    reactor,
                    new NettyTransport(reactor, MessengerOptions.client()),
                    new EntityId(name.type(), number),
                    MessengerOptions.client(),
                    auth,
                    null,
                    random,
                    RawMessage::new);
            messenger.setDispatcher(this);
        }

        Connection connect(EntityType type, EntityAddr addr) throws Exception {
            connected = new CompletableFuture<>();
            reactor.execute(() -> messenger.connect(type, EntityAddrs.of(addr)));
            return connected.get(5, TimeUnit.SECONDS);
        }

        void ask(Connection mon, Bytes payload) throws Exception {
            reply = new CompletableFuture<>();
            Bytes front = new Encoder()
                    .u64(0)
                    .u16(-1)
                    .u64(0)
                    .u32(auth.protocol())
                    .bytes(payload)
                    .u32(0)
                    .toBytes();
            reactor.execute(() -> mon.send(RawMessage.of(AUTH, front, Bytes.EMPTY)));
            Decoder in = new Decoder(reply.get(5, TimeUnit.SECONDS));
            in.u32();
            int result = in.i32();
            in.u64();
            auth.handleReply(result, in.bytes());
        }

        @Override
        public void dispatch(Connection connection, Message message) {
            var payload = ((RawMessage) message).payload();
            if (payload.type() == AUTH_REPLY) {
                reply.complete(payload.front());
            }
        }

        @Override
        public void connected(Connection connection) {
            connected.complete(connection);
        }

        @Override
        public void reset(Connection connection) {
            connected.completeExceptionally(new IllegalStateException("reset"));
        }
    }

    public static void main(String[] args) throws Exception {
        NettyReactor reactor = NettyReactor.start("client");
        Shifted clock = new Shifted();
        Party client = new Party(reactor, EntityName.client("admin"), -1, Keyring.load(Path.of(args[1])), clock);
        Connection mon = client.connect(EntityType.MON, address(args[0] + "/0"));
        System.out.println("logged in: needs tickets " + client.auth.needsTickets());
        System.out.println("osd: " + client.connect(EntityType.OSD, address(args[3])));
        clock.shift = Duration.ofMinutes(50);
        System.out.println("50 minutes later: needs tickets " + client.auth.needsTickets());
        client.ask(mon, client.auth.buildRequest());
        System.out.println("renewed: needs tickets " + client.auth.needsTickets());
        clock.shift = Duration.ofHours(70);
        System.out.println("70 hours later: needs tickets " + client.auth.needsTickets());
        client.ask(mon, client.auth.buildRequest());
        System.out.println("renewed: needs tickets " + client.auth.needsTickets());
        Party osd = new Party(reactor, EntityName.parse("osd.0"), 0, Keyring.load(Path.of(args[2])), clock);
        Connection osdMon = osd.connect(EntityType.MON, address(args[0] + "/0"));
        osd.ask(osdMon, osd.auth.buildRotatingRequest());
        System.out.println("rotating keys: empty " + osd.auth.rotatingKeys().isEmpty());
        AuthServer service = new ServiceAuthServer(
                AuthSettings.defaults(EntityType.OSD), osd.auth.rotatingKeys(), new SecureRandom());
        AuthServer.Exchange there = service.begin(EntityType.CLIENT);
        AuthClient.Exchange here = client.auth.begin(EntityType.OSD);
        AuthClient.Request request = here.request();
        var more = (AuthServer.Reply.More) there.request(request.method(), ConnectionMode.SECURE, request.payload());
        var done = (AuthServer.Reply.Done) there.more(here.replyMore(more.payload()));
        AuthClient.Outcome outcome = here.done(done.peer().globalId(), ConnectionMode.SECURE, done.payload());
        System.out.println("a stock ticket is good with us: " + done.peer().name() + " caps "
                + done.peer().caps().hex() + ", secrets alike " + outcome.equals(done.secrets()));
        // A reconnect reclaims the number with the old ticket.
        reactor.execute(mon::close);
        long before = client.auth.globalId();
        client.connect(EntityType.MON, address(args[0] + "/0"));
        System.out.println("reclaimed " + before + ": " + client.auth.globalId());
        System.exit(0);
    }

    private static EntityAddr address(String text) {
        String[] parts = text.split("[:/]");
        return EntityAddr.msgr2(parts[0], Integer.parseInt(parts[1]), Integer.parseUnsignedInt(parts[2]));
    }
}
