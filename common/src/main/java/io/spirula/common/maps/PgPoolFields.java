package io.spirula.common.maps;

import io.spirula.common.types.IntervalSet;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.NavigableSet;

/** What a pool consists of, common to the finished one and to one being built; in Ceph's pg_pool_t. */
abstract sealed class PgPoolFields permits PgPool, PgPool.Builder {
    static final int REPLICATED_TYPE = 1;

    int type = REPLICATED_TYPE;
    int size = 0;
    int minSize = 0;
    int crushRule = 0;
    int objectHash = 2;
    int pgNum = 0;
    int pgpNum = 0;
    int pgNumTarget = 0;
    int pgpNumTarget = 0;
    int pgNumPending = 0;
    PgMergeMeta lastPgMergeMeta = PgMergeMeta.NONE;
    int autoscaleMode = 0;
    int lastChange = 0;
    int lastForceOpResend = 0;
    int lastForceOpResendPrenautilus = 0;
    int lastForceOpResendPreluminous = 0;
    long snapSeq = 0;
    int snapEpoch = 0;
    NavigableMap<Long, PoolSnap> snaps = Sorted.none();
    IntervalSet removedSnaps = IntervalSet.EMPTY;
    long auid = 0;
    long flags = 0;
    long quotaMaxBytes = 0;
    long quotaMaxObjects = 0;
    NavigableSet<Long> tiers = Sorted.noneOf();
    long tierOf = -1;
    int cacheMode = 0;
    long readTier = -1;
    long writeTier = -1;
    NavigableMap<String, String> properties = Sorted.none();
    HitSetParams hitSetParams = HitSetParams.NONE;
    int hitSetPeriod = 0;
    int hitSetCount = 0;
    boolean useGmtHitset = true;
    int hitSetGradeDecayRate = 0;
    int hitSetSearchLastN = 0;
    int minReadRecencyForPromote = 0;
    int minWriteRecencyForPromote = 0;
    int stripeWidth = 0;
    long targetMaxBytes = 0;
    long targetMaxObjects = 0;
    int cacheTargetDirtyRatioMicro = 400000;
    int cacheTargetDirtyHighRatioMicro = 600000;
    int cacheTargetFullRatioMicro = 800000;
    int cacheMinFlushAge = 0;
    int cacheMinEvictAge = 0;
    String erasureCodeProfile = "";
    long expectedNumObjects = 0;
    boolean fastRead = false;
    PoolOptions options = PoolOptions.NONE;
    NavigableMap<String, NavigableMap<String, String>> applications = Sorted.none();
    Instant createTime = Instant.EPOCH;
    int peeringCrushBucketCount = 0;
    int peeringCrushBucketTarget = 0;
    int peeringCrushBucketBarrier = 0;
    int peeringCrushMandatoryMember = 0x7fffffff;

    PgPoolFields() {}

    PgPoolFields(PgPoolFields from) {
        type = from.type;
        size = from.size;
        minSize = from.minSize;
        crushRule = from.crushRule;
        objectHash = from.objectHash;
        pgNum = from.pgNum;
        pgpNum = from.pgpNum;
        pgNumTarget = from.pgNumTarget;
        pgpNumTarget = from.pgpNumTarget;
        pgNumPending = from.pgNumPending;
        lastPgMergeMeta = from.lastPgMergeMeta;
        autoscaleMode = from.autoscaleMode;
        lastChange = from.lastChange;
        lastForceOpResend = from.lastForceOpResend;
        lastForceOpResendPrenautilus = from.lastForceOpResendPrenautilus;
        lastForceOpResendPreluminous = from.lastForceOpResendPreluminous;
        snapSeq = from.snapSeq;
        snapEpoch = from.snapEpoch;
        snaps = from.snaps;
        removedSnaps = from.removedSnaps;
        auid = from.auid;
        flags = from.flags;
        quotaMaxBytes = from.quotaMaxBytes;
        quotaMaxObjects = from.quotaMaxObjects;
        tiers = from.tiers;
        tierOf = from.tierOf;
        cacheMode = from.cacheMode;
        readTier = from.readTier;
        writeTier = from.writeTier;
        properties = from.properties;
        hitSetParams = from.hitSetParams;
        hitSetPeriod = from.hitSetPeriod;
        hitSetCount = from.hitSetCount;
        useGmtHitset = from.useGmtHitset;
        hitSetGradeDecayRate = from.hitSetGradeDecayRate;
        hitSetSearchLastN = from.hitSetSearchLastN;
        minReadRecencyForPromote = from.minReadRecencyForPromote;
        minWriteRecencyForPromote = from.minWriteRecencyForPromote;
        stripeWidth = from.stripeWidth;
        targetMaxBytes = from.targetMaxBytes;
        targetMaxObjects = from.targetMaxObjects;
        cacheTargetDirtyRatioMicro = from.cacheTargetDirtyRatioMicro;
        cacheTargetDirtyHighRatioMicro = from.cacheTargetDirtyHighRatioMicro;
        cacheTargetFullRatioMicro = from.cacheTargetFullRatioMicro;
        cacheMinFlushAge = from.cacheMinFlushAge;
        cacheMinEvictAge = from.cacheMinEvictAge;
        erasureCodeProfile = from.erasureCodeProfile;
        expectedNumObjects = from.expectedNumObjects;
        fastRead = from.fastRead;
        options = from.options;
        applications = from.applications;
        createTime = from.createTime;
        peeringCrushBucketCount = from.peeringCrushBucketCount;
        peeringCrushBucketTarget = from.peeringCrushBucketTarget;
        peeringCrushBucketBarrier = from.peeringCrushBucketBarrier;
        peeringCrushMandatoryMember = from.peeringCrushMandatoryMember;
    }

    /** {@link PgPool#REPLICATED} or {@link PgPool#ERASURE}. */
    public final int type() {
        return type;
    }

    /** How many replicas, or chunks, an object has. */
    public final int size() {
        return size;
    }

    /** With fewer than this a placement group does not serve. */
    public final int minSize() {
        return minSize;
    }

    /** The number of the rule in the CRUSH map. */
    public final int crushRule() {
        return crushRule;
    }

    public final int objectHash() {
        return objectHash;
    }

    public final int pgNum() {
        return pgNum;
    }

    /** How many of the placement groups are told apart when placing. */
    public final int pgpNum() {
        return pgpNum;
    }

    public final int pgNumTarget() {
        return pgNumTarget;
    }

    public final int pgpNumTarget() {
        return pgpNumTarget;
    }

    public final int pgNumPending() {
        return pgNumPending;
    }

    public final PgMergeMeta lastPgMergeMeta() {
        return lastPgMergeMeta;
    }

    /** Index into {@link PgPool#AUTOSCALE_MODES}. */
    public final int autoscaleMode() {
        return autoscaleMode;
    }

    /** The epoch of the last change of this pool. */
    public final int lastChange() {
        return lastChange;
    }

    /** Operations sent before this epoch are sent again. */
    public final int lastForceOpResend() {
        return lastForceOpResend;
    }

    public final int lastForceOpResendPrenautilus() {
        return lastForceOpResendPrenautilus;
    }

    public final int lastForceOpResendPreluminous() {
        return lastForceOpResendPreluminous;
    }

    public final long snapSeq() {
        return snapSeq;
    }

    public final int snapEpoch() {
        return snapEpoch;
    }

    /** The pool's own snapshots by id. */
    public final NavigableMap<Long, PoolSnap> snaps() {
        return snaps;
    }

    public final IntervalSet removedSnaps() {
        return removedSnaps;
    }

    public final long auid() {
        return auid;
    }

    /** Bits of {@link PoolFlag}. */
    public final long flags() {
        return flags;
    }

    /** 0: none. */
    public final long quotaMaxBytes() {
        return quotaMaxBytes;
    }

    /** 0: none. */
    public final long quotaMaxObjects() {
        return quotaMaxObjects;
    }

    public final NavigableSet<Long> tiers() {
        return tiers;
    }

    public final long tierOf() {
        return tierOf;
    }

    /** Index into {@link PgPool#CACHE_MODES}. */
    public final int cacheMode() {
        return cacheMode;
    }

    public final long readTier() {
        return readTier;
    }

    public final long writeTier() {
        return writeTier;
    }

    public final NavigableMap<String, String> properties() {
        return properties;
    }

    public final HitSetParams hitSetParams() {
        return hitSetParams;
    }

    /** Seconds. */
    public final int hitSetPeriod() {
        return hitSetPeriod;
    }

    public final int hitSetCount() {
        return hitSetCount;
    }

    public final boolean useGmtHitset() {
        return useGmtHitset;
    }

    public final int hitSetGradeDecayRate() {
        return hitSetGradeDecayRate;
    }

    public final int hitSetSearchLastN() {
        return hitSetSearchLastN;
    }

    public final int minReadRecencyForPromote() {
        return minReadRecencyForPromote;
    }

    public final int minWriteRecencyForPromote() {
        return minWriteRecencyForPromote;
    }

    /** Bytes of object data in one stripe of an erasure-coded pool; 0 for a replicated one. */
    public final int stripeWidth() {
        return stripeWidth;
    }

    public final long targetMaxBytes() {
        return targetMaxBytes;
    }

    public final long targetMaxObjects() {
        return targetMaxObjects;
    }

    public final int cacheTargetDirtyRatioMicro() {
        return cacheTargetDirtyRatioMicro;
    }

    public final int cacheTargetDirtyHighRatioMicro() {
        return cacheTargetDirtyHighRatioMicro;
    }

    public final int cacheTargetFullRatioMicro() {
        return cacheTargetFullRatioMicro;
    }

    /** Seconds. */
    public final int cacheMinFlushAge() {
        return cacheMinFlushAge;
    }

    /** Seconds. */
    public final int cacheMinEvictAge() {
        return cacheMinEvictAge;
    }

    public final String erasureCodeProfile() {
        return erasureCodeProfile;
    }

    public final long expectedNumObjects() {
        return expectedNumObjects;
    }

    public final boolean fastRead() {
        return fastRead;
    }

    public final PoolOptions options() {
        return options;
    }

    /** What the pool is for, with that application's own notes. Ceph: application_metadata. */
    public final NavigableMap<String, NavigableMap<String, String>> applications() {
        return applications;
    }

    public final Instant createTime() {
        return createTime;
    }

    /** Not 0: a stretch pool. */
    public final int peeringCrushBucketCount() {
        return peeringCrushBucketCount;
    }

    public final int peeringCrushBucketTarget() {
        return peeringCrushBucketTarget;
    }

    public final int peeringCrushBucketBarrier() {
        return peeringCrushBucketBarrier;
    }

    public final int peeringCrushMandatoryMember() {
        return peeringCrushMandatoryMember;
    }
}
