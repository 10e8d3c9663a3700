package io.spirula.librados.fake;

import io.spirula.common.message.Message;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that remembers what was sent. */
public final class FakeConnection implements Connection {
    public final List<Message> sent = new ArrayList<>();
    public int keepalives;
    public long lastAck;
    private final EntityType peerType;
    private final EntityAddrs addrs;
    private boolean closed;
    private @Nullable Object attachment;

    FakeConnection(EntityType peerType, EntityAddrs addrs, long now) {
        this.peerType = peerType;
        this.addrs = addrs;
        lastAck = now;
    }

    /** What was sent of that kind, in order. */
    public <T extends Message> List<T> sent(Class<T> kind) {
        return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public <T extends Message> T last(Class<T> kind) {
        return sent(kind).getLast();
    }

    @Override
    public void send(Message message) {
        if (!closed) {
            sent.add(message);
        }
    }

    @Override
    public EntityType peerType() {
        return peerType;
    }

    @Override
    public EntityId peerId() {
        return new EntityId(peerType, -1);
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
        return null;
    }

    @Override
    public long peerFeatures() {
        return 0;
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
    public void sendKeepalive() {
        keepalives++;
    }

    @Override
    public long lastKeepaliveAckNanos() {
        return lastAck;
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
