package io.spirula.common.types;

import io.spirula.common.encoding.Codec;

/** Who somebody is for authentication: {@code client.admin}, {@code osd.3}, {@code mon.} in keyrings. Ceph: EntityName. */
public record EntityName(EntityType type, String id) implements Comparable<EntityName> {
    public static final Codec<EntityName> CODEC = Codec.of(
            (name, out) -> out.u32(name.type.code()).string(name.id),
            in -> new EntityName(EntityType.of(in.i32()), in.string()));

    public static EntityName client(String id) {
        return new EntityName(EntityType.CLIENT, id);
    }

    /** Parses {@code type.id}. Throws IllegalArgumentException for anything else. */
    public static EntityName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("'" + text + "' is not of the form TYPE.ID, such as client.admin");
        }
        return new EntityName(EntityType.of(text.substring(0, dot)), text.substring(dot + 1));
    }

    @Override
    public int compareTo(EntityName other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return type + "." + id;
    }
}
