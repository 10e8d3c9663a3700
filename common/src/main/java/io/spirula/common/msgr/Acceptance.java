package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;

/**
 * Decides what becomes of a link that a peer opened and authenticated: a new session, the continuation of one, or neither. Both sides may connect at the same moment; they decide alike by comparing addresses. Ceph:
 * ProtocolV2::handle_client_ident, handle_reconnect, handle_existing_connection.
 */
final class Acceptance {
    private final AsyncMessenger messenger;

    Acceptance(AsyncMessenger messenger) {
        this.messenger = messenger;
    }

    void handle(ProtocolV2 link, int tag, Decoder in) {
        switch (tag) {
            case Tag.CLIENT_IDENT -> clientIdent(link, ControlFrames.ClientIdent.decode(in));
            case Tag.SESSION_RECONNECT -> reconnect(link, ControlFrames.Reconnect.decode(in));
            default -> throw new MalformedInput("a frame of tag " + tag + " where a session should be opened");
        }
    }

    private void clientIdent(ProtocolV2 link, ControlFrames.ClientIdent ident) {
        if (ident.addrs().isEmpty() || ident.addrs().front().equals(EntityAddr.NONE)) {
            throw new MalformedInput("a peer without an address");
        }
        messenger.learnt(link.link().localAddress());
        if (!messenger.isOurs(ident.target())) {
            throw new MalformedInput("the peer looks for " + ident.target() + ", we are " + messenger.addrs());
        }
        long missing = Features.MSG_ADDR2 & ~ident.supported();
        if (missing != 0) {
            link.send(Tag.IDENT_MISSING_FEATURES, ControlFrames.number(missing));
            return;
        }
        AsyncConnection existing = messenger.lookup(link.peerType(), ident.addrs());
        if (existing == null) {
            open(link, ident);
        } else {
            existing(link, ident, existing);
        }
    }

    private void open(ProtocolV2 link, ControlFrames.ClientIdent ident) {
        AsyncConnection session = new AsyncConnection(
                messenger,
                link.peerType(),
                ident.addrs(),
                AsyncMessenger.key(ident.addrs()),
                AsyncConnection.State.CONNECTING);
        messenger.register(session);
        session.adopt(link, ident);
    }

    private void existing(ProtocolV2 link, ControlFrames.ClientIdent ident, AsyncConnection existing) {
        if (existing.opening().peerGlobalSeq() > ident.globalSeq()) {
            link.fail("a stale connection of " + ident.addrs(), false);
            return;
        }
        if (existing.policy().lossy()) {
            existing.abandon();
            open(link, ident);
            return;
        }
        boolean peerForgot = existing.opening().serverCookie() != 0
                && existing.opening().clientCookie() != 0
                && existing.opening().clientCookie() != ident.cookie();
        if (peerForgot) {
            if (existing.policy().resetCheck()) {
                existing.resetSession();
            }
            adoptOrOpen(link, ident, existing);
            return;
        }
        boolean race = existing.opening().clientCookie() != ident.cookie()
                && existing.state() != AsyncConnection.State.READY
                && existing.state() != AsyncConnection.State.STANDBY;
        if (race && !weLose(ident.addrs(), existing)) {
            existing.sendKeepalive(); // the peer has something to say: see that our link comes up
            link.send(Tag.WAIT, Bytes.EMPTY);
            return;
        }
        existing.adopt(link, ident);
    }

    /** The dispatcher may have closed the session when it was told that the peer forgot it. */
    private void adoptOrOpen(ProtocolV2 link, ControlFrames.ClientIdent ident, AsyncConnection existing) {
        if (existing.isClosed()) {
            open(link, ident);
        } else {
            existing.adopt(link, ident);
        }
    }

    /** Whether the peer's link wins over our own attempt: the lower address connects. */
    private boolean weLose(EntityAddrs peer, AsyncConnection existing) {
        return existing.policy().server() || compare(AsyncMessenger.key(peer), messenger.key()) < 0;
    }

    /** The order of Ceph's entity_addr_t: that of its memory. */
    private static int compare(EntityAddr a, EntityAddr b) {
        return EntityAddr.CODEC.toBytes(a).compareTo(EntityAddr.CODEC.toBytes(b));
    }

    private void reconnect(ProtocolV2 link, ControlFrames.Reconnect reconnect) {
        AsyncConnection existing = messenger.lookup(link.peerType(), reconnect.addrs());
        if (existing == null) {
            reset(link, true);
        } else if (existing.opening().clientCookie() != reconnect.clientCookie()) {
            reset(link, existing.policy().resetCheck());
        } else if (existing.opening().serverCookie() == 0) {
            // Our own ident was on its way when the link broke: the peer begins anew, keeping what it has to send.
            reset(link, false);
        } else if (existing.opening().peerGlobalSeq() > reconnect.globalSeq()) {
            link.send(
                    Tag.SESSION_RETRY_GLOBAL,
                    ControlFrames.number(existing.opening().peerGlobalSeq()));
        } else if (existing.opening().connectSeq() > reconnect.connectSeq()) {
            link.send(Tag.SESSION_RETRY, ControlFrames.number(existing.opening().connectSeq()));
        } else if (existing.opening().connectSeq() == reconnect.connectSeq()
                && !existing.policy().server()
                && compare(AsyncMessenger.key(reconnect.addrs()), messenger.key()) > 0) {
            link.send(Tag.WAIT, Bytes.EMPTY);
        } else {
            existing.resume(link, reconnect);
        }
    }

    private static void reset(ProtocolV2 link, boolean full) {
        link.send(Tag.SESSION_RESET, ControlFrames.flag(full));
    }
}
