package io.spirula.common.maps;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.IntervalSet;

/** The encoding of a pool as pacific has it: version 29, and 30 for a stretch pool. Source: pg_pool_t::encode (osd/osd_types.cc). */
final class PgPoolCodec {
    private static final int VERSION = 29;
    private static final int STRETCH_VERSION = 30;

    private PgPoolCodec() {}

    static void encode(PgPool p, Encoder out) {
        out.struct(p.isStretchPool() ? STRETCH_VERSION : VERSION, 5, o -> body(p, o));
    }

    private static void body(PgPool p, Encoder o) {
        o.u8(p.type).u8(p.size).u8(p.crushRule).u8(p.objectHash);
        o.u32(p.pgNum).u32(p.pgpNum);
        o.u32(0).u32(0); // localized placement groups, long gone
        o.u32(p.lastChange);
        o.u64(p.snapSeq).u32(p.snapEpoch);
        o.map(p.snaps, (k, e) -> e.u64(k), (v, e) -> e.put(PoolSnap.CODEC, v));
        o.put(IntervalSet.CODEC, p.removedSnaps);
        o.u64(p.auid).u64(p.flags);
        o.u32(0); // the crash replay interval, long gone
        o.u8(p.minSize);
        o.u64(p.quotaMaxBytes).u64(p.quotaMaxObjects);
        o.list(p.tiers, (t, e) -> e.u64(t));
        o.u64(p.tierOf).u8(p.cacheMode).u64(p.readTier).u64(p.writeTier);
        o.put(Sorted.TEXTS, p.properties);
        o.put(HitSetParams.CODEC, p.hitSetParams).u32(p.hitSetPeriod).u32(p.hitSetCount);
        o.u32(p.stripeWidth);
        o.u64(p.targetMaxBytes).u64(p.targetMaxObjects);
        o.u32(p.cacheTargetDirtyRatioMicro).u32(p.cacheTargetFullRatioMicro);
        o.u32(p.cacheMinFlushAge).u32(p.cacheMinEvictAge);
        o.string(p.erasureCodeProfile);
        o.u32(p.lastForceOpResendPreluminous);
        o.u32(p.minReadRecencyForPromote);
        o.u64(p.expectedNumObjects);
        o.u32(p.cacheTargetDirtyHighRatioMicro);
        o.u32(p.minWriteRecencyForPromote);
        o.bool(p.useGmtHitset).bool(p.fastRead);
        o.u32(p.hitSetGradeDecayRate).u32(p.hitSetSearchLastN);
        o.put(PoolOptions.CODEC, p.options);
        o.u32(p.lastForceOpResendPrenautilus);
        o.map(p.applications, (k, e) -> e.string(k), (v, e) -> e.put(Sorted.TEXTS, v));
        o.time(p.createTime);
        o.u32(p.pgNumTarget).u32(p.pgpNumTarget).u32(p.pgNumPending);
        o.u32(0).u32(0); // two epochs of nautilus 14.1
        o.u32(p.lastForceOpResend).u8(p.autoscaleMode);
        o.put(PgMergeMeta.CODEC, p.lastPgMergeMeta);
        if (p.isStretchPool()) {
            o.u32(p.peeringCrushBucketCount).u32(p.peeringCrushBucketTarget);
            o.u32(p.peeringCrushBucketBarrier).u32(p.peeringCrushMandatoryMember);
        }
    }

    static PgPool decode(Decoder in) {
        return in.struct(STRETCH_VERSION, PgPoolCodec::body);
    }

    private static PgPool body(Decoder d, int version) {
        if (version < VERSION) {
            throw new MalformedInput("a pool of version " + version + ", older than nautilus");
        }
        PgPool.Builder p = PgPool.builder();
        p.type(d.u8()).size(d.u8()).crushRule(d.u8()).objectHash(d.u8());
        p.pgNum(d.i32()).pgpNum(d.i32());
        d.skip(8);
        p.lastChange(d.i32());
        p.snapSeq(d.u64()).snapEpoch(d.i32());
        p.snaps(Sorted.map(d, 30, Decoder::u64, e -> e.get(PoolSnap.CODEC)));
        p.removedSnaps(d.get(IntervalSet.CODEC));
        p.auid(d.u64()).flags(d.u64());
        d.skip(4);
        p.minSize(d.u8());
        p.quotaMaxBytes(d.u64()).quotaMaxObjects(d.u64());
        p.tiers(Sorted.set(d, 8, Decoder::u64));
        p.tierOf(d.u64()).cacheMode(d.u8()).readTier(d.u64()).writeTier(d.u64());
        p.properties(d.get(Sorted.TEXTS));
        p.hitSetParams(d.get(HitSetParams.CODEC)).hitSetPeriod(d.i32()).hitSetCount(d.i32());
        p.stripeWidth(d.i32());
        p.targetMaxBytes(d.u64()).targetMaxObjects(d.u64());
        p.cacheTargetDirtyRatioMicro(d.i32()).cacheTargetFullRatioMicro(d.i32());
        p.cacheMinFlushAge(d.i32()).cacheMinEvictAge(d.i32());
        p.erasureCodeProfile(d.string());
        p.lastForceOpResendPreluminous(d.i32());
        p.minReadRecencyForPromote(d.i32());
        p.expectedNumObjects(d.u64());
        p.cacheTargetDirtyHighRatioMicro(d.i32());
        p.minWriteRecencyForPromote(d.i32());
        p.useGmtHitset(d.bool()).fastRead(d.bool());
        p.hitSetGradeDecayRate(d.i32()).hitSetSearchLastN(d.i32());
        p.options(d.get(PoolOptions.CODEC));
        p.lastForceOpResendPrenautilus(d.i32());
        p.applications(Sorted.map(d, 8, Decoder::string, e -> e.get(Sorted.TEXTS)));
        p.createTime(d.time());
        p.pgNumTarget(d.i32()).pgpNumTarget(d.i32()).pgNumPending(d.i32());
        d.skip(8);
        p.lastForceOpResend(d.i32()).autoscaleMode(d.u8());
        p.lastPgMergeMeta(d.get(PgMergeMeta.CODEC));
        if (version >= STRETCH_VERSION) {
            p.peeringCrushBucketCount(d.i32()).peeringCrushBucketTarget(d.i32());
            p.peeringCrushBucketBarrier(d.i32()).peeringCrushMandatoryMember(d.i32());
        }
        return checked(withSnapsMode(p).build());
    }

    /** Says by flag, as pools of old did not, whose the snapshots are. */
    private static PgPool.Builder withSnapsMode(PgPool.Builder p) {
        if (!p.snaps().isEmpty()) {
            p.flag(PoolFlag.POOL_SNAPS, true);
        } else if (!p.removedSnaps().isEmpty()) {
            p.flag(PoolFlag.SELFMANAGED_SNAPS, true);
        }
        return p;
    }

    /** Refuses what placement could not work with. */
    private static PgPool checked(PgPool p) {
        if (p.pgNum <= 0 || p.pgpNum <= 0) {
            throw new MalformedInput("a pool of " + p.pgNum + " placement groups, " + p.pgpNum + " for placement");
        }
        return p;
    }
}
