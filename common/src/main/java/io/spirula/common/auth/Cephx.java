package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** The constants and small computations of the cephx protocol that both sides share. Source: auth/cephx/CephxProtocol. */
final class Cephx {
    static final int GET_AUTH_SESSION_KEY = 0x0100;
    static final int GET_PRINCIPAL_SESSION_KEY = 0x0200;
    static final int GET_ROTATING_KEY = 0x0400;

    /** How the first payload of an AUTH_REQUEST is meant. Ceph: AUTH_MODE_*. */
    static final int MODE_AUTHORIZER = 1;

    static final int MODE_MON = 10;
    static final int MODE_MON_MAX = 19;

    private Cephx() {}

    /** The proof that one knows the key: both challenges encrypted, and folded into 64 bits. */
    static long proof(CryptoKey key, long serverChallenge, long clientChallenge) {
        Bytes sealed = key.seal(out -> out.u64(serverChallenge).u64(clientChallenge));
        // The length in front of the sealed bytes takes part in the folding.
        Decoder in = new Decoder(new Encoder().bytes(sealed).toBytes());
        long folded = 0;
        while (in.remaining() >= Long.BYTES) {
            folded ^= in.u64();
        }
        return folded;
    }
}
