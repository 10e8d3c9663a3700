package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ObjectId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object whose copies differ or are damaged, as a scrub reports it to clients. Ceph: inconsistent_obj_t, in the encoding of common/scrub_types.cc.
 *
 * @param errors what differs between copies: the bits here
 * @param version the object's user version, 0 where no copy's info can be trusted
 * @param shardErrors all copies' own errors together: {@link Shard}'s bits
 */
public record InconsistentObject(
        long errors, ObjectId object, long version, SortedMap<PgShard, Shard> shards, long shardErrors) {
    // Ceph: obj_err_t.
    public static final long INFO_DIFFERS = 1 << 1;
    public static final long DATA_DIGEST_DIFFERS = 1 << 4;
    public static final long OMAP_DIGEST_DIFFERS = 1 << 5;
    public static final long SIZE_DIFFERS = 1 << 6;
    public static final long ATTRIBUTE_VALUE_DIFFERS = 1 << 7;
    public static final long ATTRIBUTE_NAME_DIFFERS = 1 << 8;
    public static final long SNAPSET_DIFFERS = 1 << 9;
    public static final long SIZE_TOO_LARGE = 1 << 11;
    public static final long DEEP = DATA_DIGEST_DIFFERS | OMAP_DIGEST_DIFFERS;

    /**
     * One copy.
     *
     * @param found what the scrub found; null where there is no such object
     * @param selected whether the others were compared with this one
     */
    public record Shard(
            long errors, boolean primary, @Nullable ScrubObject found, boolean selected) {
        // Ceph: err_t.
        public static final long MISSING = 1 << 1;
        public static final long STAT = 1 << 2;
        public static final long READ = 1 << 3;
        public static final long DATA_DIGEST_NOT_INFOS = 1 << 9;
        public static final long OMAP_DIGEST_NOT_INFOS = 1 << 10;
        public static final long SIZE_NOT_INFOS = 1 << 11;
        public static final long INFO_MISSING = 1 << 14;
        public static final long INFO_CORRUPTED = 1 << 15;
        public static final long SNAPSET_MISSING = 1 << 16;
        public static final long SNAPSET_CORRUPTED = 1 << 17;
        public static final long SIZE_NOT_OWN_INFOS = 1 << 18;
        public static final long DEEP = READ | DATA_DIGEST_NOT_INFOS | OMAP_DIGEST_NOT_INFOS;

        private void encode(Encoder out) {
            out.struct(3, 3, o -> {
                o.u64(errors).bool(primary);
                if ((errors & MISSING) == 0) {
                    ScrubObject object = java.util.Objects.requireNonNull(found);
                    o.map(object.attributes(), (k, m) -> m.bytes(k), (v, m) -> m.bytes(v))
                            .u64(object.size());
                    digest(object.omapDigest(), o);
                    digest(object.digest(), o);
                    o.bool(selected);
                }
            });
        }

        private static void digest(@Nullable Integer digest, Encoder out) {
            out.bool(digest != null).u32(digest == null ? 0 : digest);
        }

        private static @Nullable Integer digest(Decoder in) {
            boolean present = in.bool();
            int digest = in.i32();
            return present ? digest : null;
        }

        private static Shard decode(Decoder in) {
            return in.struct(3, (b, v) -> {
                long errors = b.u64();
                boolean primary = b.bool();
                if ((errors & MISSING) != 0) {
                    return new Shard(errors, primary, null, false);
                }
                SortedMap<Bytes, Bytes> attributes =
                        new TreeMap<>(b.map(Decoder::name, d -> d.bytes().compact()));
                long size = b.u64();
                Integer omapDigest = digest(b);
                Integer digest = digest(b);
                ScrubObject found = new ScrubObject(
                        size, false, attributes, digest, omapDigest, ScrubObject.Errors.NONE, ScrubObject.Omap.NONE);
                return new Shard(errors, primary, found, b.bool());
            });
        }
    }

    /** An object by its names and snapshot: the pool and the hash are not part of it, and 0 in what is decoded. Ceph: object_id_wrapper. */
    static final Codec<ObjectId> NAME = Codec.of(
            (object, out) -> out.struct(
                    1,
                    1,
                    id -> id.bytes(object.name())
                            .bytes(object.namespace())
                            .bytes(object.key())
                            .u64(object.snap())),
            in -> in.struct(1, (id, version) -> {
                Bytes name = id.name();
                Bytes namespace = id.name();
                Bytes key = id.name();
                return new ObjectId(0, namespace, key, name, id.u64(), 0, false);
            }));

    public static final Codec<InconsistentObject> CODEC =
            Codec.of(InconsistentObject::encode, InconsistentObject::decode);

    public InconsistentObject {
        shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
    }

    private void encode(Encoder out) {
        out.struct(
                2,
                2,
                o -> o.u64(errors)
                        .put(NAME, object)
                        .u64(version)
                        .map(
                                shards,
                                (s, m) -> m.struct(1, 1, k -> k.u32(s.osd()).u8(s.shard())),
                                (s, m) -> s.encode(m))
                        .u64(shardErrors));
    }

    private static InconsistentObject decode(Decoder in) {
        return in.struct(2, (b, v) -> {
            long errors = b.u64();
            ObjectId object = b.get(NAME);
            long version = b.u64();
            SortedMap<PgShard, Shard> shards = new TreeMap<>(b.map(
                    d -> d.struct(1, (k, keyVersion) -> new PgShard(k.i32(), (byte) k.u8())), Shard::decode));
            return new InconsistentObject(errors, object, version, shards, b.u64());
        });
    }
}
