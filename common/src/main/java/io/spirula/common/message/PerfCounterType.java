package io.spirula.common.message;

import io.spirula.common.encoding.Codec;

/** The schema of one performance counter: what its value's bytes in a report mean. Ceph: PerfCounterType; kind is a set of PERFCOUNTER_* bits. */
public record PerfCounterType(String path, String description, String nick, int kind, int priority, int unit) {
    public static final Codec<PerfCounterType> CODEC = Codec.of(
            (t, out) -> out.struct(
                    3,
                    1,
                    o -> o.string(t.path)
                            .string(t.description)
                            .string(t.nick)
                            .u8(t.kind)
                            .u8(t.priority)
                            .u8(t.unit)),
            in -> in.struct(
                    3,
                    (b, v) -> new PerfCounterType(
                            b.string(), b.string(), b.string(), b.u8(), v >= 2 ? b.u8() : 5, v >= 3 ? b.u8() : 1)));
}
