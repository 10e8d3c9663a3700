package io.spirula.common.msgr;

import io.spirula.common.auth.AuthClient;
import io.spirula.common.auth.AuthException;
import io.spirula.common.auth.AuthMethod;
import io.spirula.common.auth.AuthServer;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.Payload;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol on one link: banner, hello, authentication and signatures on either side, then the frames of a session, which belong to an {@link AsyncConnection}. A link serves at most one session; a lossless session
 * outlives its links. Ceph: ProtocolV2 up to the session, dev/msgr2.
 */
final class ProtocolV2 implements Transport.LinkHandler {
    /** Where the handshake stands. */
    private enum State {
        CONNECTING,
        BANNER,
        HELLO,
        AUTH,
        AUTH_MORE,
        SIGNATURE,
        SESSION,
        CLOSED
    }

    private static final int MAX_CONTROL_BYTES = 64 << 10;
    private static final int SIGNATURE_BYTES = 32;

    private final AsyncMessenger messenger;
    /** The session that we connect for, or that has taken this link over; null on an accepted link until then. */
    private @Nullable AsyncConnection connection;

    private final boolean connecting;
    private final FrameReader reader = new FrameReader(MAX_CONTROL_BYTES);
    private State state = State.CONNECTING;
    private Transport.@Nullable Link link;
    private @Nullable FrameWriter writer;
    private Reactor.@Nullable Timer deadline;

    private @Nullable HandshakeRecord record = new HandshakeRecord();
    private final Banner banner = new Banner();
    private int allowedAuthRounds = 8;
    private boolean unflushed;

    private @Nullable EntityType peerType;
    private AuthClient.@Nullable Exchange client;
    private AuthServer.@Nullable Exchange server;
    private ConnectionMode mode = ConnectionMode.CRC;
    private Bytes sessionKey = Bytes.EMPTY;
    private @Nullable AuthenticatedPeer peer;

    ProtocolV2(AsyncMessenger messenger, @Nullable AsyncConnection connection) {
        this.messenger = messenger;
        this.connection = connection;
        connecting = connection != null;
    }

    // ---- what the session asks of its link

    void attach(AsyncConnection session) {
        connection = session;
    }

    /** The session is established: no deadline any more, and messages may come. */
    void established() {
        cancelDeadline();
        MessengerOptions options = messenger.options();
        reader.allowMessages(options.maxFrontBytes(), options.maxDataBytes());
    }

    void send(int tag, Bytes body) {
        if (writer != null && state != State.CLOSED) {
            writer.control(tag, body);
            messenger.flushSoon(this);
        }
    }

    void sendMessage(Payload payload, long seq, long ackSeq) {
        if (writer != null && state != State.CLOSED) {
            writer.message(payload, seq, ackSeq);
            messenger.flushSoon(this);
        }
    }

    boolean isWritable() {
        return link != null && link.isWritable();
    }

    /** True where the link was not marked yet. */
    boolean markUnflushed() {
        boolean first = !unflushed && state != State.CLOSED;
        unflushed |= first;
        return first;
    }

    void flush() {
        unflushed = false;
        if (link != null && state != State.CLOSED) {
            link.flush();
        }
    }

    void setReading(boolean on) {
        if (link != null && state != State.CLOSED) {
            link.setReading(on);
        }
    }

    /** Ends the link without telling anybody. */
    void close() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            cancelDeadline();
            messenger.forget(this);
            if (link != null) {
                link.close();
            }
        }
    }

    @Nullable
    AuthenticatedPeer peer() {
        return peer;
    }

    EntityType peerType() {
        return java.util.Objects.requireNonNull(peerType);
    }

    Transport.Link link() {
        return java.util.Objects.requireNonNull(link);
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    // ---- the link's events

    void startDeadline() {
        deadline = messenger
                .reactor()
                .schedule(
                        messenger.options().handshakeTimeout(), () -> fail("the handshake took too long", !connecting));
    }

    @Override
    public void connected(Transport.Link established) {
        link = established;
        HandshakeRecord transcript = record;
        writer = new FrameWriter(transcript == null ? established : transcript.recording(established));
        if (state == State.CLOSED) {
            established.close();
            return;
        }
        state = State.BANNER;
        byte[] greeting = Banner.ours();
        if (transcript != null) {
            transcript.recording(established).write(greeting, 0, greeting.length);
        }
        messenger.flushSoon(this);
    }

    @Override
    public void received(Transport.ByteSource source) {
        try {
            HandshakeRecord transcript = record;
            Transport.ByteSource in = transcript == null ? source : transcript.recording(source);
            if (state == State.BANNER) {
                if (!banner.advance(in)) {
                    return;
                }
                sayHello();
            }
            while (state != State.CLOSED
                    && !(connection != null && connection.policy().isOfClient() && messenger.throttled(this))
                    && reader.advance(record == null ? source : in)) {
                handleFrame(reader.tag());
            }
        } catch (MalformedInput e) {
            fail(String.valueOf(e.getMessage()), true);
        } catch (AuthException e) {
            fail("authentication failed: " + e.getMessage(), false);
        }
    }

    @Override
    public void writable() {
        if (connection != null) {
            connection.writable(this);
        }
    }

    @Override
    public void closed(String reason, boolean refused) {
        if (state == State.CLOSED) {
            return;
        }
        if (refused && connection != null) {
            connection.refused(this);
        }
        // Whoever leaves between frames may; what was cut short is told of.
        fail(reason, !connecting && (banner.isCutShort() || reader.isWithinFrame()));
    }

    /**
     * Ends the link and lets its session decide what follows.
     *
     * @param broken the peer broke the protocol, or the network the bytes
     */
    void fail(String reason, boolean broken) {
        if (state == State.CLOSED) {
            return;
        }
        messenger.logClosed(this, reason, broken);
        close();
        if (connection != null) {
            connection.linkLost(this);
        }
    }

    EntityAddr farAddress() {
        return link == null ? EntityAddr.NONE : link.remoteAddress();
    }

    String describe() {
        String far = link == null ? "?" : link.remoteAddress().toString();
        return (connecting ? "to " : "from ") + (peerType == null ? "" : peerType + " ") + far;
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    // ---- frames

    private void handleFrame(int tag) {
        if (state == State.SESSION) {
            handleSessionFrame(tag);
            return;
        }
        Decoder in = new Decoder(reader.segment(0));
        switch (tag) {
            case Tag.HELLO -> hello(require(State.HELLO, in));
            case Tag.AUTH_REQUEST -> authRequest(requireRole(false, State.AUTH, in));
            case Tag.AUTH_REQUEST_MORE -> authRequestMore(requireRole(false, State.AUTH_MORE, in));
            case Tag.AUTH_BAD_METHOD -> authBadMethod(requireRole(true, State.AUTH, in));
            case Tag.AUTH_REPLY_MORE -> authReplyMore(requireRole(true, State.AUTH, in));
            case Tag.AUTH_DONE -> authDone(requireRole(true, State.AUTH, in));
            case Tag.AUTH_SIGNATURE -> signature(require(State.SIGNATURE, in));
            default -> throw unexpected(tag);
        }
    }

    private MalformedInput unexpected(int tag) {
        return new MalformedInput("a frame of tag " + tag + " in state " + state);
    }

    private Decoder require(State needed, Decoder in) {
        if (state != needed) {
            throw unexpected(reader.tag());
        }
        return in;
    }

    private Decoder requireRole(boolean asClient, State needed, Decoder in) {
        if (connecting != asClient || allowedAuthRounds-- == 0) {
            throw unexpected(reader.tag());
        }
        return require(needed, in);
    }

    private void handleSessionFrame(int tag) {
        AsyncConnection session = connection;
        if (session == null) {
            messenger.acceptance().handle(this, tag, new Decoder(reader.segment(0)));
        } else if (tag == Tag.MESSAGE) {
            session.receive(this, reader);
        } else {
            session.handle(this, tag, new Decoder(reader.segment(0)));
        }
    }

    private void sayHello() {
        state = State.HELLO;
        send(Tag.HELLO, new ControlFrames.Hello(messenger.self().type(), link().remoteAddress()).encode());
    }

    private void hello(Decoder in) {
        ControlFrames.Hello hello = ControlFrames.Hello.decode(in);
        peerType = hello.type();
        state = State.AUTH;
        if (!connecting) {
            return;
        }
        if (connection != null && connection.peerType() != hello.type()) {
            throw new MalformedInput("the peer is a " + hello.type() + ", not a " + connection.peerType());
        }
        client = messenger.authClient().begin(hello.type());
        request(client.request());
    }

    // ---- authentication as client

    private void request(AuthClient.Request request) {
        List<Integer> modes =
                request.preferredModes().stream().map(ConnectionMode::code).toList();
        send(
                Tag.AUTH_REQUEST,
                new ControlFrames.AuthRequest(request.method().code(), modes, request.payload()).encode());
    }

    private AuthClient.Exchange client() {
        return java.util.Objects.requireNonNull(client);
    }

    private void authBadMethod(Decoder in) {
        ControlFrames.AuthBadMethod bad = ControlFrames.AuthBadMethod.decode(in);
        request(client().badMethod(bad.method(), bad.result(), bad.allowedMethods(), bad.allowedModes()));
    }

    private void authReplyMore(Decoder in) {
        Bytes answer = client().replyMore(in.bytes().compact());
        send(Tag.AUTH_REQUEST_MORE, new Encoder(answer.size() + 4).bytes(answer).toBytes());
    }

    private void authDone(Decoder in) {
        ControlFrames.AuthDone done = ControlFrames.AuthDone.decode(in);
        ConnectionMode chosen = ConnectionMode.of(done.mode());
        if (chosen == null) {
            throw new MalformedInput("connection mode " + done.mode());
        }
        mode = chosen;
        AuthClient.Outcome outcome = client().done(done.globalId(), chosen, done.payload());
        if (connection != null) {
            connection.authenticated(done.globalId());
        }
        sign(outcome);
    }

    // ---- authentication as server

    private void authRequest(Decoder in) {
        ControlFrames.AuthRequest request = ControlFrames.AuthRequest.decode(in);
        AuthServer authServer = messenger.authServer();
        AuthMethod method = AuthMethod.of(request.method());
        ConnectionMode chosen = method == null ? null : pickMode(authServer, method, request.preferredModes());
        if (method == null || chosen == null || !authServer.methods(peerType()).contains(method)) {
            badMethod(request.method(), Errno.EOPNOTSUPP);
            return;
        }
        mode = chosen;
        server = authServer.begin(peerType());
        reply(method, server.request(method, chosen, request.payload()));
    }

    private @Nullable ConnectionMode pickMode(AuthServer authServer, AuthMethod method, List<Integer> preferred) {
        List<ConnectionMode> allowed = authServer.modes(peerType(), method);
        for (int code : preferred) {
            ConnectionMode candidate = ConnectionMode.of(code);
            if (candidate != null && allowed.contains(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private void authRequestMore(Decoder in) {
        Bytes payload = in.bytes().compact();
        reply(AuthMethod.CEPHX, java.util.Objects.requireNonNull(server).more(payload));
    }

    private void reply(AuthMethod method, AuthServer.Reply reply) {
        switch (reply) {
            case AuthServer.Reply.More more -> {
                state = State.AUTH_MORE;
                send(
                        Tag.AUTH_REPLY_MORE,
                        new Encoder(more.payload().size() + 4)
                                .bytes(more.payload())
                                .toBytes());
            }
            case AuthServer.Reply.Done done
            when !mayBe(done.peer()) ->
                deny(method, Errno.EACCES, done.peer().name() + " says that it is a " + peerType);
            case AuthServer.Reply.Done done -> {
                peer = done.peer();
                send(
                        Tag.AUTH_DONE,
                        new ControlFrames.AuthDone(done.peer().globalId(), mode.code(), done.payload()).encode());
                sign(done.secrets());
            }
            case AuthServer.Reply.Denied denied -> deny(method, denied.errno(), denied.reason());
        }
    }

    /** Programs are clients by whatever name they log in; a daemon must have a daemon's name of its kind. */
    private boolean mayBe(AuthenticatedPeer proved) {
        return peerType == EntityType.CLIENT || peerType == proved.name().type();
    }

    private void deny(AuthMethod method, int errno, String reason) {
        messenger.logDenied(this, reason);
        if (errno == Errno.EBUSY) {
            fail(reason, false);
        } else {
            state = State.AUTH;
            badMethod(method.code(), errno);
        }
    }

    private void badMethod(int method, int errno) {
        List<Integer> methods = new ArrayList<>();
        List<Integer> modes = new ArrayList<>();
        for (AuthMethod allowed : messenger.authServer().methods(peerType())) {
            methods.add(allowed.code());
            for (ConnectionMode allowedMode : messenger.authServer().modes(peerType(), allowed)) {
                if (!modes.contains(allowedMode.code())) {
                    modes.add(allowedMode.code());
                }
            }
        }
        send(Tag.AUTH_BAD_METHOD, new ControlFrames.AuthBadMethod(method, -errno, methods, modes).encode());
    }

    // ---- signatures

    /** Goes over to the connection's mode and signs what we received so far. */
    private void sign(AuthClient.Outcome outcome) {
        sessionKey = outcome.sessionKey();
        HandshakeRecord transcript = java.util.Objects.requireNonNull(record);
        transcript.stop();
        FrameWriter signedWriter = new FrameWriter(link());
        writer = signedWriter;
        if (mode == ConnectionMode.SECURE) {
            signedWriter.encryptWith(FrameCipher.sending(outcome.connectionSecret(), connecting));
            reader.decryptWith(FrameCipher.receiving(outcome.connectionSecret(), connecting));
        }
        state = State.SIGNATURE;
        send(Tag.AUTH_SIGNATURE, Bytes.wrap(signature(transcript.received())));
    }

    private byte[] signature(HandshakeRecord.Transcript transcript) {
        return sessionKey.isEmpty()
                ? new byte[SIGNATURE_BYTES]
                : CryptoKey.hmacSha256(sessionKey, transcript.bytes(), transcript.size());
    }

    private void signature(Decoder in) {
        HandshakeRecord transcript = java.util.Objects.requireNonNull(record);
        byte[] expected = signature(transcript.sent());
        byte[] given = in.raw(SIGNATURE_BYTES).toArray();
        record = null;
        if (!MessageDigest.isEqual(expected, given)) {
            throw new MalformedInput("a wrong signature over the handshake");
        }
        state = State.SESSION;
        if (connection != null) {
            connection.openSession(this);
        }
    }
}
