package io.spirula.common.auth;

import io.spirula.common.auth.AuthClient.Outcome;
import io.spirula.common.auth.AuthClient.Request;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.random.RandomGenerator;

/** A holder's use of one ticket towards a service: shows it, answers the service's challenge, and checks the service's answer. Ceph: CephXAuthorizer. */
final class CephxAuthorizer implements AuthClient.Exchange {
    private final Bytes ticketPart;
    private final CryptoKey sessionKey;
    private final long nonce;
    private final List<ConnectionMode> modes;

    CephxAuthorizer(
            EntityType service,
            long globalId,
            TicketBlob ticket,
            CryptoKey sessionKey,
            List<ConnectionMode> modes,
            RandomGenerator random) {
        ticketPart = new Encoder()
                .u8(Cephx.MODE_AUTHORIZER)
                .u64(globalId)
                .u32(service.code())
                .put(TicketBlob.CODEC, ticket)
                .toBytes();
        this.sessionKey = sessionKey;
        this.modes = modes;
        nonce = random.nextLong();
    }

    Bytes authorizer() {
        return authorizer(false, 0);
    }

    private Bytes authorizer(boolean haveChallenge, long challengePlusOne) {
        Bytes proof =
                sessionKey.seal(out -> out.u8(2).u64(nonce).bool(haveChallenge).u64(challengePlusOne));
        return new Encoder().raw(ticketPart).bytes(proof).toBytes();
    }

    @Override
    public Request request() {
        return new Request(AuthMethod.CEPHX, modes, authorizer());
    }

    @Override
    public Bytes replyMore(Bytes payload) {
        long challenge = sessionKey.open(payload, in -> {
            in.u8();
            return in.u64();
        });
        return authorizer(true, challenge + 1);
    }

    @Override
    public Outcome done(long globalId, ConnectionMode mode, Bytes payload) {
        return sessionKey.open(new Decoder(payload).bytes(), in -> {
            int version = in.u8();
            if (in.u64() != nonce + 1) {
                throw new AuthException(Errno.EACCES, "the service did not answer our nonce");
            }
            Bytes secret = version >= 2 ? in.bytes().compact() : Bytes.EMPTY;
            return new Outcome(sessionKey.secret(), secret);
        });
    }

    @Override
    public Request badMethod(int method, int result, List<Integer> allowedMethods, List<Integer> allowedModes) {
        throw new AuthException(
                Errno.EACCES,
                "the service refuses our ticket (error " + result + ", allowed methods " + allowedMethods + ", modes "
                        + allowedModes + ")");
    }
}
