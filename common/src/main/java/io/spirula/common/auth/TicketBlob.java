package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;

/** A ticket as its holder sees it: opaque, with the id of the service's secret that it is closed with. Ceph: CephXTicketBlob. */
record TicketBlob(long secretId, Bytes blob) {
    /** The id for tickets that are closed with the monitors' own key. */
    static final long MON_KEY = -1;

    static final TicketBlob NONE = new TicketBlob(0, Bytes.EMPTY);
    static final Codec<TicketBlob> CODEC =
            Codec.of((b, out) -> out.u8(1).u64(b.secretId).bytes(b.blob), in -> {
                in.u8();
                return new TicketBlob(in.u64(), in.bytes().compact());
            });
}
