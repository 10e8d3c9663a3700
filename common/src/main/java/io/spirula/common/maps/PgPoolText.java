package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.format.Numbers;
import io.spirula.common.format.Times;
import io.spirula.common.types.IntervalSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A pool as Ceph prints it, as structure and on one line. Source: pg_pool_t::dump and its stream operator (osd/osd_types.cc). */
final class PgPoolText {
    private static final String[] TYPES = {"???", "replicated", "raid4", "erasure"};
    private static final String[] HASHES = {"unknown", "linux", "rjenkins"};

    private PgPoolText() {}

    static String type(PgPool p) {
        return p.type() < TYPES.length ? TYPES[p.type()] : "???";
    }

    private static String mode(java.util.List<String> names, int mode) {
        return mode < names.size() ? names.get(mode) : "???";
    }

    /** The set options by name, in the order in which Ceph prints them. */
    private static NavigableMap<String, Object> options(PgPool p) {
        NavigableMap<String, Object> named = new TreeMap<>();
        p.options().values().forEach((number, value) -> {
            if (number >= 0 && number < PoolOptions.KEYS.size()) {
                named.put(PoolOptions.KEYS.get(number), value);
            }
        });
        return named;
    }

    static String line(PgPool p) {
        StringBuilder out = new StringBuilder(type(p));
        if (p.isErasure()) {
            put(out, "profile", p.erasureCodeProfile());
        }
        put(out, "size", p.size());
        put(out, "min_size", p.minSize());
        put(out, "crush_rule", p.crushRule());
        put(out, "object_hash", p.objectHash() < HASHES.length ? HASHES[p.objectHash()] : HASHES[0]);
        put(out, "pg_num", p.pgNum());
        put(out, "pgp_num", p.pgpNum());
        putIf(p.pgNumTarget() != p.pgNum(), out, "pg_num_target", p.pgNumTarget());
        putIf(p.pgpNumTarget() != p.pgpNum(), out, "pgp_num_target", p.pgpNumTarget());
        putIf(p.pgNumPending() != p.pgNum(), out, "pg_num_pending", p.pgNumPending());
        put(out, "autoscale_mode", mode(PgPool.AUTOSCALE_MODES, p.autoscaleMode()));
        put(out, "last_change", Integer.toUnsignedString(p.lastChange()));
        String resends =
                p.lastForceOpResend() + "/" + p.lastForceOpResendPrenautilus() + "/" + p.lastForceOpResendPreluminous();
        putIf(!resends.equals("0/0/0"), out, "lfor", resends);
        putIf(p.auid() != 0, out, "owner", p.auid());
        putIf(p.flags() != 0, out, "flags", PoolFlag.names(p.flags()));
        putIf(p.quotaMaxBytes() != 0, out, "max_bytes", p.quotaMaxBytes());
        putIf(p.quotaMaxObjects() != 0, out, "max_objects", p.quotaMaxObjects());
        tiering(p, out);
        put(out, "stripe_width", Integer.toUnsignedString(p.stripeWidth()));
        putIf(p.expectedNumObjects() != 0, out, "expected_num_objects", p.expectedNumObjects());
        putIf(p.fastRead(), out, "fast_read", 1);
        options(p).forEach((key, value) -> put(out, key, value instanceof Double d ? Numbers.plain(d) : value));
        putIf(
                !p.applications().isEmpty(),
                out,
                "application",
                String.join(",", p.applications().keySet()));
        return out.toString();
    }

    private static void tiering(PgPool p, StringBuilder out) {
        putIf(
                !p.tiers().isEmpty(),
                out,
                "tiers",
                String.join(",", p.tiers().stream().map(String::valueOf).toList()));
        putIf(p.isTier(), out, "tier_of", p.tierOf());
        putIf(p.readTier() >= 0, out, "read_tier", p.readTier());
        putIf(p.writeTier() >= 0, out, "write_tier", p.writeTier());
        putIf(p.cacheMode() != 0, out, "cache_mode", mode(PgPool.CACHE_MODES, p.cacheMode()));
        putIf(p.targetMaxBytes() != 0, out, "target_bytes", p.targetMaxBytes());
        putIf(p.targetMaxObjects() != 0, out, "target_objects", p.targetMaxObjects());
        HitSetParams hits = p.hitSetParams();
        if (hits.kind() != 0) {
            String params = hits.isBloom()
                    ? hits.name() + "{false_positive_probability: " + Numbers.plain(falsePositives(hits))
                            + ", target_size: " + hits.targetSize() + ", seed: " + hits.seed() + "}"
                    : hits.name() + "{}";
            put(out, "hit_set", params);
            out.append(' ').append(Integer.toUnsignedString(p.hitSetPeriod())).append('s');
            out.append(" x").append(Integer.toUnsignedString(p.hitSetCount()));
            put(out, "decay_rate", p.hitSetGradeDecayRate());
            put(out, "search_last_n", p.hitSetSearchLastN());
        }
        int read = p.minReadRecencyForPromote();
        int write = p.minWriteRecencyForPromote();
        putIf(read != 0, out, "min_read_recency_for_promote", read);
        putIf(write != 0, out, "min_write_recency_for_promote", write);
    }

    private static double falsePositives(HitSetParams hits) {
        return hits.falsePositiveMicro() / 1000000.0;
    }

    private static void putIf(boolean wanted, StringBuilder out, String key, Object value) {
        if (wanted) {
            put(out, key, value);
        }
    }

    private static void put(StringBuilder out, String key, Object value) {
        out.append(' ').append(key).append(' ').append(value);
    }

    static void dump(PgPool p, Formatter f) {
        f.put("create_time", Times.local(p.createTime()));
        f.putUnsigned("flags", p.flags()).put("flags_names", PoolFlag.names(p.flags()));
        f.put("type", p.type()).put("size", p.size()).put("min_size", p.minSize());
        f.put("crush_rule", p.crushRule());
        f.put("peering_crush_bucket_count", p.peeringCrushBucketCount());
        f.put("peering_crush_bucket_target", p.peeringCrushBucketTarget());
        f.put("peering_crush_bucket_barrier", p.peeringCrushBucketBarrier());
        f.put("peering_crush_bucket_mandatory_member", p.peeringCrushMandatoryMember());
        f.put("object_hash", p.objectHash());
        f.put("pg_autoscale_mode", mode(PgPool.AUTOSCALE_MODES, p.autoscaleMode()));
        f.putUnsigned("pg_num", p.pgNum()).putUnsigned("pg_placement_num", p.pgpNum());
        f.putUnsigned("pg_placement_num_target", p.pgpNumTarget());
        f.putUnsigned("pg_num_target", p.pgNumTarget()).putUnsigned("pg_num_pending", p.pgNumPending());
        f.object("last_pg_merge_meta", () -> dump(p.lastPgMergeMeta(), f));
        f.put("last_change", Integer.toUnsignedString(p.lastChange()));
        f.put("last_force_op_resend", Integer.toUnsignedString(p.lastForceOpResend()));
        f.put("last_force_op_resend_prenautilus", Integer.toUnsignedString(p.lastForceOpResendPrenautilus()));
        f.put("last_force_op_resend_preluminous", Integer.toUnsignedString(p.lastForceOpResendPreluminous()));
        f.putUnsigned("auid", p.auid());
        f.put("snap_mode", p.isPoolSnapsMode() ? "pool" : "selfmanaged");
        f.putUnsigned("snap_seq", p.snapSeq()).putUnsigned("snap_epoch", p.snapEpoch());
        f.array(
                "pool_snaps",
                () -> p.snaps()
                        .values()
                        .forEach(s -> f.object(
                                "pool_snap_info",
                                () -> f.putUnsigned("snapid", s.id())
                                        .put("stamp", Times.local(s.stamp()))
                                        .put("name", s.name()))));
        f.put("removed_snaps", p.removedSnaps().toString());
        f.putUnsigned("quota_max_bytes", p.quotaMaxBytes()).putUnsigned("quota_max_objects", p.quotaMaxObjects());
        dumpTiering(p, f);
        f.putUnsigned("stripe_width", p.stripeWidth()).putUnsigned("expected_num_objects", p.expectedNumObjects());
        f.put("fast_read", p.fastRead());
        f.object("options", () -> options(p).forEach((key, value) -> dumpOption(key, value, f)));
        f.object(
                "application_metadata",
                () -> p.applications()
                        .forEach((application, metadata) -> f.object(application, () -> metadata.forEach(f::put))));
    }

    private static void dump(PgMergeMeta m, Formatter f) {
        f.put("source_pgid", m.source().toString());
        f.putUnsigned("ready_epoch", m.readyEpoch());
        f.putUnsigned("last_epoch_started", m.lastEpochStarted());
        f.putUnsigned("last_epoch_clean", m.lastEpochClean());
        f.put("source_version", m.sourceVersion().toString());
        f.put("target_version", m.targetVersion().toString());
    }

    private static void dumpTiering(PgPool p, Formatter f) {
        f.array("tiers", () -> p.tiers().forEach(t -> f.putUnsigned("pool_id", t)));
        f.put("tier_of", p.tierOf()).put("read_tier", p.readTier()).put("write_tier", p.writeTier());
        f.put("cache_mode", mode(PgPool.CACHE_MODES, p.cacheMode()));
        f.putUnsigned("target_max_bytes", p.targetMaxBytes()).putUnsigned("target_max_objects", p.targetMaxObjects());
        f.putUnsigned("cache_target_dirty_ratio_micro", p.cacheTargetDirtyRatioMicro());
        f.putUnsigned("cache_target_dirty_high_ratio_micro", p.cacheTargetDirtyHighRatioMicro());
        f.putUnsigned("cache_target_full_ratio_micro", p.cacheTargetFullRatioMicro());
        f.putUnsigned("cache_min_flush_age", p.cacheMinFlushAge());
        f.putUnsigned("cache_min_evict_age", p.cacheMinEvictAge());
        f.put("erasure_code_profile", p.erasureCodeProfile());
        HitSetParams hits = p.hitSetParams();
        f.object("hit_set_params", () -> {
            f.put("type", hits.name());
            if (hits.isBloom()) {
                f.put("false_positive_probability", falsePositives(hits));
                f.putUnsigned("target_size", hits.targetSize()).putUnsigned("seed", hits.seed());
            }
        });
        f.putUnsigned("hit_set_period", p.hitSetPeriod()).putUnsigned("hit_set_count", p.hitSetCount());
        f.put("use_gmt_hitset", p.useGmtHitset());
        f.putUnsigned("min_read_recency_for_promote", p.minReadRecencyForPromote());
        f.putUnsigned("min_write_recency_for_promote", p.minWriteRecencyForPromote());
        f.putUnsigned("hit_set_grade_decay_rate", p.hitSetGradeDecayRate());
        f.putUnsigned("hit_set_search_last_n", p.hitSetSearchLastN());
        f.array("grade_table", () -> dumpGrades(p, f));
    }

    /** How much an access counts by how many hit sets ago it was, in millionths. */
    private static void dumpGrades(PgPool p, Formatter f) {
        int grade = 1000000;
        for (int i = 0; i < Math.min(p.hitSetCount(), 1000); i++) {
            grade = (int) (grade * (1 - p.hitSetGradeDecayRate() / 100.0));
            f.put("value", grade);
        }
    }

    private static void dumpOption(String key, Object value, Formatter f) {
        switch (value) {
            case Double d -> f.put(key, (double) d);
            case Long n -> f.put(key, (long) n);
            default -> f.put(key, value.toString());
        }
    }

    /** The pool's line with its name, and its snapshots below it. */
    static void print(long id, String name, PgPool p, Map<Long, IntervalSet> removedSnapsQueue, StringBuilder out) {
        out.append("pool ")
                .append(id)
                .append(" '")
                .append(name)
                .append("' ")
                .append(line(p))
                .append('\n');
        for (PoolSnap snap : p.snaps().values()) {
            out.append("\tsnap ")
                    .append(Long.toHexString(snap.id()))
                    .append(" '")
                    .append(snap.name());
            out.append("' ").append(Times.local(snap.stamp())).append('\n');
        }
        if (!p.removedSnaps().isEmpty()) {
            out.append("\tremoved_snaps ").append(p.removedSnaps()).append('\n');
        }
        IntervalSet queue = removedSnapsQueue.get(id);
        if (queue != null) {
            out.append("\tremoved_snaps_queue ").append(queue).append('\n');
        }
    }
}
