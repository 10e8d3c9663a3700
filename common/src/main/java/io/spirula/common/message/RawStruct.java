package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;

/** A versioned structure that is passed on as it is. */
public record RawStruct(int version, int compat, Bytes body) {
    public static final Codec<RawStruct> CODEC = Codec.of(
            (s, out) -> out.u8(s.version).u8(s.compat).bytes(s.body),
            in -> new RawStruct(in.u8(), in.u8(), in.bytes()));
}
