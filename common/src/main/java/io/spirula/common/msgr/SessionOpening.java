package io.spirula.common.msgr;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import org.jspecify.annotations.Nullable;

/**
 * How one session is opened and resumed, from either side, and what the two sides know each other by: cookies name the session's ends, {@code globalSeq} orders a party's attempts to connect to anybody,
 * {@code connectSeq} those within the session. Ceph: ProtocolV2, dev/msgr2.
 */
final class SessionOpening {
    private final AsyncMessenger messenger;
    private final AsyncConnection session;
    private EntityId peerId;
    private EntityAddrs peerAddrs;
    private long features;
    private long globalSeq;
    private long peerGlobalSeq;
    private long connectSeq;
    private long clientCookie;
    private long serverCookie;

    SessionOpening(AsyncMessenger messenger, AsyncConnection session, EntityType peerType, EntityAddrs peerAddrs) {
        this.messenger = messenger;
        this.session = session;
        this.peerAddrs = peerAddrs;
        peerId = new EntityId(peerType, -1);
    }

    EntityId peerId() {
        return peerId;
    }

    EntityAddrs peerAddrs() {
        return peerAddrs;
    }

    long features() {
        return features;
    }

    long clientCookie() {
        return clientCookie;
    }

    long serverCookie() {
        return serverCookie;
    }

    long peerGlobalSeq() {
        return peerGlobalSeq;
    }

    long connectSeq() {
        return connectSeq;
    }

    /** A further attempt to connect begins. */
    void attempt() {
        globalSeq = messenger.nextGlobalSeq(0);
    }

    /** The attempt that follows resumes the session, if there is one. */
    void resumeNext() {
        if (serverCookie != 0) {
            connectSeq++;
        }
    }

    /** The peer forgot the session, or never had it. */
    void forget() {
        clientCookie = 0;
        serverCookie = 0;
        connectSeq = 0;
        peerGlobalSeq = 0;
    }

    // ---- we connect

    /** The link is authenticated: open the session, or resume it. */
    void begin(ProtocolV2 link) {
        if (serverCookie != 0) {
            sendReconnect(link);
        } else {
            sendClientIdent(link);
        }
    }

    private void sendClientIdent(ProtocolV2 link) {
        boolean lossy = session.policy().lossy();
        if (!lossy && clientCookie == 0) {
            clientCookie = messenger.cookie();
        }
        ControlFrames.ClientIdent ident = new ControlFrames.ClientIdent(
                messenger.learnt(link.link().localAddress()),
                session.target(),
                messenger.self().number(),
                globalSeq,
                Features.PACIFIC,
                Features.MSG_ADDR2,
                lossy ? ControlFrames.LOSSY : 0,
                clientCookie);
        link.send(Tag.CLIENT_IDENT, ident.encode());
    }

    private void sendReconnect(ProtocolV2 link) {
        ControlFrames.Reconnect reconnect = new ControlFrames.Reconnect(
                messenger.addrs(), clientCookie, serverCookie, globalSeq, connectSeq, session.inSeq());
        link.send(Tag.SESSION_RECONNECT, reconnect.encode());
    }

    /** The peer's answer. */
    void handle(ProtocolV2 link, int tag, Decoder in) {
        switch (tag) {
            case Tag.SERVER_IDENT -> serverIdent(link, ControlFrames.ServerIdent.decode(in));
            case Tag.IDENT_MISSING_FEATURES ->
                throw new MalformedInput("the peer requires features " + Long.toHexString(in.u64()));
            case Tag.SESSION_RECONNECT_OK -> session.resumed(link, in.u64());
            case Tag.SESSION_RESET -> sessionReset(link, in.bool());
            case Tag.SESSION_RETRY -> {
                connectSeq = in.u64() + 1;
                sendReconnect(link);
            }
            case Tag.SESSION_RETRY_GLOBAL -> {
                globalSeq = messenger.nextGlobalSeq(in.u64());
                sendReconnect(link);
            }
            case Tag.WAIT -> session.waitForPeer(link);
            default -> throw new MalformedInput("a frame of tag " + tag + " where the session opens");
        }
    }

    private void serverIdent(ProtocolV2 link, ControlFrames.ServerIdent ident) {
        if (!ident.addrs().list().contains(session.target())) {
            throw new MalformedInput("the peer is " + ident.addrs() + ", we look for " + session.target());
        }
        serverCookie = ident.cookie();
        peerAddrs = ident.addrs();
        peerId = new EntityId(session.peerType(), ident.gid());
        features = ident.supported() & Features.PACIFIC;
        peerGlobalSeq = ident.globalSeq();
        session.opened(link, (ident.flags() & ControlFrames.LOSSY) != 0);
    }

    private void sessionReset(ProtocolV2 link, boolean full) {
        if (full) {
            session.resetSession();
        } else {
            serverCookie = 0;
            connectSeq = 0;
            session.restartReceiving();
        }
        if (!session.isClosed()) {
            sendClientIdent(link);
        }
    }

    // ---- the peer connects

    /** The peer opens the session, anew or again. */
    void accept(ProtocolV2 link, ControlFrames.ClientIdent ident) {
        clientCookie = ident.cookie();
        peerId = new EntityId(session.peerType(), numberOf(ident, link.peer()));
        peerAddrs = ident.addrs();
        features = ident.supported() & Features.PACIFIC;
        peerGlobalSeq = ident.globalSeq();
        boolean lossy = session.policy().lossy();
        if (!lossy) {
            serverCookie = messenger.cookie();
        }
        ControlFrames.ServerIdent answer = new ControlFrames.ServerIdent(
                messenger.addrs(),
                messenger.self().number(),
                messenger.nextGlobalSeq(0),
                Features.PACIFIC,
                Features.MSG_ADDR2,
                lossy ? ControlFrames.LOSSY : 0,
                serverCookie);
        link.send(Tag.SERVER_IDENT, answer.encode());
    }

    /** A client does not know its number yet when it first comes; we do. */
    private static long numberOf(ControlFrames.ClientIdent ident, @Nullable AuthenticatedPeer peer) {
        if (ident.gid() < 0 && peer != null && peer.name().type() == EntityType.CLIENT) {
            return peer.globalId();
        }
        return ident.gid();
    }

    /** The peer resumes the session. */
    void acceptAgain(ProtocolV2 link, ControlFrames.Reconnect reconnect) {
        peerGlobalSeq = reconnect.globalSeq();
        connectSeq = reconnect.connectSeq();
        link.send(Tag.SESSION_RECONNECT_OK, ControlFrames.number(session.inSeq()));
    }
}
