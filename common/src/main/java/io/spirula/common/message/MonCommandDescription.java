package io.spirula.common.message;

import io.spirula.common.encoding.Codec;

/** A command as it is described to clients: its signature, help, module, permissions and flags. Ceph: MonCommand. */
public record MonCommandDescription(
        String signature, String help, String module, String permissions, String availability, long flags) {
    public static final Codec<MonCommandDescription> CODEC = Codec.of(
            (c, out) -> out.struct(
                    1,
                    1,
                    o -> o.string(c.signature)
                            .string(c.help)
                            .string(c.module)
                            .string(c.permissions)
                            .string(c.availability)
                            .u64(c.flags)),
            in -> in.struct(
                    1,
                    (b, v) -> new MonCommandDescription(
                            b.string(), b.string(), b.string(), b.string(), b.string(), b.u64())));
}
