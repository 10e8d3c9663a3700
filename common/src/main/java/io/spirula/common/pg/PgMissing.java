package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The objects that an OSD's log says it should have and does not. Ceph: pg_missing_t. */
public record PgMissing(SortedMap<ObjectId, Item> items, boolean mayIncludeDeletes) {
    /** Which version is needed, and which is there (zero for none). Ceph: pg_missing_item. */
    public record Item(EVersion need, EVersion have, boolean delete, CleanRegions cleanRegions) {
        public static final Codec<Item> CODEC = Codec.of(Item::encode, Item::decode);

        private void encode(Encoder out) {
            // Zero where the needed version stood once, then the largest version: octopus's form. Source:
            // pg_missing_item::encode.
            out.put(EVersion.CODEC, EVersion.ZERO)
                    .put(EVersion.CODEC, EVersion.MAX)
                    .put(EVersion.CODEC, need)
                    .put(EVersion.CODEC, have)
                    .u8(delete ? 1 : 0)
                    .put(CleanRegions.CODEC, cleanRegions);
        }

        private static Item decode(Decoder in) {
            boolean marked = in.get(EVersion.CODEC).equals(EVersion.ZERO)
                    && in.get(EVersion.CODEC).equals(EVersion.MAX);
            if (!marked) {
                throw new MalformedInput("a missing object in a form from before octopus");
            }
            return new Item(
                    in.get(EVersion.CODEC), in.get(EVersion.CODEC), (in.u8() & 1) != 0, in.get(CleanRegions.CODEC));
        }
    }

    public static final PgMissing EMPTY = new PgMissing(new TreeMap<>(), true);
    public static final Codec<PgMissing> CODEC = Codec.of(PgMissing::encode, PgMissing::decode);

    public PgMissing {
        items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
    }

    private void encode(Encoder out) {
        out.struct(
                5,
                2,
                o -> o.map(items, (id, m) -> m.put(ObjectId.CODEC, id), (i, m) -> m.put(Item.CODEC, i))
                        .bool(mayIncludeDeletes));
    }

    private static PgMissing decode(Decoder in) {
        return in.struct(
                5,
                (b, version) -> new PgMissing(
                        new TreeMap<>(b.map(d -> d.get(ObjectId.CODEC), d -> d.get(Item.CODEC))), b.bool()));
    }
}
