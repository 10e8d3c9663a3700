package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ObjectId;
import java.util.List;

/**
 * An object whose info, snap set and clones don't fit each other, as a scrub reports it to clients. Ceph: inconsistent_snapset_t, in the encoding of common/scrub_types.cc.
 *
 * @param errors what is wrong: the bits here
 * @param clones that the snap set does not know
 * @param missing clones that it knows and that are not there
 * @param snapSet as it is stored; empty where it can't be read
 */
public record InconsistentSnapSet(long errors, ObjectId object, List<Long> clones, List<Long> missing, Bytes snapSet) {
    // Ceph: inc_snapset_t.
    public static final long SNAPSET_MISSING = 1;
    public static final long SNAPSET_CORRUPTED = 1 << 1;
    public static final long SIZE_DIFFERS = 1 << 6;
    public static final long INFO_MISSING = 1 << 7;
    public static final long INFO_CORRUPTED = 1 << 8;

    public static final Codec<InconsistentSnapSet> CODEC =
            Codec.of(InconsistentSnapSet::encode, InconsistentSnapSet::decode);

    public InconsistentSnapSet {
        clones = List.copyOf(clones);
        missing = List.copyOf(missing);
    }

    private void encode(Encoder out) {
        out.struct(
                2,
                1,
                o -> o.u64(errors)
                        .put(InconsistentObject.NAME, object)
                        .list(clones, (s, l) -> l.u64(s))
                        .list(missing, (s, l) -> l.u64(s))
                        .bytes(snapSet));
    }

    private static InconsistentSnapSet decode(Decoder in) {
        return in.struct(
                2,
                (b, version) -> new InconsistentSnapSet(
                        b.u64(),
                        b.get(InconsistentObject.NAME),
                        b.list(Decoder::u64),
                        b.list(Decoder::u64),
                        version >= 2 ? b.bytes().compact() : Bytes.EMPTY));
    }
}
