package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Arrays;

/** What is counted over objects, for a placement group, a pool or the cluster: one number for each {@link Counter}. Ceph: object_stat_sum_t. */
@SuppressWarnings("EnumOrdinal") // the order of the counters is the order of the encoding
public final class ObjectStats {
    /** What is counted, in the order of the encoding. */
    public enum Counter {
        BYTES("num_bytes"),
        OBJECTS("num_objects"),
        OBJECT_CLONES("num_object_clones"),
        OBJECT_COPIES("num_object_copies"),
        OBJECTS_MISSING_ON_PRIMARY("num_objects_missing_on_primary"),
        OBJECTS_DEGRADED("num_objects_degraded"),
        OBJECTS_UNFOUND("num_objects_unfound"),
        READS("num_read"),
        READ_KIB("num_read_kb"),
        WRITES("num_write"),
        WRITE_KIB("num_write_kb"),
        SCRUB_ERRORS("num_scrub_errors"),
        OBJECTS_RECOVERED("num_objects_recovered"),
        BYTES_RECOVERED("num_bytes_recovered"),
        KEYS_RECOVERED("num_keys_recovered"),
        SHALLOW_SCRUB_ERRORS("num_shallow_scrub_errors"),
        DEEP_SCRUB_ERRORS("num_deep_scrub_errors"),
        OBJECTS_DIRTY("num_objects_dirty"),
        WHITEOUTS("num_whiteouts"),
        OBJECTS_OMAP("num_objects_omap"),
        OBJECTS_HIT_SET_ARCHIVE("num_objects_hit_set_archive"),
        OBJECTS_MISPLACED("num_objects_misplaced"),
        BYTES_HIT_SET_ARCHIVE("num_bytes_hit_set_archive"),
        FLUSHES("num_flush"),
        FLUSH_KIB("num_flush_kb"),
        EVICTIONS("num_evict"),
        EVICT_KIB("num_evict_kb"),
        PROMOTIONS("num_promote"),
        FLUSH_MODE_HIGH("num_flush_mode_high"),
        FLUSH_MODE_LOW("num_flush_mode_low"),
        EVICT_MODE_SOME("num_evict_mode_some"),
        EVICT_MODE_FULL("num_evict_mode_full"),
        OBJECTS_PINNED("num_objects_pinned"),
        OBJECTS_MISSING("num_objects_missing"),
        LEGACY_SNAPSETS("num_legacy_snapsets"),
        LARGE_OMAP_OBJECTS("num_large_omap_objects"),
        OBJECTS_MANIFEST("num_objects_manifest"),
        OMAP_BYTES("num_omap_bytes"),
        OMAP_KEYS("num_omap_keys"),
        OBJECTS_REPAIRED("num_objects_repaired");

        private final String cephName;

        Counter(String cephName) {
            this.cephName = cephName;
        }

        private boolean is32Bit() {
            return ordinal() >= FLUSH_MODE_HIGH.ordinal() && ordinal() <= EVICT_MODE_FULL.ordinal();
        }

        /** As in Ceph's dumps: {@code num_bytes}. */
        @Override
        public String toString() {
            return cephName;
        }
    }

    private static final Counter[] COUNTERS = Counter.values();

    public static final ObjectStats ZERO = new ObjectStats(new long[COUNTERS.length]);
    public static final Codec<ObjectStats> CODEC = Codec.of(ObjectStats::encode, ObjectStats::decode);

    /** The sums behind the frame of a collection that once had categories. Ceph: object_stat_collection_t. */
    public static final Codec<ObjectStats> COLLECTION_CODEC = Codec.of(
            (s, out) -> out.struct(2, 2, o -> o.put(CODEC, s).u32(0)),
            in -> in.struct(2, (body, v) -> body.get(CODEC)));

    private final long[] values;

    private ObjectStats(long[] values) {
        this.values = values;
    }

    public long get(Counter counter) {
        return values[counter.ordinal()];
    }

    public ObjectStats with(Counter counter, long value) {
        long[] copy = values.clone();
        copy[counter.ordinal()] = value;
        return new ObjectStats(copy);
    }

    /** With several counters changed by one copy. */
    public ObjectStats with(Counter[] counters, long... newValues) {
        long[] copy = values.clone();
        for (int i = 0; i < counters.length; i++) {
            copy[counters[i].ordinal()] = newValues[i];
        }
        return new ObjectStats(copy);
    }

    public ObjectStats plus(Counter counter, long delta) {
        return with(counter, get(counter) + delta);
    }

    public ObjectStats plus(ObjectStats other) {
        return combine(other, 1);
    }

    public ObjectStats minus(ObjectStats other) {
        return combine(other, -1);
    }

    /** An equal share for each of {@code parts}, rounded down. */
    public ObjectStats share(int parts) {
        long[] shares = values.clone();
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= parts;
        }
        return new ObjectStats(shares);
    }

    private ObjectStats combine(ObjectStats other, int sign) {
        long[] sum = values.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += sign * other.values[i];
        }
        return new ObjectStats(sum);
    }

    public boolean isZero() {
        return equals(ZERO);
    }

    private void encode(Encoder out) {
        out.struct(20, 14, o -> {
            for (Counter c : COUNTERS) {
                if (c.is32Bit()) {
                    o.u32((int) get(c));
                } else {
                    o.u64(get(c));
                }
            }
        });
    }

    private static ObjectStats decode(Decoder in) {
        return in.struct(20, (body, version) -> {
            long[] values = new long[COUNTERS.length];
            // A sender from before the last few counters ends its structure earlier.
            for (int i = 0; i < values.length && body.hasRemaining(); i++) {
                values[i] = COUNTERS[i].is32Bit() ? body.i32() : body.u64();
            }
            return new ObjectStats(values);
        });
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ObjectStats other && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** The counters that are not 0. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (Counter c : COUNTERS) {
            if (get(c) != 0) {
                text.append(text.length() > 1 ? " " : "").append(c).append('=').append(get(c));
            }
        }
        return text.append('}').toString();
    }
}
