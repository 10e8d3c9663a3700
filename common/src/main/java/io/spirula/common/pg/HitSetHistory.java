package io.spirula.common.pg;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import java.time.Instant;

/** The place of cache-tier hit sets in structures, always empty here. Ceph: pg_hit_set_history_t. */
public final class HitSetHistory {
    private HitSetHistory() {}

    public static void encodeEmpty(Encoder out) {
        out.struct(1, 1, o -> {
            o.put(EVersion.CODEC, EVersion.ZERO).time(Instant.EPOCH);
            o.struct(
                    2,
                    1,
                    i -> i.time(Instant.EPOCH)
                            .time(Instant.EPOCH)
                            .put(EVersion.CODEC, EVersion.ZERO)
                            .bool(true));
            o.u32(0);
        });
    }

    public static void skip(Decoder in) {
        in.struct(1, (body, version) -> body.rest());
    }
}
