package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.maps.ObjectLocator;

/** Where a request should go instead. Ceph: request_redirect_t. */
public record Redirect(ObjectLocator locator, Bytes object) {
    public static final Codec<Redirect> CODEC = Codec.of(
            (r, out) -> out.struct(
                    1,
                    1,
                    o -> o.put(ObjectLocator.CODEC, r.locator).bytes(r.object).u32(0)), // instructions for the OSD once
            in -> in.struct(1, (body, v) -> new Redirect(body.get(ObjectLocator.CODEC), body.name())));
}
