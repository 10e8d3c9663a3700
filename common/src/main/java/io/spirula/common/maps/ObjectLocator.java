package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** How an object's placement is found: its pool, a key that stands in for its name, its namespace, or a hash given outright (-1 for none). Ceph: object_locator_t. */
public record ObjectLocator(long pool, Bytes key, Bytes namespace, long hash) {
    public static final Codec<ObjectLocator> CODEC = Codec.of(ObjectLocator::encode, ObjectLocator::decode);

    public static ObjectLocator of(long pool, Bytes namespace, Bytes key) {
        return new ObjectLocator(pool, key, namespace, -1);
    }

    private void encode(Encoder out) {
        // Only a reader that knows of the hash may see one.
        out.struct(
                6,
                hash == -1 ? 3 : 6,
                o -> o.u64(pool).u32(-1).bytes(key).bytes(namespace).u64(hash));
    }

    private static ObjectLocator decode(Decoder in) {
        return in.struct(6, (body, version) -> {
            long pool = body.u64();
            body.skip(4); // a preferred OSD once
            return new ObjectLocator(
                    pool, body.name(), version >= 5 ? body.name() : Bytes.EMPTY, version >= 6 ? body.u64() : -1);
        });
    }
}
