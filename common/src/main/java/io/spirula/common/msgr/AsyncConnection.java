package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.Message;
import io.spirula.common.message.Payload;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session with one peer, over one link after another when it is lossless. What is sent is numbered; a lossless session keeps it until it is acknowledged, and both sides tell where they stand when they meet again.
 * Ceph: AsyncConnection and ProtocolV2 from the session on.
 */
final class AsyncConnection implements Connection {
    /** Ceph's states, as far as they concern the session. */
    enum State {
        /** A link is being made, or waits for its time to be tried again. */
        CONNECTING,
        READY,
        /** No link and nothing to send: whoever needs the session next restores it. */
        STANDBY,
        /** The peer connects to us at the same moment and wins: its link will take over. */
        WAIT,
        CLOSED
    }

    private static final int MAX_QUEUED = 1_000_000;

    /** An acknowledgement travels with the next message, which most often is the answer; alone only after this time or these bytes. Until then the peer keeps what it sent. */
    private static final Duration ACK_DELAY = Duration.ofMillis(20);

    private static final int ACK_BYTES = 1 << 20;

    private final AsyncMessenger messenger;
    private final EntityType peerType;
    private final EntityAddr target;
    private Policy policy;
    private State state;
    private @Nullable ProtocolV2 protocol;
    private Reactor.@Nullable Timer retry;
    private Duration backoff = Duration.ZERO;

    private @Nullable AuthenticatedPeer authenticated;
    private @Nullable Object attachment;

    private long inSeq;
    private boolean ackDue;
    private boolean ackScheduled;
    private int unacknowledgedBytes;
    private boolean keepaliveDue;
    private long lastKeepaliveAckNanos;
    private int dispatchedBytes;

    private final SendQueue queue = new SendQueue();
    private final SessionOpening opening;

    AsyncConnection(
            AsyncMessenger messenger, EntityType peerType, EntityAddrs peerAddrs, EntityAddr target, State initial) {
        this.messenger = messenger;
        this.peerType = peerType;
        this.target = target;
        policy = messenger.options().policy(peerType);
        opening = new SessionOpening(messenger, this, peerType, peerAddrs);
        state = initial;
        messenger.traffic().connected();
    }

    // ---- what its users see

    @Override
    public void send(Message message) {
        if (state == State.CLOSED) {
            return;
        }
        Payload payload = messenger.encode(message);
        ProtocolV2 link = protocol;
        if (state == State.READY && queue.isEmpty() && link != null && link.isWritable()) {
            queue.add(payload);
            write(link);
            return;
        }
        if (queue.size() >= MAX_QUEUED) {
            messenger.reactor().execute(this::overrun);
            return;
        }
        queue.add(payload);
        wake();
    }

    private void wake() {
        if (state == State.STANDBY && !policy.server()) {
            opening.resumeNext();
            connect();
        }
    }

    @Override
    public EntityType peerType() {
        return peerType;
    }

    @Override
    public EntityId peerId() {
        return opening.peerId();
    }

    @Override
    public EntityAddrs peerAddrs() {
        return opening.peerAddrs();
    }

    @Override
    public EntityAddr socketAddr() {
        ProtocolV2 link = protocol;
        return link == null ? EntityAddr.NONE : link.farAddress();
    }

    @Override
    public @Nullable AuthenticatedPeer authenticated() {
        return authenticated;
    }

    @Override
    public long peerFeatures() {
        return opening.features();
    }

    @Override
    public boolean isConnected() {
        return state == State.READY;
    }

    @Override
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        cancelRetry();
        dropLink();
        queue.clear();
        messenger.unregister(this);
        messenger.traffic().closed();
    }

    @Override
    public void sendKeepalive() {
        if (state == State.CLOSED) {
            return;
        }
        keepaliveDue = true;
        ProtocolV2 link = protocol;
        if (state == State.READY && link != null) {
            writeKeepalive(link);
        } else {
            wake();
        }
    }

    private void writeKeepalive(ProtocolV2 link) {
        keepaliveDue = false;
        link.send(Tag.KEEPALIVE2, stamp(messenger.reactor().clock().now()));
    }

    private static Bytes stamp(Instant time) {
        return new Encoder(8).time(time).toBytes();
    }

    @Override
    public long lastKeepaliveAckNanos() {
        return lastKeepaliveAckNanos;
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object newAttachment) {
        attachment = newAttachment;
    }

    @Override
    public int hold() {
        int bytes = dispatchedBytes;
        if (bytes != 0) {
            dispatchedBytes = 0;
            messenger.held(bytes);
        }
        return bytes;
    }

    @Override
    public void release(int heldBytes) {
        if (heldBytes != 0) {
            messenger.released(heldBytes);
        }
    }

    @Override
    public String toString() {
        return opening.peerId() + " " + opening.peerAddrs();
    }

    // ---- connecting

    EntityAddr target() {
        return target;
    }

    State state() {
        return state;
    }

    Policy policy() {
        return policy;
    }

    void connect() {
        state = State.CONNECTING;
        opening.attempt();
        ProtocolV2 link = new ProtocolV2(messenger, this);
        protocol = link;
        messenger.open(target, link);
    }

    void authenticated(long globalId) {
        messenger.authenticatedAs(globalId);
    }

    SessionOpening opening() {
        return opening;
    }

    long inSeq() {
        return inSeq;
    }

    /** The link to the peer is authenticated. */
    void openSession(ProtocolV2 link) {
        opening.begin(link);
    }

    /** A frame of the session other than a message. */
    void handle(ProtocolV2 link, int tag, Decoder in) {
        if (state == State.READY) {
            handleReady(link, tag, in);
        } else {
            opening.handle(link, tag, in);
        }
    }

    /** The peer has opened the session with us; it says whether the session is lossy. */
    void opened(ProtocolV2 link, boolean lossy) {
        policy = new Policy(lossy, policy.server(), policy.standby(), policy.resetCheck());
        ready(link);
        messenger.dispatcher().connected(this);
    }

    /** The peer has resumed the session with us, and has what we sent up to {@code peerInSeq}. */
    void resumed(ProtocolV2 link, long peerInSeq) {
        queue.discardUpTo(peerInSeq);
        ready(link);
        messenger.dispatcher().connected(this);
    }

    /** The peer's own link to us will take over. */
    void waitForPeer(ProtocolV2 link) {
        state = State.WAIT;
        link.fail("the peer connects to us at the same time", false);
    }

    /** The peer has forgotten our session: so do we. */
    void resetSession() {
        queue.reset();
        opening.forget();
        restartReceiving();
        messenger.dispatcher().remoteReset(this);
    }

    void restartReceiving() {
        inSeq = 0;
        acknowledged();
    }

    private void ready(ProtocolV2 link) {
        state = State.READY;
        backoff = Duration.ZERO;
        lastKeepaliveAckNanos = messenger.reactor().clock().nanoTime();
        link.established();
        if (keepaliveDue) {
            writeKeepalive(link);
        }
        drain(link);
    }

    private void drain(ProtocolV2 link) {
        while (state == State.READY && !queue.isEmpty() && link.isWritable()) {
            write(link);
        }
    }

    private void write(ProtocolV2 link) {
        Payload payload = queue.next(!policy.lossy());
        acknowledged();
        messenger.traffic().sent(payload);
        link.sendMessage(payload, queue.lastSeq(), inSeq);
    }

    // ---- the session at work

    private void handleReady(ProtocolV2 link, int tag, Decoder in) {
        switch (tag) {
            case Tag.KEEPALIVE2 -> link.send(Tag.KEEPALIVE2_ACK, in.raw(8).compact());
            case Tag.KEEPALIVE2_ACK ->
                lastKeepaliveAckNanos = messenger.reactor().clock().nanoTime();
            case Tag.ACK -> queue.acknowledged(in.u64());
            default -> throw new MalformedInput("a frame of tag " + tag + " within a session");
        }
    }

    void receive(ProtocolV2 link, FrameReader frame) {
        if (state != State.READY) {
            throw new MalformedInput("a message where the session opens");
        }
        Decoder header = new Decoder(frame.segment(0));
        long seq = header.u64();
        long tid = header.u64();
        int type = header.u16();
        int priority = header.u16();
        int version = header.u16();
        int padding = header.i32();
        int dataOffset = header.u16();
        long ackSeq = header.u64();
        header.u8();
        int compatVersion = header.u16();
        Bytes data = frame.segment(3);
        if (padding != 0) {
            if (padding < 0 || padding > data.size()) {
                throw new MalformedInput("a message with " + padding + " bytes before its data");
            }
            data = data.slice(padding, data.size() - padding);
        }
        queue.acknowledged(ackSeq);
        if (seq <= inSeq) {
            return; // sent again, and had already
        }
        inSeq = seq;
        Bytes front = frame.segment(1);
        Bytes middle = frame.segment(2);
        if (!policy.lossy()) {
            oweAck(link, front.size() + middle.size() + data.size());
        }
        dispatch(new Payload(type, version, compatVersion, priority, tid, dataOffset, front, middle, data));
    }

    /** Hands a message on. One that cannot be understood ends the session: sent again, it would be no better. */
    private void dispatch(Payload payload) {
        messenger.traffic().received(payload);
        dispatchedBytes = payload.front().size()
                + payload.middle().size()
                + payload.data().size();
        try {
            messenger.dispatcher().dispatch(this, messenger.decode(payload));
        } catch (MalformedInput e) {
            messenger.logBroken(this, payload, String.valueOf(e.getMessage()));
            abandon();
        } finally {
            dispatchedBytes = 0;
        }
    }

    private void oweAck(ProtocolV2 link, int bytes) {
        ackDue = true;
        unacknowledgedBytes += bytes;
        if (unacknowledgedBytes >= ACK_BYTES) {
            acknowledge(link);
        } else if (!ackScheduled) {
            ackScheduled = true;
            messenger.reactor().schedule(ACK_DELAY, () -> {
                ackScheduled = false;
                ProtocolV2 current = protocol;
                if (ackDue && state == State.READY && current != null) {
                    acknowledge(current);
                }
            });
        }
    }

    /** One acknowledgement for all that came. */
    private void acknowledge(ProtocolV2 link) {
        acknowledged();
        link.send(Tag.ACK, ControlFrames.number(inSeq));
    }

    private void acknowledged() {
        ackDue = false;
        unacknowledgedBytes = 0;
    }

    void writable(ProtocolV2 link) {
        if (link == protocol) {
            drain(link);
        }
    }

    // ---- losing the link

    void refused(ProtocolV2 link) {
        if (link == protocol && state == State.CONNECTING) {
            messenger.dispatcher().refused(this);
        }
    }

    void linkLost(ProtocolV2 link) {
        if (link != protocol || state == State.CLOSED) {
            return;
        }
        protocol = null;
        boolean wasReady = state == State.READY;
        if (policy.lossy()) {
            if (wasReady) {
                abandon();
            } else {
                // Whoever hears of this connects again at once: keep that from becoming a busy loop.
                retryAfter(messenger.options().initialBackoff(), () -> abandon());
            }
            return;
        }
        queue.requeueSent();
        if (policy.server() || policy.standby() && queue.isEmpty() && !keepaliveDue && state != State.WAIT) {
            state = State.STANDBY;
        } else if (wasReady) {
            opening.resumeNext();
            connect();
        } else {
            backoff = nextBackoff();
            opening.resumeNext();
            retryAfter(backoff, this::connect);
        }
    }

    private Duration nextBackoff() {
        Duration max = messenger.options().maxBackoff();
        if (state == State.WAIT) {
            return max;
        }
        Duration next = backoff.isZero() ? messenger.options().initialBackoff() : backoff.multipliedBy(2);
        return next.compareTo(max) > 0 ? max : next;
    }

    private void retryAfter(Duration delay, Runnable task) {
        cancelRetry();
        retry = messenger.reactor().schedule(delay, () -> {
            retry = null;
            if (state != State.CLOSED && protocol == null) {
                task.run();
            }
        });
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    private void dropLink() {
        ProtocolV2 link = protocol;
        protocol = null;
        if (link != null) {
            link.close();
        }
    }

    /** Closes the session and tells the dispatcher. */
    void abandon() {
        if (state != State.CLOSED) {
            close();
            messenger.dispatcher().reset(this);
        }
    }

    private void overrun() {
        messenger.logOverrun(this, MAX_QUEUED);
        abandon();
    }

    // ---- a link that the peer opened takes this session over

    /** Takes over a link by which the peer opens the session, anew or again. */
    void adopt(ProtocolV2 link, ControlFrames.ClientIdent ident) {
        takeLink(link);
        restartReceiving();
        opening.accept(link, ident);
        ready(link);
        messenger.dispatcher().accepted(this);
    }

    /** Takes over a link by which the peer resumes the session. */
    void resume(ProtocolV2 link, ControlFrames.Reconnect reconnect) {
        takeLink(link);
        queue.discardUpTo(reconnect.messageSeq());
        opening.acceptAgain(link, reconnect);
        ready(link);
        messenger.dispatcher().accepted(this);
    }

    private void takeLink(ProtocolV2 link) {
        cancelRetry();
        dropLink();
        queue.requeueSent();
        protocol = link;
        link.attach(this);
        authenticated = link.peer();
    }
}
