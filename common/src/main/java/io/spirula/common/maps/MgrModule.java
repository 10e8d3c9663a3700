package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import java.util.NavigableMap;

/** A module that a manager has, whether or not it is enabled. Ceph: MgrMap::ModuleInfo. */
public record MgrModule(String name, boolean canRun, String error, NavigableMap<String, MgrModuleOption> options) {
    public static final Codec<MgrModule> CODEC = Codec.of(
            (m, out) -> out.struct(
                    2,
                    1,
                    o -> o.string(m.name)
                            .bool(m.canRun)
                            .string(m.error)
                            .map(m.options, (k, e) -> e.string(k), (v, e) -> e.put(MgrModuleOption.CODEC, v))),
            in -> in.struct(
                    2,
                    (d, v) -> new MgrModule(
                            d.string(),
                            d.bool(),
                            d.string(),
                            v >= 2
                                    ? Sorted.map(d, 10, Decoder::string, e -> e.get(MgrModuleOption.CODEC))
                                    : Sorted.none())));

    public static MgrModule of(String name) {
        return new MgrModule(name, true, "", Sorted.none());
    }
}
