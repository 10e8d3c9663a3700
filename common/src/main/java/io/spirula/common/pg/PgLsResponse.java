package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ObjectId;
import java.util.List;

/** A page of a placement group's objects in one namespace, in the older form. Ceph: pg_ls_response_t. */
public record PgLsResponse(ObjectId handle, List<Entry> entries) {
    /** One object; the locator is its key, empty where it has none. */
    public record Entry(Bytes name, Bytes locator) {}

    public static final Codec<PgLsResponse> CODEC = Codec.of(PgLsResponse::encode, PgLsResponse::decode);

    public PgLsResponse {
        entries = List.copyOf(entries);
    }

    private void encode(Encoder out) {
        out.u8(1)
                .put(ObjectId.CODEC, handle)
                .list(entries, (e, l) -> l.bytes(e.name).bytes(e.locator));
    }

    private static PgLsResponse decode(Decoder in) {
        in.u8();
        return new PgLsResponse(in.get(ObjectId.CODEC), in.list(d -> new Entry(d.name(), d.name())));
    }
}
