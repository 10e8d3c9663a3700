package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rarer settings of a pool, only those that are set. Ceph: pool_opts_t.
 *
 * @param values by number, of which those of pacific are known by {@linkplain #KEYS name}: a String, a Long or a Double
 */
public record PoolOptions(NavigableMap<Integer, Object> values) {
    public static final PoolOptions NONE = new PoolOptions(Sorted.none());
    public static final Codec<PoolOptions> CODEC = Codec.of(PoolOptions::encode, PoolOptions::decode);

    /** The names, in the order of their numbers. */
    public static final List<String> KEYS = List.of(
            "scrub_min_interval",
            "scrub_max_interval",
            "deep_scrub_interval",
            "recovery_priority",
            "recovery_op_priority",
            "scrub_priority",
            "compression_mode",
            "compression_algorithm",
            "compression_required_ratio",
            "compression_max_blob_size",
            "compression_min_blob_size",
            "csum_type",
            "csum_max_block",
            "csum_min_block",
            "fingerprint_algorithm",
            "pg_num_min",
            "target_size_bytes",
            "target_size_ratio",
            "pg_autoscale_bias",
            "read_lease_interval",
            "dedup_tier",
            "dedup_chunk_algorithm",
            "dedup_cdc_chunk_size",
            "pg_num_max");

    private static final int STRING = 0;
    private static final int INT = 1;
    private static final int DOUBLE = 2;

    /** The value of a named option, or null where it is not set. */
    public @Nullable Object value(String key) {
        return values.get(KEYS.indexOf(key));
    }

    /** With an option set to a String, Long or Double, or unset with null. */
    public PoolOptions with(String key, @Nullable Object value) {
        int number = KEYS.indexOf(key);
        if (number < 0) {
            throw new IllegalArgumentException("no pool option '" + key + "'");
        }
        TreeMap<Integer, Object> changed = new TreeMap<>(values);
        if (value == null) {
            changed.remove(number);
        } else {
            changed.put(number, value);
        }
        return new PoolOptions(Sorted.copy(changed));
    }

    private void encode(Encoder out) {
        out.struct(2, 1, o -> o.map(values, (k, e) -> e.u32((int) k), PoolOptions::encodeValue));
    }

    private static void encodeValue(Object value, Encoder out) {
        switch (value) {
            case String s -> out.u32(STRING).string(s);
            case Long n -> out.u32(INT).u64(n);
            case Double d -> out.u32(DOUBLE).f64(d);
            default -> throw new IllegalStateException("a pool option of " + value.getClass());
        }
    }

    private static PoolOptions decode(Decoder in) {
        return in.struct(2, (d, v) -> new PoolOptions(Sorted.map(d, 8, Decoder::i32, b -> decodeValue(b, v))));
    }

    private static Object decodeValue(Decoder in, int version) {
        int type = in.i32();
        return switch (type) {
            case STRING -> in.string();
            case INT -> version >= 2 ? in.u64() : (long) in.i32();
            case DOUBLE -> in.f64();
            default -> throw new MalformedInput("no type of pool option " + type);
        };
    }
}
