package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthCaps;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session whose other end is a test: it keeps what was sent. */
final class FakeConnection implements Connection {
    final List<Message> sent = new ArrayList<>();
    private final EntityName name;
    private final Bytes caps;
    private final EntityAddrs addrs;
    long features = Features.PACIFIC;
    private boolean closed;
    private @Nullable Object attachment;

    FakeConnection(EntityName name, String caps, int port) {
        this(name, caps, EntityAddrs.of(EntityAddr.msgr2("127.0.0.1", port, 7)));
    }

    FakeConnection(EntityName name, String caps, EntityAddrs addrs) {
        this.name = name;
        this.caps = AuthCaps.encode(caps);
        this.addrs = addrs;
    }

    <M extends Message> List<M> sent(Class<M> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <M extends Message> M last(Class<M> kind) {
        List<M> all = sent(kind);
        if (all.isEmpty()) {
            throw new AssertionError("no " + kind.getSimpleName() + " was sent, but " + sent);
        }
        return all.get(all.size() - 1);
    }

    @Override
    public void send(Message message) {
        sent.add(message);
    }

    @Override
    public EntityType peerType() {
        return name.type();
    }

    @Override
    public EntityId peerId() {
        return new EntityId(name.type(), 5000);
    }

    @Override
    public EntityAddrs peerAddrs() {
        return addrs;
    }

    @Override
    public EntityAddr socketAddr() {
        EntityAddr first = addrs.msgr2();
        return first == null ? EntityAddr.NONE : first;
    }

    @Override
    public @Nullable AuthenticatedPeer authenticated() {
        return new AuthenticatedPeer(name, 5000, caps);
    }

    @Override
    public long peerFeatures() {
        return features;
    }

    @Override
    public boolean isConnected() {
        return !closed;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void sendKeepalive() {}

    @Override
    public long lastKeepaliveAckNanos() {
        return 0;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object state) {
        attachment = state;
    }
}
