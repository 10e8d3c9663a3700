package io.spirula.mon.session;

import io.spirula.common.message.Message;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What stands for a client's connection while one request of its is carried out, perhaps for another monitor: the answer goes where the request came from. Ceph: AnonConnection and a session's proxy_con. */
public final class ForwardedConnection implements Connection {
    private final AuthenticatedPeer peer;
    private final EntityId peerId;
    private final EntityAddrs peerAddrs;
    private final EntityAddr socketAddr;
    private final long features;
    private final Consumer<@Nullable Message> answer;
    private boolean answered;

    /** @param answer takes each answer, and null where there will be none */
    public ForwardedConnection(
            AuthenticatedPeer peer,
            EntityId peerId,
            EntityAddrs peerAddrs,
            EntityAddr socketAddr,
            long features,
            Consumer<@Nullable Message> answer) {
        this.peer = peer;
        this.peerId = peerId;
        this.peerAddrs = peerAddrs;
        this.socketAddr = socketAddr;
        this.features = features;
        this.answer = answer;
    }

    @Override
    public void send(Message message) {
        answered = true;
        answer.accept(message);
    }

    /** The request is done, answered or not. */
    void finished() {
        if (!answered) {
            answered = true;
            answer.accept(null);
        }
    }

    @Override
    public EntityType peerType() {
        return peerId.type();
    }

    @Override
    public EntityId peerId() {
        return peerId;
    }

    @Override
    public EntityAddrs peerAddrs() {
        return peerAddrs;
    }

    @Override
    public EntityAddr socketAddr() {
        return socketAddr;
    }

    @Override
    public AuthenticatedPeer authenticated() {
        return peer;
    }

    @Override
    public long peerFeatures() {
        return features;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public void close() {}

    @Override
    public void sendKeepalive() {}

    @Override
    public long lastKeepaliveAckNanos() {
        return 0;
    }

    @Override
    public @Nullable Object attachment() {
        return null;
    }

    @Override
    public void attach(@Nullable Object state) {}
}
