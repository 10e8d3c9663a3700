package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.NavigableSet;

/** A setting that a manager's module declares. Ceph: MgrMap::ModuleOption. */
public record MgrModuleOption(
        String name,
        int type,
        int level,
        int flags,
        String defaultValue,
        String min,
        String max,
        NavigableSet<String> enumAllowed,
        String description,
        String longDescription,
        NavigableSet<String> tags,
        NavigableSet<String> seeAlso) {
    public static final Codec<MgrModuleOption> CODEC = Codec.of(MgrModuleOption::encode, MgrModuleOption::decode);

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                o -> o.string(name)
                        .u8(type)
                        .u8(level)
                        .u32(flags)
                        .string(defaultValue)
                        .string(min)
                        .string(max)
                        .put(Sorted.NAMES, enumAllowed)
                        .string(description)
                        .string(longDescription)
                        .put(Sorted.NAMES, tags)
                        .put(Sorted.NAMES, seeAlso));
    }

    private static MgrModuleOption decode(Decoder in) {
        return in.struct(
                1,
                (d, v) -> new MgrModuleOption(
                        d.string(),
                        d.u8(),
                        d.u8(),
                        d.i32(),
                        d.string(),
                        d.string(),
                        d.string(),
                        d.get(Sorted.NAMES),
                        d.string(),
                        d.string(),
                        d.get(Sorted.NAMES),
                        d.get(Sorted.NAMES)));
    }
}
