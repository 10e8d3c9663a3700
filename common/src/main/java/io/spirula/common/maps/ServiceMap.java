package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import java.time.Instant;

/** The services that registered with the manager: none. Only the epoch and the time of a decoded one are kept. Ceph: ServiceMap (mgr/ServiceMap.cc). */
public record ServiceMap(long epoch, Instant modified) {
    public static final Codec<ServiceMap> CODEC = Codec.of(
            (s, out) -> out.struct(1, 1, o -> o.u64(s.epoch).time(s.modified).u32(0)),
            in -> in.struct(1, (d, version) -> new ServiceMap(d.u64(), d.time())));

    public Bytes encoded() {
        return CODEC.toBytes(this);
    }
}
