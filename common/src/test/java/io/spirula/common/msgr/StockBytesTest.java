package io.spirula.common.msgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.message.Message;
import io.spirula.common.message.Payload;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What stock {@code ceph -s} of 16.2.15 sent to a monitor, with auth none in crc mode: banner, handshake, a request for the monitor map, a subscription. */
class StockBytesTest {
    private static final int BANNER_BYTES = 26;
    private static final byte[] STOCK = stock();

    private static byte[] stock() {
        try (InputStream in = StockBytesTest.class.getResourceAsStream("stock-client-none-crc.bin")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerTakesThemInPiecesOfAnySize() {
        for (int piece : new int[] {1, 7, 100, 10_000}) {
            List<String> events = new ArrayList<>();
            replay(piece, events);
            assertThat(events)
                    .as("pieces of %d bytes", piece)
                    .containsExactly("accepted client.4711 127.0.0.1:0/2100624144", "message 5", "message 15");
        }
    }

    private static void replay(int piece, List<String> events) {
        Random random = new Random(1);
        VirtualReactor reactor = new VirtualReactor();
        VirtualNetwork network = new VirtualNetwork(reactor, random);
        KeyServer keys = new KeyServer(name -> null, random, reactor.clock());
        AuthSettings settings = AuthSettings.none(EntityType.MON);
        AsyncMessenger server = new AsyncMessenger(
                reactor,
                network.transport(),
                new EntityId(EntityType.MON, 0),
                MessengerOptions.mon(),
                new MonAuthClient(settings, EntityName.parse("mon.a"), keys, random),
                new MonAuthServer(settings, keys, () -> 4711, () -> false, random),
                random,
                RawMessage::new);
        server.setDispatcher(new Dispatcher() {
            @Override
            public void accepted(Connection connection) {
                events.add("accepted " + connection);
            }

            @Override
            public void dispatch(Connection connection, Message message) {
                events.add("message " + ((RawMessage) message).payload().type());
            }
        });
        server.bind(EntityAddr.msgr2("127.0.0.1", 13520, 0));
        network.transport().connect(server.addrs().front(), new Transport.LinkHandler() {
            @Override
            public void connected(Transport.Link link) {
                for (int at = 0; at < STOCK.length; at += piece) {
                    link.write(STOCK, at, Math.min(piece, STOCK.length - at));
                    link.flush();
                }
            }

            @Override
            public void received(Transport.ByteSource source) {
                source.read(new byte[source.available()], 0, source.available());
            }

            @Override
            public void writable() {}

            @Override
            public void closed(String reason, boolean refused) {}
        });
        reactor.run(Duration.ofSeconds(5));
    }

    @Test
    void weWriteTheSameFramesByteForByte() {
        FrameReader reader = new FrameReader(1000);
        reader.allowMessages(1000, 1000);
        byte[] frames = java.util.Arrays.copyOfRange(STOCK, BANNER_BYTES, STOCK.length);
        HostileBytesTest.Recording out = new HostileBytesTest.Recording();
        FrameWriter writer = new FrameWriter(out);
        Transport.ByteSource source = HostileBytesTest.source(frames);
        while (reader.advance(source)) {
            Bytes first = reader.segment(0);
            Decoder in = new Decoder(first);
            switch (reader.tag()) {
                case Tag.HELLO ->
                    writer.control(Tag.HELLO, ControlFrames.Hello.decode(in).encode());
                case Tag.AUTH_REQUEST ->
                    writer.control(
                            Tag.AUTH_REQUEST,
                            ControlFrames.AuthRequest.decode(in).encode());
                case Tag.CLIENT_IDENT ->
                    writer.control(
                            Tag.CLIENT_IDENT,
                            ControlFrames.ClientIdent.decode(in).encode());
                case Tag.MESSAGE -> {
                    long seq = in.u64();
                    Payload payload = new Payload(
                            in.skip(8).u16(),
                            in.skip(2).u16(),
                            new Decoder(first).skip(37).u16(),
                            new Decoder(first).skip(18).u16(),
                            new Decoder(first).skip(8).u64(),
                            0,
                            reader.segment(1),
                            reader.segment(2),
                            reader.segment(3));
                    writer.message(payload, seq, 0);
                }
                default -> writer.control(reader.tag(), first);
            }
        }
        assertThat(Bytes.wrap(out.bytes()).hex()).isEqualTo(Bytes.wrap(frames).hex());
    }
}
