package io.spirula.common.msgr;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.Message;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One end in a test: a messenger that counts what it sends and keeps what it gets. */
final class Party implements Dispatcher {
    final AsyncMessenger messenger;
    final EntityAddr address;
    final List<Long> received = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    private long sent;

    Party(
            int number,
            VirtualReactor reactor,
            VirtualNetwork network,
            AuthSettings settings,
            KeyServer keys,
            MessengerOptions options,
            RandomGenerator random) {
        address = EntityAddr.msgr2("127.0.0.1", 7000 + number, number * 17 % 5);
        EntityName name = new EntityName(EntityType.MON, "abc".substring(number, number + 1));
        messenger = new AsyncMessenger(
                reactor,
                network.transport(),
                new EntityId(EntityType.MON, number),
                options,
                new MonAuthClient(settings, name, keys, random),
                new MonAuthServer(settings, keys, () -> 1, () -> false, random),
                random,
                RawMessage::new);
        messenger.setDispatcher(this);
        messenger.bind(address);
    }

    Connection to(Party other) {
        return messenger.connect(EntityType.MON, EntityAddrs.of(other.address));
    }

    /** Sends the next number with some bytes behind it. */
    void sendNext(Connection connection, int size) {
        Bytes front = new Encoder().u64(sent++).zeros(size % 700).toBytes();
        connection.send(RawMessage.of(5, front, Bytes.zeros(size)));
    }

    long sent() {
        return sent;
    }

    @Override
    public void dispatch(Connection connection, Message message) {
        received.add(new io.spirula.common.encoding.Decoder(
                        ((RawMessage) message).payload().front())
                .u64());
    }

    @Override
    public void reset(Connection connection) {
        events.add("reset");
    }

    @Override
    public void remoteReset(Connection connection) {
        events.add("remoteReset");
    }

    @Override
    public void refused(Connection connection) {
        events.add("refused");
    }

    @Override
    public void connected(Connection connection) {
        events.add("connected");
    }

    @Override
    public void accepted(Connection connection) {
        events.add("accepted");
    }
}
