package io.spirula.mon.service;

import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.Errno;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the text of a pool's option means, within the limits that Ceph sets. Source: mon/OSDMonitor.cc, prepare_command_pool_set. */
final class PoolOptionValue {
    private static final List<String> COMPRESSION_MODES = List.of("none", "passive", "aggressive", "force");
    private static final List<String> COMPRESSORS = List.of("none", "", "snappy", "zlib", "zstd", "lz4");
    private static final List<String> CHECKSUMS =
            List.of("none", "xxhash32", "xxhash64", "crc32c", "crc32c_16", "crc32c_8");
    /** Number of the first of them, none. Ceph: Checksummer::CSumType. */
    private static final int FIRST_CHECKSUM = 1;

    private final OsdMap map;
    private final PgPool pool;

    PoolOptionValue(OsdMap map, PgPool pool) {
        this.map = map;
        this.pool = pool;
    }

    /** Null where the option goes back to its default. */
    @Nullable
    Object of(String key, String text) {
        if (text.equals("unset")) {
            return null;
        }
        return switch (key) {
            case "scrub_min_interval", "scrub_max_interval", "deep_scrub_interval", "read_lease_interval" ->
                unlessZero(StrictNumbers.real(text));
            case "compression_required_ratio" -> {
                double ratio = StrictNumbers.real(text);
                if (ratio < 0 || ratio > 1) {
                    throw refused("compression_required_ratio is out of range (0-1): '" + text + "'");
                }
                yield unlessZero(ratio);
            }
            case "target_size_ratio" -> {
                double ratio = StrictNumbers.real(text);
                if (ratio < 0) {
                    throw refused("target_size_ratio cannot be negative");
                }
                yield unlessZero(ratio);
            }
            case "pg_autoscale_bias" -> {
                double bias = StrictNumbers.real(text);
                if (bias < 0 || bias > 1000) {
                    throw refused("pg_autoscale_bias must be between 0 and 1000");
                }
                yield unlessZero(bias);
            }
            case "compression_mode" -> oneOf(COMPRESSION_MODES, text, "unrecognized compression mode '" + text + "'");
            case "compression_algorithm" ->
                oneOf(COMPRESSORS, text, "unrecognized compression_algorithm '" + text + "'");
            case "csum_type" -> {
                oneOf(CHECKSUMS, text, "unrecognized csum_type '" + text + "'");
                yield (long) (FIRST_CHECKSUM + CHECKSUMS.indexOf(text));
            }
            case "fingerprint_algorithm", "dedup_chunk_algorithm" -> text;
            case "dedup_tier" -> {
                if (map.poolId(text) < 0) {
                    throw refused("expecting value 'pool name'");
                }
                yield map.poolId(text);
            }
            case "target_size_bytes" -> unlessZero(StrictNumbers.bytes(text, "unit"));
            default -> unlessZero(number(key, StrictNumbers.integer(text)));
        };
    }

    static String checksum(long number) {
        return CHECKSUMS.get((int) number - FIRST_CHECKSUM);
    }

    private long number(String key, long n) {
        switch (key) {
            case "recovery_priority" -> {
                if (n < -10 || n > 10) {
                    throw refused("pool recovery_priority must be between -10 and 10");
                }
            }
            case "pg_num_min" -> {
                if (n > pool.pgNumTarget()) {
                    throw refused("specified pg_num_min " + n + " > pg_num " + pool.pgNumTarget());
                }
            }
            case "pg_num_max" -> {
                if (n != 0 && n < pool.pgNumTarget()) {
                    throw refused("specified pg_num_max " + n + " < pg_num " + pool.pgNumTarget());
                }
            }
            default -> {}
        }
        return n;
    }

    private static @Nullable Object unlessZero(double value) {
        return value == 0 ? null : (Object) value;
    }

    private static @Nullable Object unlessZero(long value) {
        return value == 0 ? null : (Object) value;
    }

    private static String oneOf(List<String> known, String text, String complaint) {
        if (!known.contains(text)) {
            throw refused(complaint);
        }
        return text;
    }

    private static Refusal refused(String text) {
        return new Refusal(Errno.EINVAL, text);
    }
}
