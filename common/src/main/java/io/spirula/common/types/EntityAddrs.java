package io.spirula.common.types;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All addresses of one instance. Ceph: entity_addrvec_t. */
public record EntityAddrs(List<EntityAddr> list) {
    public static final EntityAddrs NONE = new EntityAddrs(List.of());
    public static final Codec<EntityAddrs> CODEC = Codec.of(EntityAddrs::encode, EntityAddrs::decode);

    public EntityAddrs {
        list = List.copyOf(list);
    }

    public static EntityAddrs of(EntityAddr... addresses) {
        return new EntityAddrs(List.of(addresses));
    }

    /** The address that speaks msgr2, if there is one. */
    public @Nullable EntityAddr msgr2() {
        for (EntityAddr a : list) {
            if (a.kind() == EntityAddr.Kind.MSGR2) {
                return a;
            }
        }
        return null;
    }

    /** The first address, or {@link EntityAddr#NONE}. */
    public EntityAddr front() {
        return list.isEmpty() ? EntityAddr.NONE : list.get(0);
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    private void encode(Encoder out) {
        out.u8(2);
        out.list(list, (a, o) -> o.put(EntityAddr.CODEC, a));
    }

    private static EntityAddrs decode(Decoder in) {
        int marker = in.u8();
        return switch (marker) {
            case 2 -> new EntityAddrs(in.list(d -> d.get(EntityAddr.CODEC)));
            // One address stands where a vector may: its own marker is the 1 just read.
            case 1 -> EntityAddrs.of(EntityAddr.decodeAfterMarker(in));
            default -> throw new MalformedInput("addresses in a form from before msgr2 (marker " + marker + ")");
        };
    }

    /** Ceph's spelling: one address bare, several in brackets. */
    @Override
    public String toString() {
        return list.size() == 1
                ? list.get(0).toString()
                : list.stream().map(EntityAddr::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
