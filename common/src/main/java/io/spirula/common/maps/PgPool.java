package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.format.Formatter;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.PgId;
import io.spirula.crush.CrushHash;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;

/** A pool: how its objects are spread over placement groups and protected, and its settings. Immutable. Ceph: pg_pool_t (osd/osd_types.h). */
public final class PgPool extends PgPoolFields {
    public static final int REPLICATED = REPLICATED_TYPE;
    public static final int ERASURE = 3;
    public static final List<String> AUTOSCALE_MODES = List.of("off", "warn", "on");
    public static final List<String> CACHE_MODES =
            List.of("none", "writeback", "forward", "readonly", "readforward", "readproxy", "proxy");
    public static final Codec<PgPool> CODEC = Codec.of(PgPoolCodec::encode, PgPoolCodec::decode);

    private PgPool(PgPoolFields fields) {
        super(fields);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    public boolean has(PoolFlag flag) {
        return flag.in(flags);
    }

    public boolean isReplicated() {
        return type == REPLICATED;
    }

    public boolean isErasure() {
        return type == ERASURE;
    }

    /** Whether a missing member of an up or acting set closes up instead of leaving a hole. */
    public boolean canShiftOsds() {
        return isReplicated();
    }

    public boolean isStretchPool() {
        return peeringCrushBucketCount != 0;
    }

    public boolean isTier() {
        return tierOf >= 0;
    }

    /** Whether snapshots are made of the whole pool, rather than by clients. */
    public boolean isPoolSnapsMode() {
        return has(PoolFlag.POOL_SNAPS);
    }

    public boolean isUnmanagedSnapsMode() {
        return has(PoolFlag.SELFMANAGED_SNAPS);
    }

    /** The pool's snapshots for writes, newest first; empty where clients manage them. */
    public SnapContext snapContext() {
        return new SnapContext(snapSeq, List.copyOf(snaps.descendingKeySet()));
    }

    /** The hash that places an object: of the namespace, a separator and the locator key or the name. Ceph: pg_pool_t::hash_key. */
    public int hashKey(Bytes keyOrName, Bytes namespace) {
        return ObjectHash.of(objectHash, keyOrName, namespace);
    }

    /** The placement group that a hash belongs to. */
    public int pgOf(int hash) {
        return ObjectHash.stableMod(hash, pgNum, mask(pgNum));
    }

    /** The number with which CRUSH places a placement group. Ceph: raw_pg_to_pps. */
    public int placementSeed(PgId pg) {
        int seed = ObjectHash.stableMod(pg.seed(), pgpNum, mask(pgpNum));
        return has(PoolFlag.HASHPSPOOL) ? CrushHash.hash(seed, (int) pg.pool()) : seed + (int) pg.pool();
    }

    /** The smallest 2^n-1 that covers 0 to count-1. */
    static int mask(int count) {
        return count <= 1 ? 0 : -1 >>> Integer.numberOfLeadingZeros(count - 1);
    }

    /** How many bits a split of the pool has behind it for this placement group. Ceph: get_pg_num_divisor. */
    public int pgNumDivisor(PgId pg) {
        if (pgNum == mask(pgNum) + 1) {
            return pgNum; // a power of two
        }
        int mask = mask(pgNum);
        return (pg.seed() & mask >>> 1) < (pgNum & mask >>> 1) ? mask + 1 : mask + 1 >>> 1;
    }

    /** {@code replicated} or {@code erasure}. */
    public String typeName() {
        return PgPoolText.type(this);
    }

    /** Writes the members of the object that a pool is, without its number and name. */
    public void dump(Formatter f) {
        PgPoolText.dump(this, f);
    }

    /** On one line, without its number and name, as {@code ceph osd pool ls detail} shows it. */
    public String line() {
        return PgPoolText.line(this);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PgPool p && CODEC.toBytes(this).equals(CODEC.toBytes(p));
    }

    @Override
    public int hashCode() {
        return CODEC.toBytes(this).hashCode();
    }

    /** A pool being put together. Starts with what a monitor gives a new pool of its own accord. */
    public static final class Builder extends PgPoolFields {
        private Builder() {}

        private Builder(PgPool from) {
            super(from);
        }

        public PgPool build() {
            return new PgPool(this);
        }

        public Builder flag(PoolFlag flag, boolean set) {
            flags = set ? flags | flag.mask() : flags & ~flag.mask();
            return this;
        }

        public Builder type(int value) {
            type = value;
            return this;
        }

        public Builder size(int value) {
            size = value;
            return this;
        }

        public Builder minSize(int value) {
            minSize = value;
            return this;
        }

        public Builder crushRule(int value) {
            crushRule = value;
            return this;
        }

        public Builder objectHash(int value) {
            objectHash = value;
            return this;
        }

        public Builder pgNum(int value) {
            pgNum = value;
            return this;
        }

        public Builder pgpNum(int value) {
            pgpNum = value;
            return this;
        }

        public Builder pgNumTarget(int value) {
            pgNumTarget = value;
            return this;
        }

        public Builder pgpNumTarget(int value) {
            pgpNumTarget = value;
            return this;
        }

        public Builder pgNumPending(int value) {
            pgNumPending = value;
            return this;
        }

        public Builder lastPgMergeMeta(PgMergeMeta value) {
            lastPgMergeMeta = value;
            return this;
        }

        public Builder autoscaleMode(int value) {
            autoscaleMode = value;
            return this;
        }

        public Builder lastChange(int value) {
            lastChange = value;
            return this;
        }

        public Builder lastForceOpResend(int value) {
            lastForceOpResend = value;
            return this;
        }

        public Builder lastForceOpResendPrenautilus(int value) {
            lastForceOpResendPrenautilus = value;
            return this;
        }

        public Builder lastForceOpResendPreluminous(int value) {
            lastForceOpResendPreluminous = value;
            return this;
        }

        public Builder snapSeq(long value) {
            snapSeq = value;
            return this;
        }

        public Builder snapEpoch(int value) {
            snapEpoch = value;
            return this;
        }

        public Builder snaps(NavigableMap<Long, PoolSnap> value) {
            snaps = value;
            return this;
        }

        public Builder removedSnaps(IntervalSet value) {
            removedSnaps = value;
            return this;
        }

        public Builder auid(long value) {
            auid = value;
            return this;
        }

        public Builder flags(long value) {
            flags = value;
            return this;
        }

        public Builder quotaMaxBytes(long value) {
            quotaMaxBytes = value;
            return this;
        }

        public Builder quotaMaxObjects(long value) {
            quotaMaxObjects = value;
            return this;
        }

        public Builder tiers(NavigableSet<Long> value) {
            tiers = value;
            return this;
        }

        public Builder tierOf(long value) {
            tierOf = value;
            return this;
        }

        public Builder cacheMode(int value) {
            cacheMode = value;
            return this;
        }

        public Builder readTier(long value) {
            readTier = value;
            return this;
        }

        public Builder writeTier(long value) {
            writeTier = value;
            return this;
        }

        public Builder properties(NavigableMap<String, String> value) {
            properties = value;
            return this;
        }

        public Builder hitSetParams(HitSetParams value) {
            hitSetParams = value;
            return this;
        }

        public Builder hitSetPeriod(int value) {
            hitSetPeriod = value;
            return this;
        }

        public Builder hitSetCount(int value) {
            hitSetCount = value;
            return this;
        }

        public Builder useGmtHitset(boolean value) {
            useGmtHitset = value;
            return this;
        }

        public Builder hitSetGradeDecayRate(int value) {
            hitSetGradeDecayRate = value;
            return this;
        }

        public Builder hitSetSearchLastN(int value) {
            hitSetSearchLastN = value;
            return this;
        }

        public Builder minReadRecencyForPromote(int value) {
            minReadRecencyForPromote = value;
            return this;
        }

        public Builder minWriteRecencyForPromote(int value) {
            minWriteRecencyForPromote = value;
            return this;
        }

        public Builder stripeWidth(int value) {
            stripeWidth = value;
            return this;
        }

        public Builder targetMaxBytes(long value) {
            targetMaxBytes = value;
            return this;
        }

        public Builder targetMaxObjects(long value) {
            targetMaxObjects = value;
            return this;
        }

        public Builder cacheTargetDirtyRatioMicro(int value) {
            cacheTargetDirtyRatioMicro = value;
            return this;
        }

        public Builder cacheTargetDirtyHighRatioMicro(int value) {
            cacheTargetDirtyHighRatioMicro = value;
            return this;
        }

        public Builder cacheTargetFullRatioMicro(int value) {
            cacheTargetFullRatioMicro = value;
            return this;
        }

        public Builder cacheMinFlushAge(int value) {
            cacheMinFlushAge = value;
            return this;
        }

        public Builder cacheMinEvictAge(int value) {
            cacheMinEvictAge = value;
            return this;
        }

        public Builder erasureCodeProfile(String value) {
            erasureCodeProfile = value;
            return this;
        }

        public Builder expectedNumObjects(long value) {
            expectedNumObjects = value;
            return this;
        }

        public Builder fastRead(boolean value) {
            fastRead = value;
            return this;
        }

        public Builder options(PoolOptions value) {
            options = value;
            return this;
        }

        public Builder applications(NavigableMap<String, NavigableMap<String, String>> value) {
            applications = value;
            return this;
        }

        public Builder createTime(Instant value) {
            createTime = value;
            return this;
        }

        public Builder peeringCrushBucketCount(int value) {
            peeringCrushBucketCount = value;
            return this;
        }

        public Builder peeringCrushBucketTarget(int value) {
            peeringCrushBucketTarget = value;
            return this;
        }

        public Builder peeringCrushBucketBarrier(int value) {
            peeringCrushBucketBarrier = value;
            return this;
        }

        public Builder peeringCrushMandatoryMember(int value) {
            peeringCrushMandatoryMember = value;
            return this;
        }
    }
}
