package io.spirula.common.types;

import io.spirula.common.encoding.Codec;

/**
 * Who somebody is on the wire: a type and a number, {@code client.4123} (the global id) or {@code osd.3}; a number of -1 means "not told yet". Ceph: entity_name_t.
 */
public record EntityId(EntityType type, long number) {
    /** A name that was never set. */
    public static final EntityId NONE = new EntityId(EntityType.NONE, 0);

    public static final Codec<EntityId> CODEC = Codec.of(
            (id, out) -> out.u8(id.type.code()).u64(id.number), in -> new EntityId(EntityType.of(in.u8()), in.u64()));

    @Override
    public String toString() {
        return type + "." + (number < 0 ? "?" : Long.toString(number));
    }
}
