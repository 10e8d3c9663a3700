package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityName;
import java.time.Instant;

/**
 * What a ticket says of its holder. Ceph: AuthTicket with AuthCapsInfo.
 *
 * @param caps what the holder may do with the service, encoded; empty for nothing or where the service knows itself
 */
record AuthTicket(EntityName name, long globalId, Instant created, Instant expires, boolean allowAll, Bytes caps) {
    static final Codec<AuthTicket> CODEC = Codec.of(AuthTicket::encode, AuthTicket::decode);

    private static final long NO_AUID = -1;

    private void encode(Encoder out) {
        out.u8(2);
        out.put(EntityName.CODEC, name);
        out.u64(globalId);
        out.u64(NO_AUID);
        out.time(created);
        out.time(expires);
        out.u8(1).bool(allowAll).bytes(caps);
        out.u32(0); // flags
    }

    private static AuthTicket decode(Decoder in) {
        int version = in.u8();
        EntityName name = in.get(EntityName.CODEC);
        long globalId = in.u64();
        if (version >= 2) {
            in.u64();
        }
        Instant created = in.time();
        Instant expires = in.time();
        in.u8();
        boolean allowAll = in.bool();
        Bytes caps = in.bytes().compact();
        in.u32();
        return new AuthTicket(name, globalId, created, expires, allowAll, caps);
    }
}
