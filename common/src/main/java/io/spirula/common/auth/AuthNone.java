package io.spirula.common.auth;

import io.spirula.common.auth.AuthClient.Outcome;
import io.spirula.common.auth.AuthClient.Request;
import io.spirula.common.auth.AuthServer.Reply;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Errno;
import java.util.List;

/** Authentication without proof towards services: one says who one is. Ceph: AuthNoneAuthorizer. */
final class AuthNone implements AuthClient.Exchange {
    private final EntityName name;
    private final long globalId;
    private final List<ConnectionMode> modes;

    AuthNone(EntityName name, long globalId, List<ConnectionMode> modes) {
        this.name = name;
        this.globalId = globalId;
        this.modes = modes;
    }

    /** The service's side. */
    static Reply accept(Bytes authorizer) {
        Decoder in = new Decoder(authorizer);
        in.u8();
        EntityName name = in.get(EntityName.CODEC);
        return new Reply.Done(new AuthenticatedPeer(name, in.u64(), AuthCaps.ALLOW_ALL), Bytes.EMPTY, Outcome.NOTHING);
    }

    @Override
    public Request request() {
        Bytes authorizer = new Encoder()
                .u8(Cephx.MODE_AUTHORIZER)
                .put(EntityName.CODEC, name)
                .u64(globalId)
                .toBytes();
        return new Request(AuthMethod.NONE, modes, authorizer);
    }

    @Override
    public Bytes replyMore(Bytes payload) {
        throw new AuthException(Errno.EACCES, "a question where auth none has none");
    }

    @Override
    public Outcome done(long id, ConnectionMode mode, Bytes payload) {
        return Outcome.NOTHING;
    }

    @Override
    public Request badMethod(int method, int result, List<Integer> allowedMethods, List<Integer> allowedModes) {
        throw new AuthException(
                Errno.EACCES,
                "the service does not accept auth none (it allows methods " + allowedMethods + ", modes " + allowedModes
                        + ")");
    }
}
