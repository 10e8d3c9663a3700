package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import java.security.MessageDigest;

/**
 * What is inside a ticket's blob: only the service can read it. Ceph: CephXServiceTicketInfo.
 *
 * <p>Key type {@code aes} hides, and protects nothing: who holds a ticket can change parts of it that he cannot read, such as the capabilities (CVE-2025-30156). So behind what Ceph has in it, where its daemons look at
 * nothing any more, stands an HMAC-SHA256 over that under the service's secret. Tickets of Ceph's own monitors have none.
 */
record ServiceTicketInfo(AuthTicket ticket, CryptoKey sessionKey) {
    private static final int MAC_BYTES = 32;
    private static final Codec<ServiceTicketInfo> CODEC =
            Codec.of((i, out) -> out.u8(1).put(AuthTicket.CODEC, i.ticket).put(CryptoKey.CODEC, i.sessionKey), in -> {
                in.u8();
                return new ServiceTicketInfo(in.get(AuthTicket.CODEC), in.get(CryptoKey.CODEC));
            });

    Bytes seal(CryptoKey serviceSecret) {
        Bytes info = CODEC.toBytes(this);
        return serviceSecret.seal(out -> out.raw(info).raw(mac(serviceSecret, info)));
    }

    /** Throws MalformedInput for what was closed with another secret, or altered. */
    static ServiceTicketInfo open(CryptoKey serviceSecret, Bytes blob) {
        return serviceSecret.open(blob, in -> {
            ServiceTicketInfo info = in.get(CODEC);
            if (in.hasRemaining()) {
                check(serviceSecret, info, in);
            }
            return info;
        });
    }

    private static void check(CryptoKey serviceSecret, ServiceTicketInfo info, Decoder in) {
        byte[] given = in.raw(in.remaining()).toArray();
        if (!MessageDigest.isEqual(given, mac(serviceSecret, CODEC.toBytes(info)))) {
            throw new MalformedInput("a ticket that was altered");
        }
    }

    private static byte[] mac(CryptoKey serviceSecret, Bytes info) {
        byte[] mac = CryptoKey.hmacSha256(serviceSecret.secret(), info.toArray(), info.size());
        if (mac.length != MAC_BYTES) {
            throw new IllegalStateException("an HMAC-SHA256 of " + mac.length + " bytes");
        }
        return mac;
    }
}
