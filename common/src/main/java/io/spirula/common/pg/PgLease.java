package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import java.time.Duration;

/** Until when replicas may serve reads: on the sender's clock, in Ceph's spans. Ceph: pg_lease_t. */
public record PgLease(Duration readableUntil, Duration readableUntilUpperBound, Duration interval) {
    public static final Codec<PgLease> CODEC = Codec.of(
            (l, out) -> out.struct(
                    1,
                    1,
                    o -> o.span(l.readableUntil).span(l.readableUntilUpperBound).span(l.interval)),
            in -> in.struct(1, (b, v) -> new PgLease(b.span(), b.span(), b.span())));
}
