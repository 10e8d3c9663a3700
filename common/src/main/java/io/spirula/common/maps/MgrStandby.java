package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.List;

/** A manager that waits to take over. Ceph: MgrMap::StandbyInfo. */
public record MgrStandby(long gid, String name, List<MgrModule> modules, long features) {
    public static final Codec<MgrStandby> CODEC = Codec.of(MgrStandby::encode, MgrStandby::decode);

    public MgrStandby {
        modules = List.copyOf(modules);
    }

    private void encode(Encoder out) {
        out.struct(4, 1, o -> {
            o.u64(gid).string(name);
            // Their names alone, for readers from before there was more to say.
            o.list(modules.stream().map(MgrModule::name).sorted().distinct().toList(), (m, e) -> e.string(m));
            o.list(modules, (m, e) -> e.put(MgrModule.CODEC, m));
            o.u64(features);
        });
    }

    private static MgrStandby decode(Decoder in) {
        return in.struct(4, (d, version) -> {
            long gid = d.u64();
            String name = d.string();
            if (version >= 2) {
                d.get(Sorted.NAMES);
            }
            return new MgrStandby(
                    gid,
                    name,
                    version >= 3 ? MapCodecs.counted(d, 6, e -> e.get(MgrModule.CODEC)) : List.of(),
                    version >= 4 ? d.u64() : 0);
        });
    }
}
