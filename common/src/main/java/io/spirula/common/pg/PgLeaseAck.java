package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import java.time.Duration;

/** A replica's agreement to a lease. Ceph: pg_lease_ack_t. */
public record PgLeaseAck(Duration readableUntilUpperBound) {
    public static final Codec<PgLeaseAck> CODEC = Codec.of(
            (l, out) -> out.struct(1, 1, o -> o.span(l.readableUntilUpperBound)),
            in -> in.struct(1, (b, v) -> new PgLeaseAck(b.span())));
}
