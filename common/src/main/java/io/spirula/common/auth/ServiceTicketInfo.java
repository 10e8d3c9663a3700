package io.spirula.common.auth;

import io.spirula.common.encoding.Codec;

/** What is inside a ticket's blob: only the service can read it. Ceph: CephXServiceTicketInfo. */
record ServiceTicketInfo(AuthTicket ticket, CryptoKey sessionKey) {
    static final Codec<ServiceTicketInfo> CODEC =
            Codec.of((i, out) -> out.u8(1).put(AuthTicket.CODEC, i.ticket).put(CryptoKey.CODEC, i.sessionKey), in -> {
                in.u8();
                return new ServiceTicketInfo(in.get(AuthTicket.CODEC), in.get(CryptoKey.CODEC));
            });
}
