package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.EntityAddrs;
import java.util.NavigableMap;

/** One monitor of the monitor map. Ceph: mon_info_t. */
public record MonInfo(
        String name, EntityAddrs addrs, int priority, int weight, NavigableMap<String, String> crushLocation) {
    public static final Codec<MonInfo> CODEC = Codec.of(
            (m, out) -> out.struct(
                    5,
                    1,
                    o -> o.string(m.name)
                            .put(EntityAddrs.CODEC, m.addrs)
                            .u16(m.priority)
                            .u16(m.weight)
                            .put(Sorted.TEXTS, m.crushLocation)),
            in -> in.struct(5, MonInfo::decode));

    public static MonInfo of(String name, EntityAddrs addrs) {
        return new MonInfo(name, addrs, 0, 0, Sorted.none());
    }

    public MonInfo withAddrs(EntityAddrs newAddrs) {
        return new MonInfo(name, newAddrs, priority, weight, crushLocation);
    }

    public MonInfo withWeight(int newWeight) {
        return new MonInfo(name, addrs, priority, newWeight, crushLocation);
    }

    public MonInfo withLocation(NavigableMap<String, String> newLocation) {
        return new MonInfo(name, addrs, priority, weight, newLocation);
    }

    private static MonInfo decode(Decoder d, int version) {
        return new MonInfo(
                d.string(),
                d.get(EntityAddrs.CODEC),
                version >= 2 ? d.u16() : 0,
                version >= 4 ? d.u16() : 0,
                version >= 5 ? d.get(Sorted.TEXTS) : Sorted.none());
    }
}
