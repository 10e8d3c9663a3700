package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ObjectId;
import java.util.List;

/** A page of a placement group's objects, and where the next page begins. Ceph: pg_nls_response_t. */
public record PgNlsResponse(ObjectId handle, List<Entry> entries) {
    /** One object; the locator is its key, empty where it has none. */
    public record Entry(Bytes namespace, Bytes name, Bytes locator) {}

    public static final Codec<PgNlsResponse> CODEC = Codec.of(PgNlsResponse::encode, PgNlsResponse::decode);

    public PgNlsResponse {
        entries = List.copyOf(entries);
    }

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                o -> o.put(ObjectId.CODEC, handle)
                        .list(
                                entries,
                                (e, l) -> l.bytes(e.namespace).bytes(e.name).bytes(e.locator)));
    }

    private static PgNlsResponse decode(Decoder in) {
        return in.struct(
                1,
                (b, v) ->
                        new PgNlsResponse(b.get(ObjectId.CODEC), b.list(d -> new Entry(d.name(), d.name(), d.name()))));
    }
}
